/** The commands `maelstrom` and `maelstrom-node`, as people type them. The names are those of Maelstrom's own options. */

import { InvalidArgumentError, Option, type Command } from 'commander';
import { CONSISTENCY_LEVELS, type ConsistencyLevel } from '../../check/transactions/consistency.ts';
import { nearest } from '../../core/nearest-name.ts';
import { LATENCY_KINDS } from '../../maelstrom/run.ts';
import { TOPOLOGY_NAMES, type TopologyName } from '../../maelstrom/topology.ts';
import { MAELSTROM_WORKLOADS } from '../../maelstrom/workloads/index.ts';
import { delayMs, positiveNumber, seed } from '../option-values.ts';

/** What `maelstrom` is asked. */
export interface MaelstromOptions {
  readonly bin?: string;
  readonly algorithm?: string;
  readonly settings?: string;
  readonly workload: string;
  readonly nodeCount: number;
  readonly concurrency: Concurrency;
  readonly rate: number;
  readonly timeLimit: number;
  readonly latency: number;
  readonly latencyDist: (typeof LATENCY_KINDS)[number];
  readonly topology: TopologyName;
  readonly nemesis?: 'partition';
  readonly nemesisInterval: number;
  readonly faults?: string;
  readonly availability?: 'total';
  readonly consistencyModels: readonly ConsistencyLevel[];
  readonly keyCount?: number;
  readonly maxTxnLength: number;
  readonly maxWritesPerKey: number;
  readonly time: 'virtual' | 'real';
  readonly watch: number;
  readonly patience: number;
  readonly seed?: number;
  readonly json?: boolean;
  readonly trace?: string;
  readonly history?: string;
  readonly logs?: string;
  readonly logStderr?: boolean;
}

/** `10`, or `2n`: so many for each node. */
export interface Concurrency {
  readonly count: number;
  readonly isPerNode: boolean;
}

/** More nodes, or more clients, than any machine starts as processes. */
const MEMBERS_MAX = 1000;

const HELP = `
Workloads:
${[...MAELSTROM_WORKLOADS.values()].map(({ name, summary }) => `  ${name.padEnd(16)} ${summary}`).join('\n')}

Nodes are programs that speak Maelstrom's JSON protocol on stdin and stdout, or a Parley algorithm. They may use
the services lin-kv, seq-kv, lww-kv and lin-tso. Arguments of the program stand behind --. docs/maelstrom.md says more.

Examples:
  parley maelstrom -w echo --bin ./echo.py --node-count 1 --time-limit 10
  parley maelstrom -w broadcast --bin ~/go/bin/maelstrom-broadcast --node-count 5 --rate 10 --nemesis partition
  parley maelstrom -w broadcast -a examples/maelstrom/flooding.ts --node-count 25 --rate 100 --latency 100 --time-limit 20
  parley maelstrom -w g-counter --bin node --node-count 3 --seed 7 --json -- counter.js --quiet

Exit status: 0 everything is as it should be, 1 something is not, 2 bad usage.`;

/** Adds both commands; what they do is loaded when they are called. */
export function addMaelstromCommands(program: Command, finished: (status: number) => void): void {
  const command = program
    .command('maelstrom')
    .summary('test programs that speak Maelstrom’s protocol')
    .description(
      'Run nodes that speak Maelstrom’s protocol in the simulator, and judge what they do.',
    )
    .argument('[args...]', 'behind --: arguments of the program')
    .option('--bin <program>', 'what a node runs: one process a node');
  addNodeOptions(command);
  addLoadOptions(command);
  addFaultOptions(command);
  addRunOptions(command);
  command.addHelpText('after', HELP).action(async (args: string[], options: MaelstromOptions) => {
    finished(await (await import('./maelstrom.ts')).maelstromCommand(args, options));
  });
  program
    .command('maelstrom-node')
    .summary('be one of Maelstrom’s nodes, with a Parley algorithm')
    .description(
      'Speak Maelstrom’s protocol on stdin and stdout, as a node that runs a Parley algorithm.',
    )
    .requiredOption('-a, --algorithm <name>', 'a chapter, or a module of yours: ./mine.ts#Name')
    .option(
      '--settings <yaml>',
      'settings of the algorithm, as in a configuration: "period_ms: 100"',
    )
    .addHelpText('after', NODE_HELP)
    .action(async (options: { algorithm: string; settings?: string }) => {
      finished(await (await import('./node-command.ts')).nodeCommand(options));
    });
}

const NODE_HELP = `
Example, for Maelstrom itself: a file node.sh with the two lines
  #!/bin/sh
  exec npx parley maelstrom-node -a ./flooding.ts
and then
  ./maelstrom test -w broadcast --bin ./node.sh --node-count 5 --rate 10`;

