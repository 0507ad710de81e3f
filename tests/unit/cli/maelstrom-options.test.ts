/** What is wrong in a command line of `parley maelstrom` is said before anything is started. */

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommanderError } from 'commander';
import { expect, test } from 'vitest';
import { UsageError } from '../../../src/cli/failures.ts';
import { createProgram, type Actions } from '../../../src/cli/program.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const FLOODING = path.join(ROOT, 'examples/maelstrom/flooding.ts');

/** Of another command than ours. */
const OTHERS = {} as Actions;

async function problemOf(words: readonly string[]): Promise<string> {
  let printed = '';
  const program = createProgram('0', OTHERS, () => {});
  for (const command of [program, ...program.commands]) {
    command.configureOutput({ writeErr: (text) => (printed += text) });
  }
  try {
    const all = ['maelstrom', '-w', 'echo', '--seed', '1', ...words];
    await program.parseAsync(all, { from: 'user' });
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    if (error instanceof CommanderError) return printed;
    throw error;
  }
  return 'nothing is wrong with it';
}

const CASES: readonly (readonly [words: readonly string[], told: RegExp])[] = [
  [[], /what shall the nodes run\? --bin names a program, -a an algorithm/],
  [['--bin', './nothing-here'], /--bin: there is no program \.\/nothing-here/],
  [['--bin', path.join(ROOT, 'package.json')], /package\.json may not be run \(chmod \+x/],
  [['-a', 'echo', '--bin', 'node'], /--bin and -a cannot both be/],
  [['--bin', 'node', '--settings', 'a: 1'], /--settings are for -a/],
  [['-a', FLOODING, '--', 'more'], /-a takes no arguments: more/],
  [['-a', 'nobody'], /there is no algorithm 'nobody'/],
  [['-w', 'brodcast'], /'brodcast' is invalid\. Allowed choices are echo, unique-ids/],
  [['--node-count', '0'], /It must be a whole number from 1 to 1000/],
  [['--concurrency', '2m'], /a whole number, or one for each node: 2n/],
  [['--rate', '1000000'], /At most 100000 operations a second/],
  [['--consistency-models', 'read-comitted'], /did you mean 'read-committed'/],
  [['-a', FLOODING, '--settings', 'sendback: true'], /sendback/],
  [['-a', FLOODING, '--faults', 'los: 10%'], /these faults cannot be[^]*los/],
  [['-a', FLOODING, '--faults', 'storm.yaml'], /there is no plan of faults storm\.yaml/],
  [['-a', FLOODING, '--faults', 'crashes: [{ node: c1, at: 1s }]'], /there is no node 'c1'/],
];

test.each(CASES)('%j', async (words, told) => {
  expect(await problemOf(words)).toMatch(told);
});
