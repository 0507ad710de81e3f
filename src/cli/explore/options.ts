/** The command `explore`, as people type it: its options, their help and its examples. What it does is loaded when it is called. */

import { InvalidArgumentError, Option, type Command } from 'commander';
import { PCT_DEPTH_MAX, SCHEDULE_KINDS, type Schedule } from '../../core/choices/schedule.ts';
import type { FormatName } from '../../core/result.ts';
import type { Latency } from '../../runtime/simulator.ts';
import { collect, continuations, latency, seed } from '../option-values.ts';
import { addWorkerCommand, redisUrl } from './redis/worker-options.ts';

/** Seeds from one to another, both included. */
export interface SeedRange {
  readonly from: number;
  readonly to: number;
}

/** What `explore` is asked. */
export interface ExploreOptions {
  readonly algorithm?: string;
  readonly config?: string;
  readonly seeds: SeedRange;
  /** A file, YAML itself, `chapter`, or `none`; the chapter's plan unless given. */
  readonly faults?: string;
  /** Virtual milliseconds. */
  readonly time?: number;
  readonly jobs?: number;
  /** Address of the queue that workers take seeds from. */
  readonly redis?: string;
  readonly schedule: Schedule['kind'];
  readonly depth: number;
  readonly format: FormatName;
  readonly latency?: Latency;
  readonly break: readonly string[];
  readonly failures: number;
  readonly shrinkRuns: number;
  readonly inevitable?: number;
  readonly lab: string;
  readonly json?: boolean;
}

/** More runs than anybody waits for. */
const SEEDS_MAX = 100_000_000;

const EXAMPLES = `
Every seed is one run under the faults. A run fails when an invariant breaks, or when a correct node does not come
to a good end. Failing runs are made smaller: of nodes, faults and decisions only what it takes is left. Each has a
link, which "parley replay" and the lab's page open. To try everything in a small world instead: "parley search".

Schedules:
  latency   messages take the times that the seed draws
  walk      of all messages under way any may be the next
  pct       priorities that change --depth - 1 times (Burckhardt et al., ASPLOS 2010): finds bugs of that depth

Examples:
  parley explore -a bracha -c configs/bracha.yaml
  parley explore -a bracha -c configs/bracha.yaml --seeds 1000..1999 --faults "loss: 5%" --time 60s
  parley explore -a ./mine.ts -c mine.yaml --schedule pct --depth 4 --json
  parley explore -a ./mine.ts -c mine.yaml --seeds 42..42 --inevitable 50
  parley explore -a bracha -c configs/bracha.yaml --seeds 100000 --redis redis://build-server:6379

Exit status: 0 every run held, 1 one did not, 2 bad usage or configuration.`;

/** Adds the command, and the one for machines that help with it. */
export function addExploreCommand(program: Command, finished: (status: number) => void): void {
  program
    .command('explore')
    .summary('look for runs that go wrong')
    .description('Run many seeds under faults, and make what goes wrong as small as possible.')
    .option('-a, --algorithm <name>', 'a chapter, or a module of yours: ./mine.ts (required)')
    .option('-c, --config <file>', 'configuration: a YAML map of nodes (required)')
    .option('--seeds <seeds>', 'how many, or from..to: 500, 1000..1999', seedRange, range(200))
    .option(
      '--faults <file>',
      'what shall go wrong: a YAML file, YAML itself, none, or chapter: what the algorithm withstands (default)',
    )
    .option(
      '--time <virtual>',
      'how long a run may take, in virtual time: 30s, 2m, 500ms',
      virtualMs,
    )
    .option(
      '--jobs <number>',
      'threads (default: one for each processor), or jobs in the queue at a time',
      whole(256),
    )
    .option(
      '--redis <url>',
      'leave the seeds to those who run "parley worker --redis URL"',
      redisUrl,
    )
    .addOption(
      new Option('--schedule <kind>', 'who decides which message comes next')
        .choices(SCHEDULE_KINDS)
        .default('latency'),
    )
    .option(
      '--depth <number>',
      'pct: ordering constraints that a bug may need',
      whole(PCT_DEPTH_MAX),
      3,
    )
    .addOption(
      new Option('-f, --format <format>', 'how messages are written')
        .choices(['json', 'msgpack'])
        .default('json'),
    )
    .option('--latency <min-max>', 'milliseconds a message takes: 10-50, or 20', latency)
    .option('--break <bug>', 'put one of the chapter’s bugs into the algorithm', collect, [])
    .option('--failures <number>', 'so many failing seeds are enough', whole(1000), 3)
    .option(
      '--shrink-runs <number>',
      'runs that making one failure smaller may take',
      whole(1e6),
      600,
    )
    .option(
      '--inevitable <number>',
      'of each failure: from moments on the way, so many other continuations; how many fail?',
      continuations,
    )
    .option('--lab <address>', 'where links lead', labAddress, 'http://localhost:9000/')
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXAMPLES)
    .action(async (options: ExploreOptions) =>
      finished(await (await import('./explore.ts')).exploreCommand(options)),
    );
  addWorkerCommand(program, finished, whole(256));
}

function range(count: number): SeedRange {
  return { from: 0, to: count - 1 };
}

/** `500` or `1000..1999`. */
function seedRange(text: string): SeedRange {
  const match = /^(\d+)(?:\.\.(\d+))?$/.exec(text.trim());
  if (match === null) {
    throw new InvalidArgumentError(
      'Seeds are a number, or two with dots between: 500, 1000..1999.',
    );
  }
  if (match[2] === undefined) {
    const count = Number(match[1]);
    if (count < 1 || count > SEEDS_MAX) {
      throw new InvalidArgumentError(`From 1 to ${SEEDS_MAX} seeds.`);
    }
    return range(count);
  }
  const [from, to] = [seed(match[1]!), seed(match[2])];
  if (to < from) throw new InvalidArgumentError(`The smaller seed comes first: ${to}..${from}.`);
  if (to - from >= SEEDS_MAX) throw new InvalidArgumentError(`At most ${SEEDS_MAX} seeds.`);
  return { from, to };
}

const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  '': 1000,
  m: 60_000,
  h: 3_600_000,
};

/** A virtual day: longer than any run. */
const VIRTUAL_MS_MAX = 86_400_000;

/** `30s`, `2m`, `500ms`; a bare number is seconds, as in `run -t`. */
function virtualMs(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|)$/.exec(text.trim());
  const ms = match === null ? Number.NaN : Number(match[1]) * UNITS_MS[match[2]!]!;
  if (ms > 0 && ms <= VIRTUAL_MS_MAX) return ms;
  throw new InvalidArgumentError(
    'A time is a number above zero with its unit, up to a day: 30s, 2m, 500ms.',
  );
}

function whole(max: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (value >= 1 && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${max}.`);
  };
}

function labAddress(text: string): string {
  try {
    const { protocol, origin, pathname } = new URL(text);
    if (protocol === 'http:' || protocol === 'https:') return `${origin}${pathname}`;
  } catch {
    // Said below.
  }
  throw new InvalidArgumentError('It must be an address: http://localhost:9000/.');
}