function addNodeOptions(command: Command): void {
  command
    .option(
      '-a, --algorithm <name>',
      'instead of --bin: a Parley algorithm, in virtual time without processes',
    )
    .option(
      '--settings <yaml>',
      'with -a: settings of the algorithm, as in a configuration: "period_ms: 100"',
    )
    .addOption(
      new Option('-w, --workload <name>', 'what the clients ask')
        .choices([...MAELSTROM_WORKLOADS.keys()])
        .default('lin-kv'),
    )
    .option('--node-count <n>', 'nodes, called n0, n1, …', wholeNumber, 5);
}

function addLoadOptions(command: Command): void {
  command
    .option('--concurrency <n>', 'clients: a number, or so many for each node: 2n', concurrency, {
      count: 1,
      isPerNode: true,
    })
    .option('--rate <n>', 'operations a second, of all clients together', rate, 5)
    .option('--time-limit <seconds>', 'virtual seconds of load', positiveNumber, 60)
    .addOption(
      new Option('--availability <mode>', 'total: every operation must succeed').choices(['total']),
    )
    .option(
      '--consistency-models <levels>',
      `transactions: what they must keep to, separated by commas (${CONSISTENCY_LEVELS.join(', ')})`,
      consistencyLevels,
      ['strict-serializable'],
    )
    .option('--key-count <n>', 'transactions and kafka: keys in use at a time', wholeNumber)
    .option('--max-txn-length <n>', 'transactions: operations in one of them', wholeNumber, 4)
    .option(
      '--max-writes-per-key <n>',
      'transactions: then a new key takes its place',
      wholeNumber,
      16,
    );
}

function addFaultOptions(command: Command): void {
  command
    .option('--latency <ms>', 'mean milliseconds that a message between nodes takes', delayMs, 0)
    .addOption(
      new Option('--latency-dist <kind>', 'how latencies are spread')
        .choices(LATENCY_KINDS)
        .default('constant'),
    )
    .addOption(
      new Option('--topology <name>', 'broadcast: whom each node is told to call its neighbours')
        .choices(TOPOLOGY_NAMES)
        .default('grid'),
    )
    .addOption(
      new Option('--nemesis <fault>', 'partitions that come and go').choices(['partition']),
    )
    .option('--nemesis-interval <seconds>', 'mean time between its changes', positiveNumber, 10)
    .option(
      '--faults <file>',
      'what else shall go wrong among the nodes, as for parley run (docs/faults.md)',
    );
}

function addRunOptions(command: Command): void {
  command
    .addOption(
      new Option('--time <kind>', 'with --bin: virtual is quick, real lets every second pass')
        .choices(['virtual', 'real'])
        .default('virtual'),
    )
    .option(
      '--watch <seconds>',
      'virtual: real seconds in which it is seen whether nodes have timers; 0 takes them to have none',
      delayMs,
      3,
    )
    .option(
      '--patience <seconds>',
      'real seconds that a program may take to start, or to handle a message',
      positiveNumber,
      30,
    )
    .option('--seed <number>', 'seed of everything random; drawn and printed unless given', seed)
    .option('--json', 'print one JSON object')
    .option('--trace <file>', 'write every event to FILE, one JSON object a line')
    .option(
      '--history <file>',
      'write what clients asked and were answered to FILE, for parley check',
    )
    .option('--logs <folder>', 'keep what the nodes write to stderr in FOLDER')
    .option('--log-net-send', 'accepted for compatibility: --trace has every message')
    .option('--log-net-recv', 'accepted for compatibility: --trace has every message')
    .option('--log-stderr', 'show what the nodes write to stderr');
}

/** A positive whole number. */
function wholeNumber(text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : 0;
  if (value > 0 && value <= MEMBERS_MAX) return value;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${MEMBERS_MAX}.`);
}

function rate(text: string): number {
  const value = delayMs(text);
  if (value <= RATE_MAX) return value;
  throw new InvalidArgumentError(`At most ${RATE_MAX} operations a second.`);
}

/** A history of a minute is then as large as the judges take in reasonable time. */
const RATE_MAX = 100_000;

function concurrency(text: string): Concurrency {
  const match = /^(\d+)(n?)$/.exec(text);
  const count = Number(match?.[1] ?? 0);
  if (count > 0 && count <= MEMBERS_MAX) return { count, isPerNode: match![2] === 'n' };
  throw new InvalidArgumentError('It must be a whole number, or one for each node: 2n.');
}

function consistencyLevels(text: string): readonly ConsistencyLevel[] {
  return text.split(',').map((part) => {
    const name = part.trim();
    const level = CONSISTENCY_LEVELS.find((known) => known === name);
    if (level !== undefined) return level;
    const similar = nearest(name, CONSISTENCY_LEVELS);
    const hint = similar === undefined ? '' : ` (did you mean '${similar}'?)`;
    throw new InvalidArgumentError(`There is no level '${name}'${hint}.`);
  });
}
