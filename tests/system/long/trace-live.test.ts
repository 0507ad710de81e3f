/** The trace of a live run: its tabs have clocks of their own, and still no message arrives before it was sent. */

import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Folder, parley, ROOT, runJson } from '../../e2e/cli-process.ts';

let folder: Folder;

beforeAll(() => {
  folder = new Folder();
});

afterAll(() => folder.remove());

test('a run in tabs writes a trace that can have happened', async () => {
  const words = [
    '-c',
    path.join(ROOT, 'configs/bracha.yaml'),
    '-a',
    'bracha',
    '-m',
    'local',
    '--tabs',
  ];
  const file = path.join(folder.path, 'live.ndjson');
  await runJson([...words, '--trace', file, '--trace-header']);
  const { status, stdout, stderr } = await parley(['trace', 'check', file]);
  expect(stdout, stderr).toMatch(/events, nothing wrong\n$/);
  expect(status).toBe(0);
  const summary = await parley(['trace', file]);
  expect(summary.stdout).toMatch(/\(bracha, local, json, seed \d+\)/);
});
