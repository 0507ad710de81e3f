/** `parley pubsub` as its help shows it: what one tab publishes another delivers, in order, and a group that is started again remembers. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parley, Shell } from './cli-process.ts';

function newFolder(): string {
  const cwd = mkdtempSync(path.join(tmpdir(), 'parley-pubsub-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  return cwd;
}

test('publish in one tab, delivered in another; measured; and there when it is started again', async () => {
  const cwd = newFolder();
  const ask = (...words: string[]) => parley(['pubsub', ...words], { cwd });
  const shell = new Shell(['pubsub', 'start'], { cwd });
  onTestFinished(async () => {
    shell.kill('SIGTERM');
    await shell.finished;
  });
  await shell.until(/Ctrl-C ends them/);

  const reader = new Shell(
    ['pubsub', 'subscribe', 'chat/#', '--at', 'n2', '--count', '3', '--json'],
    { cwd },
  );
  await reader.until(/subscribed at n2/);
  for (const [text, at] of [
    ['one', 'n1'],
    ['two', 'n3'],
    ['three', 'n1'],
  ] as const) {
    expect(await ask('publish', 'chat/general', text, '--at', at)).toMatchObject({ status: 0 });
  }
  const { stdout, status } = await reader.finished;
  expect(status).toBe(0);
  const heard = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { payload: string });
  expect(heard.map(({ payload }) => payload)).toEqual(['one', 'two', 'three']);

  expect((await ask('list')).stdout).toMatch(/n2 {2}published 0, delivered 3\n {4}causal chat\/#/);
  expect(await ask('unsubscribe', 'chat/#', '--at', 'n2')).toMatchObject({ status: 0 });
  const measured = await ask('bench', 'latency', '--messages', '20', '--rate', '50', '--json');
  expect(JSON.parse(measured.stdout)).toMatchObject({
    messages: 20,
    delivered: 40,
    lost: 0,
    duplicates: 0,
  });

  const refused = await ask('unsubscribe', 'chat/#', '--at', 'n2');
  expect(refused).toMatchObject({ status: 1 });
  expect(refused.stderr).toContain('n2 has no subscription to chat/# in causal order');
  const second = await ask('start');
  expect(second).toMatchObject({ status: 2 });
  expect(second.stderr).toContain('a group runs in parley-pubsub already');
  expect(await ask('stop')).toMatchObject({ status: 0 });
  await shell.finished;

  // No group runs: the command starts it again for itself, and what was said is there.
  const again = await ask(
    'subscribe',
    'chat/+',
    '--history',
    '--count',
    '3',
    '--at',
    'n3',
    '--json',
  );
  expect(again.stderr).toContain('starting one for this command');
  expect(again.stdout.match(/"how":"history"/g)?.length).toBe(3);
});

test('wrong use is explained', async () => {
  const cwd = newFolder();
  for (const [words, problem] of [
    [['stop'], 'no group runs in parley-pubsub'],
    [['list', '--dir', import.meta.filename], 'cannot be a folder'],
    [['start', '--dir', '/proc/x'], '--dir /proc/x cannot be a folder'],
    [['bench', 'luck'], 'Allowed choices are latency, throughput, reliability, partition'],
    [['start', '--metrics', 'no/such/file'], '--metrics no/such/file: ENOENT'],
    [['start', '--members', '0'], 'It must be a whole number from 1 to 9'],
    [['subscribe', 'a', '--order', 'random'], 'Allowed choices are fifo, causal, total'],
    [['publish', 'a'], "missing required argument 'text'"],
  ] as const) {
    const { status, stderr } = await parley(['pubsub', ...words], { cwd });
    expect(stderr).toContain(problem);
    expect(status).toBe(2);
  }
});

test('a room of others: what is wrong with its address is said', async () => {
  const cwd = newFolder();
  const publish = (...words: string[]) =>
    parley(['pubsub', 'publish', 'general', 'hello', ...words], { cwd });
  const there = ['--server', 'http://localhost:1'];
  const [alone, cut, nameless, odd] = await Promise.all([
    publish(...there),
    publish(...there, '--room', 'T3-7KQ2MX#ABC'),
    publish(...there, '--room', 'HELLO'),
    publish('--server', 'localhost', '--room', 'T3-7KQ2MX'),
  ]);
  for (const { status } of [alone, cut, nameless, odd]) expect(status).toBe(2);
  expect(alone.stderr).toContain('--server and --room go together');
  expect(cut.stderr).toContain('has 3 characters instead of 28');
  expect(nameless.stderr).toContain('--names is missing');
  expect(odd.stderr).toContain('is no address like');
});
