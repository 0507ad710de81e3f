/** The command `trace`, as people type it: its options, their help and its examples. What it does is loaded when it is called. */

import { InvalidArgumentError, Option, type Command } from 'commander';
import type { ConePart } from '../../check/trace/causal-clocks.ts';
import type { InputOptions } from './input.ts';

/** Formats that a trace is written in. */
export const TRACE_FORMATS = ['ndjson', 'shiviz', 'plantuml', 'csv', 'html'] as const;

export type TraceFormat = (typeof TRACE_FORMATS)[number];

/** Which events. */
export interface FilterOptions {
  readonly node?: readonly string[];
  readonly kind?: readonly string[];
  readonly path?: readonly string[];
  readonly type?: readonly string[];
  readonly text?: string;
  readonly from?: number;
  readonly until?: number;
  readonly coneOf?: string;
  readonly cone: ConePart;
}

/** What `trace` itself is asked. */
export interface TraceOptions extends InputOptions, FilterOptions {
  readonly to?: TraceFormat;
  readonly output?: string;
  /** False to write events alone. */
  readonly header: boolean;
  readonly json?: boolean;
}

/** What `trace check` is asked. */
export interface CheckOptions extends InputOptions {
  readonly unordered?: boolean;
  readonly json?: boolean;
}

/** What `trace diff` is asked. */
export interface DiffOptions {
  readonly json?: boolean;
}

const EXAMPLES = `
A FILE is what "run --trace" writes, or a log with vector clocks as ShiViz reads it; - is stdin.
Several files (a live run's, one from each machine) are merged: causes stand before effects.

Events are named n1#12 (the sending of that message), n1@7 (the seventh event of n1), or n1@7~2
(that of n1 after its first restart).

Examples:
  parley trace run.ndjson                                  a summary
  parley trace run.ndjson --to html -o run.html            one page that shows it anywhere
  parley trace a.ndjson b.ndjson --to shiviz -o both.log   two machines' traces for ShiViz
  parley trace run.ndjson --node n1,n2 --kind deliver --to csv
  parley trace run.ndjson --cone-of n1#12 --cone past --to plantuml
  parley trace diff run.ndjson other.ndjson                where two runs part, and why
  parley trace check run.ndjson                            whether it can have happened

Exit status: 0 all is well, 1 two traces differ or a trace cannot have happened, 2 bad usage or
a file that is no trace.`;

/** Adds `trace` with what belongs to it. */
export function addTraceCommand(program: Command, finished: (status: number) => void): void {
  // `trace check --json` is check's own option, and not its parents'.
  const trace = program.enablePositionalOptions().command('trace').enablePositionalOptions();
  addFilterOptions(addInputOptions(trace))
    .summary('convert, filter, sum up and compare traces')
    .description('Sum up a trace, or write it in another format.')
    .argument('<file...>', 'traces of one run')
    .addOption(new Option('--to <format>', 'write it as').choices(TRACE_FORMATS))
    .option(
      '-o, --output <file>',
      'where to write; its ending says the format too (default: stdout)',
    )
    .option('--no-header', 'ndjson: events alone, without the line that says what ran')
    .option('--json', 'the summary as one JSON object')
    .addHelpText('after', EXAMPLES)
    .action(async (files: string[], options: TraceOptions) =>
      finished(await (await import('./convert.ts')).traceCommand(files, options)),
    );
  const check = addInputOptions(trace.command('check'))
    .summary('whether a trace can have happened')
    .description('Check a trace: each message is sent before it is received, events are complete.')
    .argument('<file...>', 'traces of one run')
    .option('--unordered', 'messages of one link may overtake each other')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  parley trace check run.ndjson')
    .action(async (files: string[], options: CheckOptions) =>
      finished(await (await import('./check.ts')).traceCheckCommand(files, options)),
    );
  const diff = trace
    .command('diff')
    .summary('where two traces part, and why')
    .description('Compare two traces: the first event that differs, what led to it, and why.')
    .argument('<a>', 'a trace')
    .argument('<b>', 'another one')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  parley trace diff run.ndjson other.ndjson')
    .action(async (a: string, b: string, options: DiffOptions) =>
      finished(await (await import('./diff.ts')).traceDiffCommand(a, b, options)),
    );
  for (const command of [check, diff]) {
    command.showHelpAfterError(`(parley trace ${command.name()} --help says more)`);
  }
}

function addInputOptions(command: Command): Command {
  return command
    .option('--merge', 'put a single file into causal order too')
    .option('--parser <regex>', 'read a log with (?<host>…), (?<clock>…) and (?<event>…)');
}

function addFilterOptions(command: Command): Command {
  return command
    .option('--node <ids>', 'events of these nodes: n1,n2', list)
    .option('--kind <kinds>', 'events of these kinds: send,deliver,drop,timer,state …', list)
    .option('--path <paths>', 'events of these algorithms and their layers', list)
    .option('--type <types>', 'messages and outputs of these types', list)
    .option('--text <words>', 'events whose line has these words')
    .option('--from <ms>', 'events from this time of the run on', milliseconds)
    .option('--until <ms>', 'events up to this time of the run', milliseconds)
    .option('--cone-of <event>', 'what an event depends on, and what depends on it: n1#12, n1@7')
    .addOption(
      new Option('--cone <part>', 'which part of the cone')
        .choices(['past', 'future', 'both'])
        .default('both'),
    );
}

/** Values between commas, gathered over all times that the option is given. */
function list(text: string, before: readonly string[] = []): readonly string[] {
  const words = text.split(',').map((word) => word.trim());
  if (words.includes('')) throw new InvalidArgumentError('Names stand between commas: a,b.');
  return [...before, ...words];
}

function milliseconds(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text.trim())) return Number(text);
  throw new InvalidArgumentError('It must be a number of milliseconds, 0 or more.');
}
