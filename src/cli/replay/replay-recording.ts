/** `parley replay RECORDING`: does a live run again, and says whether it is the same. */

import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { diffText } from '../../check/trace/diff-text.ts';
import { ConfigError } from '../../core/config/config-error.ts';
import { messageOf } from '../../core/errors.ts';
import type { NodeId } from '../../core/id.ts';
import {
  nameOf,
  RecordingFileError,
  RecordingReader,
  type ReadRecording,
} from '../../lab/recording/recording-reader.ts';
import type { RecordingHeader } from '../../lab/recording/recording-schema.ts';
import {
  firstToDiffer,
  isSame,
  replayedTrace,
  replayRecording,
  whyDifferent,
  type ReplayedReadLife,
} from '../../lab/recording/replay-recording.ts';
import { planOf } from '../../lab/run-spec.ts';
import type { RunPlan } from '../../runtime/plan.ts';
import { locateChapter } from '../chapters.ts';
import { coloursFor } from '../colours.ts';
import { EXIT_STATUS, UsageError } from '../failures.ts';
import { chunksOf } from '../page/file-chunks.ts';
import { Interrupt } from '../interrupt.ts';
import type { ReplayOptions } from './replay-options.ts';
import { replayJson, replayTable } from './replay-report.ts';
import { RunLog } from '../run/run-log.ts';
import { sourceHashOf } from '../page/source-hash.ts';
import { TraceWriter } from '../run/trace-writer.ts';
import { hintForFile, isPath } from '../user-module.ts';

/** One file, read, with what it takes to replay it. */
interface PreparedRecording extends ReadRecording {
  readonly file: string;
  readonly plan: RunPlan;
  /** The algorithm is not what it was. */
  readonly hasChanged: boolean;
}

/** A life, and the file that it stands in. */
export interface ReplayedFileLife extends ReplayedReadLife {
  readonly file: string;
}

/** Everything that a replay came to. */
export interface ReplayReport {
  readonly header: RecordingHeader;
  readonly sourceChanged: boolean;
  readonly lives: readonly ReplayedFileLife[];
  /** Of the replay's trace. */
  readonly traceSha256: string;
  /** Where the first difference is, in a dozen lines; empty when there is none. */
  readonly difference: readonly string[];
  readonly isOk: boolean;
}

/** Replays, and prints what came of it; the exit status. */
export async function replayRecordingCommand(
  names: readonly string[],
  options: ReplayOptions,
): Promise<number> {
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const files = names.flatMap(filesOf);
  const recordings: PreparedRecording[] = [];
  for (const file of files) recordings.push(await prepare(file, options));
  const [first] = recordings;
  for (const recording of recordings) remark(recording, first!, say);
  const interrupt = new Interrupt();
  try {
    const lives = await replayAll(recordings, options, interrupt.signal);
    if (interrupt.exitStatus !== undefined) return interrupt.exitStatus;
    const report = reportOf(recordings, lives, options);
    const columns = coloursFor(process.stdout, process.env);
    process.stdout.write(
      options.json === true
        ? `${JSON.stringify(replayJson(report))}\n`
        : replayTable(report, columns),
    );
    return report.isOk ? EXIT_STATUS.ok : EXIT_STATUS.failed;
  } finally {
    interrupt.close();
  }
}

/** A file, or those of a folder. */
function filesOf(name: string): readonly string[] {
  const stats = statSync(name, { throwIfNoEntry: false });
  if (stats === undefined) {
    throw new UsageError(`there is no ${name}${hintForFile(path.resolve(name), name)}`);
  }
  if (!stats.isDirectory()) return [name];
  const files = readdirSync(name).filter((file) => file.endsWith('.ndjson'));
  if (files.length === 0) throw new UsageError(`${name} has no recordings (*.ndjson)`);
  return files.toSorted().map((file) => path.join(name, file));
}

async function prepare(file: string, { algorithm }: ReplayOptions): Promise<PreparedRecording> {
  const recording = read(file);
  const { spec, source_sha256 } = recording.header;
  if (algorithm === undefined) checkReach(file, spec.algorithm);
  const located = await locateChapter(algorithm ?? spec.algorithm, process.cwd());
  try {
    const { plan } = planOf(spec, located.chapter);
    const hasChanged = sourceHashOf(located) !== source_sha256;
    return { ...recording, file, plan, hasChanged };
  } catch (error) {
    if (error instanceof ConfigError || (error as Error).name === 'BugError') {
      throw new UsageError(`${file}: its run cannot be made any more\n${messageOf(error)}`);
    }
    throw error;
  }
}

