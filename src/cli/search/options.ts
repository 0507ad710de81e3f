/** The command `search`, as people type it: its options, their help and its examples. What it does is loaded when it is called. */

import { InvalidArgumentError, Option, type Command } from 'commander';
import { STRATEGIES, type Strategy } from '../../runtime/search/search-options.ts';
import { collect, positiveNumber, seed } from '../option-values.ts';

/** What messages on their way may do. */
export const NETWORKS = ['copies', 'unordered', 'ordered'] as const;

/** What `search` is asked. */
export interface SearchCommandOptions {
  readonly algorithm?: string;
  readonly config?: string;
  readonly break?: readonly string[];
  readonly network?: (typeof NETWORKS)[number];
  readonly losses?: boolean;
  readonly crashes?: number;
  readonly mayCrash?: readonly string[];
  readonly timeouts?: number;
  readonly slowDisks?: boolean;
  readonly strategy?: Strategy;
  readonly states?: number;
  readonly depth?: number;
  readonly time: number;
  readonly memory: number;
  readonly seed: number;
  readonly json?: boolean;
}

/** People wait a minute; who wants more says so. */
const TIME_SECONDS = 60;

/** Megabytes that every machine has to spare. */
const MEMORY_MB = 1000;

const HELP = `
Searches every order in which messages can arrive, timers fire and nodes crash, with the machine that
runs everywhere else, and checks its invariants in each situation. Without -c it searches the small
worlds of the chapter, up to the first in which something is wrong. That it tells as the shortest
story that leads there, with a link to a run of the simulator that goes the same way.

Networks:
  copies     any message that was sent may arrive next, again, or never (the default with -c)
  unordered  any message on its way may arrive next, once
  ordered    those from one node to another arrive in their order, once

Examples:
  parley search -a paxos
  parley search -a two_phase_commit --break vote-in-memory
  parley search -a bracha -c four.yaml --network unordered --states 100000
  parley search -a ./mine.ts -c mine.yaml --crashes 1 --slow-disks --timeouts 2
  parley search -a ./mine.ts -c mine.yaml --strategy random --depth 200 --time 20

Exit status: 0 nothing is wrong, everything searched or up to the bound it names; 1 something is;
2 bad usage or a configuration that cannot be searched.`;

/** Adds the command. */
export function addSearchCommand(program: Command, finished: (status: number) => void): void {
  const command = program
    .command('search')
    .summary('try everything that can happen in a small world')
    .description('Search all executions of a small configuration of a Machine.')
    .option(
      '-a, --algorithm <name>',
      'a name from "parley algorithms", or a module of yours: ./mine.ts, ./mine.ts#Name (required)',
    )
    .option('-c, --config <file>', 'configuration (default: the chapter’s small worlds)')
    .option(
      '--break <bug>',
      'put one of the chapter’s bugs into the algorithm; repeat it for several',
      collect,
    )
    .addOption(new Option('--network <kind>', 'what messages may do').choices(NETWORKS))
    .option('--losses', 'messages may be lost for good: shows who may be left waiting')
    .option(
      '--crashes <number>',
      'how often nodes may crash, and come back with their disks',
      whole,
    )
    .option('--may-crash <nodes>', 'which: n1,n3 (default: all)', names)
    .option('--timeouts <number>', 'how often timers may fire (default with -c: 3)', whole)
    .option('--slow-disks', 'a node may crash before a write is durable');
  addBounds(command)
    .option('--json', 'print one JSON object a world')
    .addHelpText('after', HELP)
    .action(async (options: SearchCommandOptions) =>
      finished(await (await import('./search.ts')).searchCommand(options)),
    );
}

function addBounds(command: Command): Command {
  return command
    .addOption(
      new Option('--strategy <name>', 'in which order (default: breadth)').choices(STRATEGIES),
    )
    .option('--states <number>', 'bound: different situations (default: 2000000)', whole)
    .option('--depth <number>', 'bound: choices from the beginning', whole)
    .option('--time <seconds>', 'bound: seconds a world', positiveNumber, TIME_SECONDS)
    .option('--memory <MB>', 'bound: megabytes of its tables', positiveNumber, MEMORY_MB)
    .option('--seed <number>', 'of random walks, and of what the machines draw', seed, 1);
}

function whole(text: string): number {
  const value = Number(text.trim() === '' ? Number.NaN : text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('It must be a whole number, 0 or more.');
}

function names(text: string): readonly string[] {
  const list = text.split(',').map((name) => name.trim());
  if (list.every((name) => name !== '')) return list;
  throw new InvalidArgumentError('It must be names of nodes with commas between them.');
}
