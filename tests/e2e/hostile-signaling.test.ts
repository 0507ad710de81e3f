/** A signaling server can refuse its service. It cannot sit in the middle, and what it repeats, mixes up or invents does no harm. */

import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { Random } from '../../src/core/random.ts';
import { keyPairFrom } from '../../src/net/ed25519.ts';
import { toHex } from '../../src/net/hex.ts';
import { CHANNEL_OPTIONS } from '../../src/net/rtc-channel.ts';
import { HostileSignaling, type Intercept, type Said } from '../support/hostile-signaling.ts';
import { LiveLab, testAlgorithm } from '../support/live-page.ts';
import type { LiveRun } from '../support/live-run.ts';
import { becomeMiddle, type MiddleSignal, type MiddleWindow } from '../support/middle-page.ts';
import { test, testThoroughly } from '../support/often.ts';

let lab: LiveLab;
beforeAll(async () => {
  lab = await LiveLab.open();
});
afterAll(() => lab?.close());

const COUNT = 60;

async function behind(ids: readonly string[], intercept: Intercept) {
  const hostile = await HostileSignaling.start(lab.authority, intercept);
  onTestFinished(() => hostile.close());
  const config = ids.map((id) => `${id}: { count: ${COUNT} }`).join('\n');
  const run = await lab.newRun({ algorithm: testAlgorithm('Courier'), config });
  onTestFinished(() => run.close());
  run.signalAuthority = hostile.authority;
  return { hostile, run };
}

/** Everybody got everything once and in order. */
async function expectWhole(run: LiveRun, ids: readonly string[]): Promise<void> {
  for (const [id, result] of Object.entries(await run.results(ids))) {
    const others = ids.filter((other) => other !== id);
    expect(result).toMatchObject({
      status: 'terminated',
      report: { received: Object.fromEntries(others.map((other) => [other, COUNT])), wrong: 0 },
      dropped: {},
    });
  }
}

test('who sits in the middle with certificates of his own is refused, and named', async () => {
  const middle = await (await lab.browser.newContext()).newPage();
  await middle.goto(`http://${lab.authority}/health`);
  const signals: [side: 'offers' | 'answers', data: MiddleSignal][] = [];
  const attempt = { name: '' };
  const { hostile, run } = await behind(['n1', 'n2'], (client, message) => {
    const payload = message['payload'] as Said | undefined;
    if (message['type'] !== 'signal' || payload?.['parley'] !== 'link') return [message];
    // Of the attempts that follow the first, none leads anywhere.
    attempt.name ||= String(payload['attempt']);
    if (payload['attempt'] === attempt.name) {
      signals.push([client.node === 'n1' ? 'offers' : 'answers', payload['data'] as MiddleSignal]);
    }
    return [];
  });
  await middle.exposeFunction('middleSays', (side: 'offers' | 'answers', data: MiddleSignal) => {
    const [to, from] = side === 'offers' ? ['n1', 'n2'] : ['n2', 'n1'];
    const { member, incarnation } = hostile.client(from);
    const payload = { parley: 'link', runId: run.runId, attempt: attempt.name, data };
    hostile
      .client(to)
      .tell({ type: 'signal', from: member, fromIncarnation: incarnation, payload });
  });
  const ids = Object.values(CHANNEL_OPTIONS).map(({ id }) => id!);
  await middle.evaluate(becomeMiddle, ids);
  const feeding = setInterval(() => {
    for (const [side, data] of signals.splice(0)) {
      void middle.evaluate((given) => (window as unknown as MiddleWindow).middleSignal(...given), [
        side,
        data,
      ] as const);
    }
  }, 20);
  onTestFinished(() => clearInterval(feeding));

  await run.startTabs(['n1', 'n2']);
  await run.until('one of the two to name who sits in between', () =>
    [...run.lines('n1'), ...run.lines('n2')].find((line) => /somebody sits between/.test(line)),
  );
  // It had really come between them: the first frames went through its hands.
  expect(
    await middle.evaluate(() => (window as unknown as MiddleWindow).middlePassed),
  ).toBeGreaterThan(0);
  await run.stop('timeout');
  for (const { status, report } of Object.values(await run.results(['n1', 'n2']))) {
    expect(status).toBe('timeout');
    expect(report).toMatchObject({ received: {}, beats: 0 });
  }
});

testThoroughly(
  'what is repeated, mixed up, left out and invented keeps nobody from meeting',
  async () => {
    const random = Random.stream(11, 'hostile server');
    const held: Said[] = [];
    const heard: Said[] = [];
    const ids = ['n1', 'n2', 'n3'];
    const { hostile, run } = await behind(ids, (client, message) => {
      if (message['type'] !== 'signal') return [message];
      heard.push(message);
      // The first offer never arrives; later signals come twice, behind others, and among old ones.
      if (heard.length === 1) return [];
      client.tell({ type: 'signal', from: client.member, fromIncarnation: 1, payload: message });
      client.tell({ type: 'broadcast', from: 'nobody-at-all', payload: { parley: 'death' } });
      if (random.chance(0.3)) {
        held.push(message);
        return [];
      }
      const old = heard[random.integer(0, heard.length - 1)]!;
      return [message, ...held.splice(0), message, old];
    });
    await run.startTabs(ids);
    await expectWhole(run, ids);
    expect(heard.length).toBeGreaterThan(10);
    expect(hostile.clients.length).toBeGreaterThanOrEqual(ids.length);
    expect(run.pageErrors).toEqual([]);
  },
);

testThoroughly('another key for a node that has shown one is ignored, and said', async () => {
  const publicKey = toHex(keyPairFrom(new Uint8Array(32).fill(9)).publicKey);
  let isForged = false;
  const { hostile, run } = await behind(['n1', 'n2'], (client, message) => {
    // Who says something to n2 has been shown its key; and before that has arrived, the run cannot end.
    if (client.node === 'n1' && message['type'] === 'signal' && !isForged) {
      isForged = true;
      const { member } = hostile.client('n2');
      const forged = { member, incarnation: 99, order: 1, node: 'n2', publicKey };
      client.tell({ type: 'joined', member: forged });
    }
    return [message];
  });
  await run.startTabs(['n1', 'n2']);
  await run.said('n1', /^somebody shows another key for n2 than before: it is ignored$/);
  await expectWhole(run, ['n1', 'n2']);
});