/** A recording may be anybody's: what it names outside of this folder is not run on its word. */
function checkReach(file: string, reference: string): void {
  if (!isPath(reference)) return;
  const [module = ''] = reference.split('#');
  const relative = path.relative(process.cwd(), path.resolve(module));
  if (!relative.startsWith('..') && !path.isAbsolute(relative)) return;
  throw new UsageError(
    `${file} is a recording of ${reference}, outside of this folder: if that is what shall run, say so with -a`,
  );
}

function read(file: string): ReadRecording {
  const reader = new RecordingReader();
  try {
    for (const chunk of chunksOf(file)) reader.push(chunk);
    return reader.end();
  } catch (error) {
    throw withPlace(file, error);
  }
}

function withPlace(file: string, error: unknown): unknown {
  if (!(error instanceof RecordingFileError)) return error;
  return new UsageError(`${file}:${error.line}: ${error.message}`);
}

/** Says what is odd about a file, and refuses those of different runs. */
function remark(
  { file, header, hasChanged, cutOffAt, lives }: PreparedRecording,
  first: PreparedRecording,
  say: (text: string) => void,
): void {
  if (header.spec.runId !== first.header.spec.runId) {
    throw new UsageError(`${file} and ${first.file} are recordings of different runs`);
  }
  if (hasChanged) say(`! ${header.spec.algorithm} has changed since ${file} was recorded`);
  if (cutOffAt !== undefined) {
    say(`! ${file}:${cutOffAt}: the file was cut off here; it is replayed as far as it goes`);
  }
  for (const { life, changed } of lives) {
    if (changed === undefined) continue;
    const { after, before } = changed;
    say(
      `! ${file}: between lines ${after} and ${before} something of ${nameOf(life)} was changed after it was recorded`,
    );
  }
}

/** Seconds between two lines that say how far the replay is. */
const PROGRESS_S = 2;

/** Says how far a replay is, when it takes long. */
class Progress {
  #lastMs = performance.now();

  at(name: string, part: number): void {
    if (performance.now() - this.#lastMs < PROGRESS_S * 1000) return;
    this.#lastMs = performance.now();
    process.stderr.write(`· replaying ${name}: ${Math.floor(100 * part)} %\n`);
  }
}

async function replayAll(
  recordings: readonly PreparedRecording[],
  { verbose }: ReplayOptions,
  signal: AbortSignal,
): Promise<readonly ReplayedFileLife[]> {
  const all: ReplayedFileLife[] = [];
  const progress = new Progress();
  for (const { file, plan, lives } of recordings) {
    const log = new RunLog({
      nodes: plan.nodes.map(({ id }) => id),
      algorithm: plan.algorithm.definition.name,
      colours: coloursFor(process.stderr, process.env),
      verbosity: verbose - 1,
      write: (line) => process.stderr.write(`${line}\n`),
    });
    try {
      const replayed = await replayRecording(plan, lives, {
        signal,
        progress: ({ life }, part) => progress.at(nameOf(life), part),
        log: (node, timeMs, level, where, text) => log.node(timeMs, node, level, where, text),
      });
      all.push(...replayed.map((life) => ({ ...life, file })));
    } catch (error) {
      throw withPlace(file, error);
    }
  }
  return all;
}

function reportOf(
  recordings: readonly PreparedRecording[],
  lives: readonly ReplayedFileLife[],
  { trace: traceFile }: ReplayOptions,
): ReplayReport {
  const { header, plan } = recordings[0]!;
  const nodes: readonly NodeId[] = plan.nodes.map(({ id }) => id);
  const trace = new TraceWriter(traceFile);
  for (const event of replayedTrace(lives, nodes)) trace.add(event);
  const sourceChanged = recordings.some(({ hasChanged }) => hasChanged);
  const first = firstToDiffer(lives) as ReplayedFileLife | undefined;
  return {
    header,
    sourceChanged,
    lives,
    traceSha256: trace.finish(),
    difference: first === undefined ? [] : explain(first, sourceChanged),
    isOk: first === undefined && lives.every(({ read: life }) => life.changed === undefined),
  };
}

function explain(life: ReplayedFileLife, sourceChanged: boolean): readonly string[] {
  const { difference, impossible, file, read: recorded } = life;
  // Where the replay had to stop, that it ends is no news.
  const isStop = impossible !== undefined && difference?.b.record === undefined;
  const events =
    difference === undefined || isStop ? [] : diffText(difference, { a: file, b: 'the replay' });
  const causes = [
    ...(sourceChanged ? ['likely cause: the algorithm has changed since it was recorded'] : []),
    ...(recorded.changed === undefined
      ? []
      : ['likely cause: the file was changed after it was recorded']),
  ];
  return [...(isSame(life) ? [] : whyDifferent(life)), ...events, ...causes];
}
