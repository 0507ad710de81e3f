/** Tabs whose pages are at different servers find each other through Redis and run an algorithm over their own links. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { LiveLab } from '../support/live-page.ts';
import { noRedis, RedisServer } from '../support/redis-server.ts';
import { describeUnless } from '../support/skip.ts';
import { Fixture } from '../unit/signaling/support.ts';

const nodes = ['n1', 'n2', 'n3', 'n4'];
const bracha = [
  'n1: { is_sender: true, broadcast_value: over two servers }',
  ...nodes.slice(1).map((id) => `${id}: { is_sender: false }`),
].join('\n');

describeUnless(noRedis)('a run', () => {
  const fixture = new Fixture();
  let lab: LiveLab;
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await RedisServer.start();
    fixture.later(() => redis.kill());
    lab = await LiveLab.open();
    fixture.later(() => lab.close());
  });
  afterAll(() => fixture.close());

  test('of tabs at two servers delivers at all of them', async () => {
    const options = { redis: redis.url, requireKey: true };
    const servers = [await fixture.server(options), await fixture.server(options)];
    const run = await lab.newRun({ algorithm: 'bracha', config: bracha });
    for (const [index, node] of nodes.entries()) {
      const tab = await run.openTab();
      run.signalAuthority = `127.0.0.1:${servers[index % 2]!.port}`;
      await run.start(tab, node);
    }
    const results = Object.values(await run.results(nodes));
    expect(results.map(({ status }) => status)).toEqual(nodes.map(() => 'terminated'));
    for (const { report } of results) {
      expect(report).toMatchObject({ delivered_value: 'over two servers' });
    }
    expect(run.pageErrors).toEqual([]);
    await run.close();
  });
});
