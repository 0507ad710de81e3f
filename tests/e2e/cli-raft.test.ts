/** `parley raft` as the guide shows it: tabs that are killed, commands that are refused, and a cluster that remembers. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parley, ROOT, Shell } from './cli-process.ts';

interface Status {
  readonly nodes: Record<string, { kind: string; status?: { role: string; voters: string[] } }>;
}

async function start(cwd: string): Promise<Shell> {
  const shell = new Shell(['raft', 'start', '--machine', 'bank'], { cwd });
  // A test that fails leaves no browser behind. After an orderly end there is nobody to hear it.
  onTestFinished(async () => {
    shell.kill('SIGTERM');
    await shell.finished;
  });
  await shell.until(/Ctrl-C ends them/);
  return shell;
}

test('the commands of the guide do what it says, and a cluster that is started again has everything', async () => {
  const cwd = mkdtempSync(path.join(tmpdir(), 'parley-raft-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  const ask = (...words: string[]) => parley(['raft', ...words], { cwd });
  const value = async (...words: string[]): Promise<unknown> => {
    const { status, stdout, stderr } = await ask(...words);
    expect(status, stderr).toBe(0);
    return stdout.startsWith('done') ? undefined : JSON.parse(stdout);
  };
  const states = async () => (JSON.parse((await ask('status', '--json')).stdout) as Status).nodes;

  const first = await start(cwd);
  await value('propose', '{"do":"open","account":"ann","owner":"Ann"}');
  expect(
    await value('propose', '{"do":"deposit","account":"ann","cents":500}', '--at', 'n2'),
  ).toEqual({ ann: 500 });
  const refused = await ask('propose', '{"do":"withdraw","account":"ann","cents":501}');
  expect(refused).toMatchObject({ status: 1 });
  expect(refused.stdout).toContain('ann has only 500 cents');

  await value('add', 'n4');
  await value('transfer', 'n2');
  await value('down', 'n1');
  expect(await value('propose', '{"do":"deposit","account":"ann","cents":1}')).toEqual({
    ann: 501,
  });
  await value('remove', 'n1');
  await value('snapshot');
  const nodes = await states();
  expect(nodes['n1']).toEqual({ kind: 'down' });
  const leaders = Object.values(nodes).filter(({ status }) => status?.role === 'leader');
  expect(leaders.map(({ status }) => status!.voters)).toEqual([['n2', 'n3', 'n4']]);
  await value('stop');
  expect(await first.finished).toMatchObject({ status: 0 });

  const second = await start(cwd);
  expect(await value('read', '{"of":"accounts"}')).toEqual([
    { account: 'ann', owner: 'Ann', balance: 501 },
  ]);
  await value('stop');
  await second.finished;
});

test('wrong use is explained', async () => {
  const cwd = mkdtempSync(path.join(tmpdir(), 'parley-raft-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  for (const [words, problem] of [
    [['status'], 'no cluster runs in parley-raft'],
    [['propose', '{"do":'], 'is no JSON'],
    [['start', '--machine', 'casino'], 'Allowed choices are key-value, counters, bank, auction'],
    [['start', '--nodes', '0'], 'It must be a whole number from 1 to 9'],
  ] as const) {
    const { status, stderr } = await parley(['raft', ...words], { cwd });
    expect(stderr).toContain(problem);
    expect(status).toBe(2);
  }
});

test('the guide shows commands that there are', async () => {
  const guide = readFileSync(path.join(ROOT, 'docs/raft.md'), 'utf8');
  const shown = [...guide.matchAll(/^npx parley raft (\w+)/gm)].map(([, name]) => name!);
  const { stdout } = await parley(['raft', '--help']);
  expect(shown.length).toBeGreaterThan(8);
  for (const name of shown) expect(stdout).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
});
