/** The scenarios of raftengine: each is tested, or it is said why it cannot be. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'vitest';
import { testUnless } from './skip.ts';
import { testData } from './transcript-file.ts';

/** Scenarios that a test file covers, as `file/test`. */
export const covered = new Set<string>();

/** A scenario by the file and the test that it comes from. */
export function scenario(file: string, name: string, body: () => void): void {
  covered.add(`${file}/${name}`);
  test(`${file}.py ${name}`, body);
}

/** What the scenario is about does not exist here. */
export function notApplicable(file: string, names: readonly string[], reason: string): void {
  for (const name of names) {
    covered.add(`${file}/${name}`);
    testUnless(`not applicable: ${reason}`)(`${file}.py ${name}`, () => {});
  }
}

/** All scenarios, as `file/test`. */
export function allScenarios(): string[] {
  const text = readFileSync(path.join(testData, 'raft/scenarios.json'), 'utf8');
  const scenarios = JSON.parse(text) as { readonly file: string; readonly test: string }[];
  return scenarios.map(({ file, test: name }) => `${path.basename(file, '.py')}/${name}`);
}
