/** The command `average`, as people type it. */

import { Option, type Command } from 'commander';
import { AVERAGE_RULES, type AverageRule } from '../../lab/overlay/averaging.ts';
import { seed, wholeNumber } from '../option-values.ts';

/** What `average` is asked. */
export interface AverageCommandOptions {
  readonly rule: AverageRule;
  readonly nodes: number;
  readonly cycles: number;
  readonly viewSize?: number;
  readonly seed: number;
  readonly json?: boolean;
}

const HELP = `
Rules: pushpull (everybody meets somebody once a cycle), pairs (any two, as often as there are nodes), matching
(all in pairs, twice), pushsum (everybody gives half away, all at once), oneway (who is told takes the mean, who
tells does not: nodemanager's rule).

Examples:
  parley average --rule pushpull --nodes 100000
  parley average --rule oneway --nodes 100000 --cycles 30
  parley average --rule pushpull --nodes 10000 --view-size 30`;

/** Adds the command; what it does is loaded when it is called. */
export function addAverageCommand(program: Command, finished: (status: number) => void): void {
  program
    .command('average')
    .summary('how fast averaging converges in large networks')
    .description(
      'Average values by gossip, cycle by cycle: by how much the variance falls, and whether the mean stays.',
    )
    .addOption(
      new Option('--rule <rule>', 'who meets whom').choices(AVERAGE_RULES).default('pushpull'),
    )
    .option('--nodes <n>', 'nodes, whose values begin uniform from 0 to 1', wholeNumber, 100_000)
    .option('--cycles <n>', 'cycles', wholeNumber, 15)
    .option(
      '--view-size <n>',
      'draw peers from views of this size (gbps, swapping) and not from all',
      wholeNumber,
    )
    .option('--seed <n>', 'same seed, same run', seed, 1)
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action(async (options: AverageCommandOptions) => {
      finished((await import('./average.ts')).averageCommand(options));
    });
}
