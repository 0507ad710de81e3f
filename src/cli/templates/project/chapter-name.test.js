/** Runs the algorithm in the simulator with several seeds: `npm test`. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = new URL('.', import.meta.url);
const parley = new URL('bin/parley.js', import.meta.resolve('@parley-lab/parley/package.json'));

/** The result of a run, as `parley run --json` prints it; throws when a node or an invariant fails. */
function run(seed) {
  const words = ['run', '-c', 'chapter_name.yaml', '-a', './index.ts', '--json', '--seed', seed];
  const output = execFileSync(process.execPath, [fileURLToPath(parley), ...words], {
    cwd: here,
    encoding: 'utf8',
    stdio: 'pipe',
  });
  return JSON.parse(output);
}

for (const seed of ['1', '2', '3']) {
  await test(`everybody hears the rumour, with seed ${seed}`, () => {
    const { ok, nodes } = run(seed);
    assert.equal(ok, true);
    for (const { report } of Object.values(nodes)) assert.equal(report.heard, 'have you heard?');
  });
}

await test('the same seed gives the same run', () => {
  assert.equal(run('7').trace_sha256, run('7').trace_sha256);
});
