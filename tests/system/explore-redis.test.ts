/** An exploration through Redis: workers come and are lost, Redis forgets everything, and every seed is counted once. */

import { Queue, QueueEvents } from 'bullmq';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectionTo, QUEUE } from '../../src/cli/explore/redis/queue.ts';
import { chapterFile } from '../../src/cli/chapters.ts';
import { sourceHash } from '../../src/cli/page/source-hash.ts';
import { parley, Shell } from '../e2e/cli-process.ts';
import { noRedis, RedisServer } from '../support/redis-server.ts';
import { describeUnless } from '../support/skip.ts';

let redis: RedisServer;
let shells: Shell[];

/** Enough for several batches of each worker. */
const WORDS = ['explore', '-a', 'bracha', '-c', 'configs/bracha.yaml', '--seeds', '400', '--json'];

function begin(...words: string[]): Shell {
  const shell = new Shell([...words, '--redis', redis.url]);
  shells.push(shell);
  return shell;
}

async function worker(): Promise<Shell> {
  const shell = begin('worker', '--jobs', '1');
  await shell.until(/takes jobs/);
  return shell;
}

/** What does not depend on the clock. */
function findings(json: string): object {
  const { elapsed_ms: _, ...rest } = JSON.parse(json) as Record<string, unknown>;
  return rest;
}

describeUnless(noRedis)('an exploration through Redis', () => {
  beforeEach(async () => {
    redis = await RedisServer.start();
    shells = [];
  });
  afterEach(async () => {
    for (const shell of shells) shell.kill('SIGKILL');
    await Promise.all(shells.map(({ finished }) => finished));
    await redis.kill();
  });

  test('comes to what threads come to, though a worker is lost in the middle', async () => {
    const [lost, left] = [await worker(), await worker()];
    const exploration = begin(...WORDS);
    await lost.until(/\d+ seeds,/);
    await loseWithAJob(lost);
    const { status, stdout, stderr } = await exploration.finished;
    expect(status, stderr).toBe(0);
    expect(left.stderr).toContain('was lost: its seeds are run again');
    expect(findings(stdout)).toMatchObject({ algorithm: 'bracha', seeds: 400, ok: true });
    expect(findings(stdout)).toEqual(findings((await parley(WORDS)).stdout));
  });

  test('finds and makes smaller what threads find', async () => {
    const words = ['explore', '-a', 'bracha', '-c', 'configs/bracha.yaml', '--seeds', '1..1'];
    const broken = [...words, '--break', 'skip-echo-quorum', '--json'];
    await worker();
    const { status, stdout, stderr } = await begin(...broken).finished;
    expect(status, stderr).toBe(1);
    expect(findings(stdout)).toEqual(findings((await parley(broken)).stdout));
  });

  test('goes on when Redis has forgotten everything', async () => {
    const helper = await worker();
    const exploration = begin(...WORDS);
    await helper.until(/\d+ seeds,/);
    await redis.kill();
    await exploration.until(/waiting for it to come back/);
    await redis.start();
    const { status, stdout, stderr } = await exploration.finished;
    expect(status, stderr).toBe(0);
    expect(findings(stdout)).toMatchObject({ seeds: 400, ok: true });
  });

  test('says that nobody is there, and what was found when it is ended', async () => {
    const exploration = begin(...WORDS);
    await exploration.until(/no worker is there yet/);
    exploration.kill('SIGINT');
    const { status, stdout } = await exploration.finished;
    expect(status).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ seeds: 0, failures: [] });
  });

  test('leaves files at home', async () => {
    const { status, stderr } = await begin('explore', '-a', './mine.ts', '-c', 'x.yaml').finished;
    expect(status).toBe(2);
    expect(stderr).toContain('workers run only what is installed there, and ./mine.ts is a file');
  });

  test('a worker refuses what is not installed there, and ends when it is told to', async () => {
    const helper = await worker();
    const hash = sourceHash(chapterFile('echo'));
    const run = {
      ...{ algorithm: 'echo', hash, config: 'n1: { start_node: true }', format: 'json' },
      ...{ timeoutMs: 1000, serviceMs: 1000 },
    };
    const job = { kind: 'seeds', from: 0, to: 1 };
    const { ask, close } = await client();
    expect(await ask(run, job)).toMatchObject({ kind: 'seeds', seeds: 2 });
    const other = { ...run, hash: '0'.repeat(64) };
    expect(await ask(other, job)).toMatch(/another echo than the one/);
    expect(await ask({ ...run, algorithm: './mine.ts' }, job)).toMatch(/is a file/);
    expect(await ask({ ...run, source: 'export {}' }, job)).toMatch(/is a file/);
    expect(await ask(run, { ...job, to: 1e9 })).toMatch(/one job can have/);
    expect(await ask({ ...run, timeoutMs: -1 }, job)).toMatch(/timeoutMs/);
    expect(await ask({ ...run, config: 'n1: { start: 1 }' }, job)).toMatch(/start_node/);
    await close();
    helper.kill('SIGINT');
    expect((await helper.finished).status).toBe(130);
  });
});

/** Ends a worker at a moment at which it has a job: held still, it is one of two that have. */
async function loseWithAJob(shell: Shell): Promise<void> {
  for (;;) {
    shell.kill('SIGSTOP');
    const active = await redis.ask((connection) => connection.llen(`bull:${QUEUE}:active`));
    if (active === 2) break;
    shell.kill('SIGCONT');
    await redis.ask((connection) => connection.ping());
  }
  shell.kill('SIGKILL');
}

/** Puts jobs into the queue by hand; the answer, or why it was refused. */
async function client() {
  const connection = connectionTo(redis.url);
  const queue = new Queue(QUEUE, { connection });
  const events = new QueueEvents(QUEUE, { connection });
  await events.waitUntilReady();
  const rest = { shrinkRuns: 1, continuations: 0, lab: 'http://localhost:9000/' };
  return {
    ask: async (run: object, job: object): Promise<unknown> => {
      const data = { exploration: { run, ...rest }, job };
      const added = await queue.add('seeds', data);
      return added.waitUntilFinished(events).catch((error: Error) => error.message);
    },
    close: () => Promise.all([queue.close(), events.close()]),
  };
}
