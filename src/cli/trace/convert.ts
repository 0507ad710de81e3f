/** `parley trace FILE…`: sums a trace up, or writes the events that one asks for in another format. */

import {
  CausalClocks,
  inCone,
  kept,
  type ConePart,
  type Stamp,
} from '../../check/trace/causal-clocks.ts';
import { EVERYTHING, eventFilter, type FilterRules } from '../../check/trace/event-filter.ts';
import { isNamed, parseEventName } from '../../check/trace/event-name.ts';
import { Lives } from '../../check/trace/lives.ts';
import type { TraceRecord } from '../../check/trace/trace-record.ts';
import { TraceCount } from '../../check/trace/trace-summary.ts';
import { TooLongToExport } from '../../lab/trace/trace-export.ts';
import { coloursFor } from '../colours.ts';
import { EXIT_STATUS, UsageError } from '../failures.ts';
import { formatOf, makeExport } from './formats.ts';
import { openTrace, realName, type TraceInput } from './input.ts';
import { Missed } from './missed.ts';
import type { FilterOptions, TraceFormat, TraceOptions } from './options.ts';
import { TraceOutput } from './output.ts';
import { summaryTable } from './table.ts';

/** Does what the options ask for; the exit status. */
export async function traceCommand(
  files: readonly string[],
  options: TraceOptions,
): Promise<number> {
  const format = formatOf(options);
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const input = await openTrace(files, options, say);
  try {
    const chosen = choose(input, options);
    const missed = new Missed(options);
    if (format === undefined) sumUp(input, chosen, missed, options);
    else await write(input, chosen, missed, format, files, options);
    for (const line of missed.lines()) say(line);
    return EXIT_STATUS.ok;
  } finally {
    input.close();
  }
}

/** Says of each event whether it was asked for; undefined when all are. */
type Choice = ((record: TraceRecord) => boolean) | undefined;

function choose(input: TraceInput, options: FilterOptions): Choice {
  const rules: FilterRules = {
    ...EVERYTHING,
    ...{ nodes: options.node ?? [], kinds: options.kind ?? [], paths: options.path ?? [] },
    ...{ types: options.type ?? [], text: options.text },
    ...{ fromMs: options.from, untilMs: options.until },
  };
  const fits = eventFilter(rules);
  if (options.coneOf === undefined) {
    return fits === undefined ? undefined : ({ event, line }) => fits(event, line);
  }
  const cone = coneFilter(input, options.coneOf, options.cone);
  // The clocks must see every event, whether it fits or not.
  return (record) => cone(record) && (fits === undefined || fits(record.event, record.line));
}

/** Reads up to the apex for its clock; what belongs to its cone is then told in a second reading. */
function coneFilter(
  input: TraceInput,
  text: string,
  part: ConePart,
): (record: TraceRecord) => boolean {
  const apex = findApex(input, text);
  const clocks = new CausalClocks();
  return ({ event }) => inCone(clocks.take(event), apex, part);
}

function findApex(input: TraceInput, text: string): Stamp {
  const name = parseEventName(text);
  if (name === undefined) {
    throw new UsageError(
      `--cone-of ${text}: an event is named n1#12 (the sending of a message) or n1@7 (by its number at its node)`,
    );
  }
  const clocks = new CausalClocks();
  const lives = new Lives();
  for (const { event } of input.records()) {
    const stamp = clocks.take(event);
    if (isNamed(event, lives.take(event), name)) return kept(stamp);
  }
  throw new UsageError(`--cone-of ${text}: ${input.name} has no such event`);
}

function sumUp(input: TraceInput, chosen: Choice, missed: Missed, options: TraceOptions): void {
  const count = new TraceCount();
  for (const record of input.records()) {
    const counts = chosen?.(record) ?? true;
    count.take(record.event, counts);
    missed.take(record, counts);
  }
  const summary = count.summary();
  const { parley_trace: _version, ...run } = input.header;
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify({ trace: input.name, run, ...summary })}\n`);
    return;
  }
  const colours = coloursFor(process.stdout, process.env);
  process.stdout.write(summaryTable(input.name, run, summary, colours));
}

async function write(
  input: TraceInput,
  chosen: Choice,
  missed: Missed,
  format: TraceFormat,
  files: readonly string[],
  options: TraceOptions,
): Promise<void> {
  const target = options.output ?? '-';
  if (target !== '-' && files.some((file) => realName(file) === realName(target))) {
    throw new UsageError(`-o ${target} would overwrite the trace that is read`);
  }
  const isFiltered = chosen !== undefined;
  const made = await makeExport(format, { input, isFiltered, ...options });
  const output = new TraceOutput(target);
  try {
    const clocks = new CausalClocks();
    output.write(made.begin());
    for (const record of input.records()) {
      const isChosen = chosen?.(record) ?? true;
      const stamp = clocks.take(record.event, isChosen);
      missed.take(record, isChosen);
      if (isChosen) output.write(made.event({ ...record, clock: () => clocks.named(stamp) }));
      if (!output.isWanted) return;
    }
    output.write(made.end());
    output.close();
  } catch (error) {
    output.discard();
    if (!(error instanceof TooLongToExport)) throw error;
    throw new UsageError(
      `${error.message}: choose a part with --node, --kind, --from or --cone-of`,
      {
        cause: error,
      },
    );
  }
}
