/** The command `spread`, as people type it: its options, their help and its examples. */

import { InvalidArgumentError, Option, type Command } from 'commander';
import { PROTOCOLS, PUBLISHERS, type SpreadOptions } from '../../lab/spread/spread-spec.ts';
import { seed, wholeNumber } from '../option-values.ts';

/** What `spread` is asked. */
export interface SpreadCommandOptions extends SpreadOptions {
  readonly json?: boolean;
}

/** As they are typed. */
interface Typed extends Omit<SpreadCommandOptions, 'latencyMin' | 'latencyMax'> {
  readonly latency?: readonly [min: number, max: number];
}

const HELP = `
Each node runs the chapter's own machine; links keep order and lose nothing. Printed are how often each message was carried for each delivery,
how far and how long it went, and how many nodes it did not reach.

Examples:
  parley spread
  parley spread --protocol flood --nodes 200
  parley spread --protocol plumtree --nodes 1000 --publishers one --latency 10-50

Exit status: 0 done, 1 a message did not reach everybody, 2 bad usage. docs/dissemination.md has the figures of others beside ours.`;

/** Adds the command; what it does is loaded when it is called. */
export function addSpreadCommand(program: Command, finished: (status: number) => void): void {
  program
    .command('spread')
    .summary('what it costs to spread messages among many nodes')
    .description('Spread messages among up to thousands of nodes, and count.')
    .addOption(
      new Option('--protocol <name>', 'the chapter (default: gossipsub)').choices(PROTOCOLS),
    )
    .option('--nodes <n>', 'nodes (default: 1000)', wholeNumber)
    .option('--messages <n>', 'messages, half a second apart (default: 60)', wholeNumber)
    .addOption(
      new Option('--publishers <which>', 'one node, five in turn, any, or all at once').choices(
        PUBLISHERS,
      ),
    )
    .option('--dials <n>', 'neighbours that each node chooses (default: 20)', wholeNumber)
    .option('--latency <min-max>', 'milliseconds of a link (default: 10-150)', latencyRange)
    .option('--no-flood-publish', 'gossipsub: own messages go to the mesh alone')
    .option('--seed <n>', 'same seed, same figures (default: 1)', seed)
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action(async ({ latency, ...options }: Typed) => {
      const [latencyMin, latencyMax] = latency ?? [undefined, undefined];
      const range = latencyMin === undefined ? {} : { latencyMin, latencyMax };
      finished(await (await import('./spread.ts')).spreadCommand({ ...options, ...range }));
    });
}

function latencyRange(text: string): readonly [min: number, max: number] {
  const match = /^(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)$/.exec(text);
  if (match === null) throw new InvalidArgumentError('Say it as 10-150, in milliseconds.');
  return [Number(match[1]), Number(match[2])];
}
