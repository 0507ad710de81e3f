/**
 * Live runs over real data channels, recorded in their workers and replayed here: the same states and the same messages, event by event,
 * whatever the weather, and though a worker dies or a tab is reloaded.
 */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { planOf } from '../../src/lab/run-spec.ts';
import { LiveLab, testAlgorithm } from '../support/live-page.ts';
import { Diary, Outlaw } from '../support/live-nodes.ts';
import { test, testThoroughly } from '../support/often.ts';
import { Folder, parley, ROOT, runJson } from './cli-process.ts';
import { recordedChapters, replayOf } from './recording.suite.ts';

let lab: LiveLab;
beforeAll(async () => {
  lab = await LiveLab.open();
});
afterAll(() => lab?.close());

// One with elections; tests/system has all.
recordedChapters(['raft'], () => lab);

test('a worker that dies: its recording ends where it was, and those of the others are whole', async () => {
  const nodes = ['n1', 'n2', 'n3'];
  const config = nodes.map((id) => `${id}: {}\n`).join('');
  const run = await lab.newRun({ algorithm: testAlgorithm('Outlaw'), config, records: true });
  await run.start(await run.openTab(), ...nodes);
  const results = await run.results(nodes);
  expect(results['n2']).toMatchObject({ status: 'failed' });
  const { plan } = planOf(run.job().spec, { name: 'outlaw', algorithm: Outlaw });
  const lives = await replayOf(run, plan, { exactTrace: false });
  expect(lives.map(({ read }) => read.ending)).toEqual(['ended', 'cut off', 'ended']);
  await run.close();
});

testThoroughly(
  'a tab that is reloaded: two lives, and the second finds what the first one stored',
  async () => {
    const config = 'n1: {}\nn2: {}\n';
    const run = await lab.newRun({ algorithm: testAlgorithm('Diary'), config, records: true });
    const [page, other] = await Promise.all([run.openTab(), run.openTab()]);
    await Promise.all([run.start(page, 'n1'), run.start(other, 'n2')]);
    await Promise.all(['n1', 'n2'].map((id) => run.said(id, /^load 1, restarted false$/)));
    await page.reload();
    await run.start(page, 'n1');
    await run.results(['n1', 'n2']);
    const { plan } = planOf(run.job().spec, { name: 'diary', algorithm: Diary });
    const lives = await replayOf(run, plan, { exactTrace: false });
    expect(lives.map(({ life: { node, restarted } }) => [node, restarted])).toEqual([
      ...[
        ['n1', false],
        ['n1', true],
        ['n2', false],
      ],
    ]);
    expect(lives.at(1)!.read.result!.line.report).toMatchObject({ loads: 2 });
    await run.close();
  },
);

describe('on the command line', () => {
  let folder: Folder;
  beforeAll(() => {
    folder = new Folder();
  });
  afterAll(() => folder.remove());

  test('run --record, replay: the same, to the byte of the trace; a changed delivery is found', async () => {
    const recording = path.join(folder.path, 'run.ndjson');
    const [live, again] = ['live', 'again'].map((name) => path.join(folder.path, `${name}.ndjson`));
    const chapter = ['-c', path.join(ROOT, 'configs/message_chain.yaml'), '-a', 'message_chain'];
    const faults = ['--faults', 'latency: 1-30'];
    await runJson([...chapter, ...faults, '-m', 'local', '--record', recording, '--trace', live!]);

    const same = await parley(['replay', recording, '--trace', again!]);
    expect(same.stdout, same.stderr).toMatch(/^message_chain as it was recorded \(local, json, /);
    expect(same.status).toBe(0);
    expect(readFileSync(again!, 'utf8')).toBe(readFileSync(live!, 'utf8'));

    const lines = readFileSync(recording, 'utf8').split('\n');
    const at = lines.findLastIndex((line) => line.includes('"kind":"message"'));
    const [before, behind] = lines[at]!.split('"envelope":[');
    const text = lines.with(at, `${before}"envelope":[${behind!.replace(/"([a-z_]+)"/, '"x"')}`);
    const tampered = folder.write('tampered.ndjson', text.join('\n'));
    const other = await parley(['replay', tampered]);
    expect(other.status).toBe(1);
    expect(other.stderr).toMatch(/between lines \d+ and \d+ something of .* was changed after/);
    expect(other.stdout).toMatch(/different/);
    expect(other.stdout).toMatch(new RegExp(`line ${at + 1} `));

    const cut = folder.write('cut.ndjson', `${lines.slice(0, at).join('\n')}\n${before}`);
    const part = await parley(['replay', cut, '--json']);
    expect(part.status).toBe(0);
    expect(part.stderr).toMatch(new RegExp(`cut.ndjson:${at + 1}: the file was cut off here`));
    expect(JSON.parse(part.stdout)).toMatchObject({ same: true, source_changed: false });
  });

  test('what is no recording, a file that is not there, a folder without one', async () => {
    const nothing = folder.write('nothing.ndjson', 'hello\n');
    expect(await parley(['replay', nothing])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/nothing\.ndjson:1: it is not JSON/) as string,
    });
    const missing = await parley(['replay', path.join(folder.path, 'nothin.ndjson')]);
    expect(missing.status).toBe(2);
    expect(missing.stderr).toMatch(/did you mean '.*nothing\.ndjson'/);
    expect((await parley(['replay', ROOT])).stderr).toMatch(/has no recordings/);
  });
});
