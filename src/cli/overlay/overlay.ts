/** `parley overlay`: runs a large network of peer samplers and prints what it looks like. */

import { closeSync, openSync, writeSync } from 'node:fs';
import { OverlayError, overlaySpec, type OverlaySpec } from '../../lab/overlay/overlay-spec.ts';
import { runOverlay, type OverlayResult, type OverlayRow } from '../../lab/overlay/run-overlay.ts';
import { coloursFor, type Colours } from '../colours.ts';
import { EXIT_STATUS, UsageError } from '../failures.ts';
import { trialsOf } from './overlay-trials.ts';
import type { OverlayCommandOptions } from './overlay-options.ts';

/** Lines of a run, unless one says otherwise. */
const LINES = 30;
/** Milliseconds from one message of progress to the next. */
const PROGRESS_MS = 100;

/** Runs and prints; the exit status. */
export async function overlayCommand(options: OverlayCommandOptions): Promise<number> {
  const { every, json, csv, removals, crash, broadcasts, noticing, ...choices } = options;
  const spec = checked(() => overlaySpec(choices));
  if (every === 0) throw new UsageError('--every 0: lines are 1 cycle apart at least');
  const trials = trialsOf({ removals, crash, broadcasts, noticing }, spec);
  const step = every ?? Math.max(1, Math.ceil(spec.cycles / LINES));
  const file = csv === undefined ? undefined : openCsv(csv);
  const print = json !== true;
  const progress = new Progress(spec.cycles);
  let rssBytes = 0;
  if (print) process.stdout.write(heading(spec));
  try {
    const result = await runOverlay(spec, {
      now: processorMs,
      onCycle: (cycle) => progress.tell(cycle),
      isMeasured: (cycle) => (print || file !== undefined) && cycle % step === 0,
      onRow: (row) => {
        progress.clear();
        if (print) process.stdout.write(`${line(row)}\n`);
        if (file !== undefined) writeSync(file, csvLine(row));
      },
      onLastCycle: () => (rssBytes = process.memoryUsage().rss),
      onEnd: (engine) => trials.run(engine),
    });
    progress.clear();
    process.stdout.write(
      print
        ? summary(result, rssBytes, coloursFor(process.stdout, process.env)) + trials.lines()
        : `${JSON.stringify({ ...jsonOf(spec, result, rssBytes), ...trials.found })}\n`,
    );
  } finally {
    if (file !== undefined) closeSync(file);
  }
  return EXIT_STATUS.ok;
}

function checked<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof OverlayError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

/** Of this process: other programs on the machine do not slow it down. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const COLUMNS = [
  ['cycle', 6],
  ['in-degree', 10],
  ['sd', 8],
  ['min', 6],
  ['max', 6],
  ['clustering', 11],
  ['path', 8],
  ['dead', 9],
  ['parts', 7],
  ['byz views', 10],
  ['samples', 9],
] as const;

function heading({ sampler, nodes, cycles, viewSize, seed }: OverlaySpec): string {
  const titles = COLUMNS.map(([title, width]) => title.padStart(width)).join('');
  return `${sampler}: ${nodes} nodes, views of ${viewSize}, ${cycles} cycles, seed ${seed}\n${titles}\n`;
}

function line(row: OverlayRow): string {
  return cellsOf(row)
    .map((cell, at) => cell.padStart(COLUMNS[at]![1]))
    .join('');
}

function cellsOf({ cycle, in_degree, clustering, path_length, byzantine, ...row }: OverlayRow) {
  return [
    String(cycle),
    in_degree.mean.toFixed(2),
    in_degree.sd.toFixed(2),
    String(in_degree.min),
    String(in_degree.max),
    fixed(clustering, 4),
    fixed(path_length, 3),
    String(row.dead_links),
    String(row.components),
    fixed(byzantine.views, 4),
    fixed(byzantine.samples, 4),
  ];
}

function fixed(value: number | null, digits: number): string {
  return value === null ? '-' : value.toFixed(digits);
}

function openCsv(name: string): number {
  try {
    const file = openSync(name, 'w');
    writeSync(
      file,
      'cycle,in_degree_mean,in_degree_sd,in_degree_min,in_degree_max,clustering,path_length,' +
        'dead_links,components,largest_component,byzantine_views,byzantine_samples\n',
    );
    return file;
  } catch (error) {
    throw new UsageError(`--csv ${name}: ${(error as Error).message}`, { cause: error });
  }
}

function csvLine({ cycle, in_degree, clustering, path_length, byzantine, ...row }: OverlayRow) {
  const { mean, sd, min, max } = in_degree;
  const cells = [
    ...[cycle, mean, sd, min, max, clustering ?? '', path_length ?? ''],
    ...[row.dead_links, row.components, row.largest_component],
    ...[byzantine.views, byzantine.samples ?? ''],
  ];
  return `${cells.join(',')}\n`;
}

function summary({ last, ...result }: OverlayResult, rssBytes: number, colours: Colours): string {
  const perSecond = (count: number) => (count / result.cyclesMs / 1000).toFixed(3);
  const facts = [
    `largest part ${last.largest_component}`,
    `${perSecond(result.exchanges)} million exchanges/s`,
    ...(result.hashes === 0 ? [] : [`${perSecond(result.hashes)} million hashes/s`]),
    `${Math.round(rssBytes / 2 ** 20)} MiB`,
    ...(result.sampled ? ['clustering and paths of a part of the nodes'] : []),
  ];
  return `${colours.dim(facts.join('; '))}\n`;
}

function jsonOf({ sampler, nodes }: OverlaySpec, result: OverlayResult, rssBytes: number) {
  const { cycle, ...metrics } = result.last;
  return {
    ...{ sampler, nodes, cycles: cycle },
    ...metrics,
    exchanges_per_s: Math.round((result.exchanges / result.cyclesMs) * 1000),
    rss_bytes: rssBytes,
  };
}

/** One line on a terminal that is written over. */
class Progress {
  readonly #cycles: number;
  readonly #isShown = process.stderr.isTTY;
  #last = performance.now();

  constructor(cycles: number) {
    this.#cycles = cycles;
  }

  /** Lets Ctrl-C come in, now and then. */
  tell(cycle: number): void | Promise<void> {
    const now = performance.now();
    if (now - this.#last < PROGRESS_MS) return;
    this.#last = now;
    if (this.#isShown) process.stderr.write(`\r\u001b[Kcycle ${cycle} of ${this.#cycles} …`);
    return new Promise((resolve) => setImmediate(resolve));
  }

  clear(): void {
    if (this.#isShown) process.stderr.write('\r\u001b[K');
  }
}
