/** `parley maelstrom`: from what was asked to a verdict. */

import { writeFileSync } from 'node:fs';
import { messageOf } from '../../core/errors.ts';
import { AlgorithmProgram } from '../../maelstrom/algorithm-program.ts';
import { runMaelstrom, type MaelstromRequest, type MaelstromResult } from '../../maelstrom/run.ts';
import { locateChapter } from '../chapters.ts';
import { coloursFor } from '../colours.ts';
import { EXIT_STATUS, UsageError } from '../failures.ts';
import { Interrupt } from '../interrupt.ts';
import { TraceWriter } from '../run/trace-writer.ts';
import { Clockwork } from './clockwork.ts';
import type { ProgramCommand } from './node-process.ts';
import type { MaelstromOptions } from './options.ts';
import { ProcessNodes } from './process-nodes.ts';
import { Progress } from './progress.ts';
import { jsonReport, textReport, type Told } from './report.ts';
import { checkSettings, commandOf, requestOf } from './request.ts';
import { StderrLogs } from './stderr-log.ts';

/** Runs, prints, and says with what status to exit. */
export async function maelstromCommand(
  words: readonly string[],
  options: MaelstromOptions,
): Promise<number> {
  // Maelstrom's own command line begins with the word `test`.
  const args = words[0] === 'test' ? words.slice(1) : words;
  const request = requestOf(options);
  if (options.seed === undefined && options.json !== true) {
    process.stderr.write(`seed ${request.seed} (drawn; --seed repeats it)\n`);
  }
  const interrupt = new Interrupt((signal) => {
    process.stderr.write(`${signal}: the run is being ended; a second one ends at once\n`);
  });
  const beganMs = performance.now();
  try {
    const { result, told } =
      options.bin === undefined
        ? await runAlgorithm(request, options, args, interrupt.signal)
        : await runProcesses(request, options, commandOf(options.bin, args), interrupt.signal);
    const elapsedMs = Math.round(performance.now() - beganMs);
    const colours = coloursFor(process.stdout, process.env);
    process.stdout.write(
      options.json === true
        ? jsonReport(request, result, told, elapsedMs)
        : textReport(request, result, told, { elapsedMs, colours }),
    );
    return interrupt.exitStatus ?? (result.ok ? EXIT_STATUS.ok : EXIT_STATUS.failed);
  } finally {
    interrupt.close();
  }
}

interface Ran {
  readonly result: MaelstromResult;
  readonly told: Told;
}

async function runAlgorithm(
  request: MaelstromRequest,
  options: MaelstromOptions,
  args: readonly string[],
  signal: AbortSignal,
): Promise<Ran> {
  if (options.algorithm === undefined) {
    throw new UsageError('what shall the nodes run? --bin names a program, -a an algorithm');
  }
  if (args.length > 0) throw new UsageError(`-a takes no arguments: ${args.join(' ')}`);
  const { chapter } = await locateChapter(options.algorithm, process.cwd());
  const { algorithm } = chapter;
  const settings = options.settings ?? '';
  checkSettings(algorithm.definition, settings);
  const made = { algorithm, settings, seed: request.seed };
  const progress = new Progress(request, options.json === true);
  const { trace, finish } = traced(options.trace);
  const result = await runMaelstrom(request, {
    node: (port) => new AlgorithmProgram(port, made),
    initTimeoutMs: request.workload.timeoutMs(request.latencyMs),
    ...(trace === undefined ? {} : { trace }),
    log: (id, text) => progress.say(`${id}: ${text}`),
    history: (events) => writeHistory(options.history, request, events),
    audience: progress.audience,
    signal,
  }).finally(() => progress.close());
  return { result, told: { program: algorithm.definition.name, trace_sha256: finish() } };
}

async function runProcesses(
  request: MaelstromRequest,
  options: MaelstromOptions,
  command: ProgramCommand,
  signal: AbortSignal,
): Promise<Ran> {
  if (options.algorithm !== undefined) throw new UsageError('--bin and -a cannot both be');
  if (options.settings !== undefined) throw new UsageError('--settings are for -a');
  const clockwork = new Clockwork({
    isReal: options.time === 'real',
    watchMs: options.watch * 1000,
    patienceMs: options.patience * 1000,
  });
  const progress = new Progress(request, options.json === true);
  const show =
    options.logStderr === true
      ? (id: string, line: string) => progress.say(`${id}: ${line}`)
      : undefined;
  const logs = new StderrLogs(options.logs, show);
  const nodes = new ProcessNodes(command, clockwork, logs);
  const { trace, finish } = traced(options.trace);
  signal.addEventListener('abort', () => clockwork.over(), { once: true });
  const { audience } = progress;
  try {
    const result = await runMaelstrom(request, {
      node: (port) => nodes.program(port),
      crashed: (id) => nodes.kill(id),
      outside: clockwork,
      initTimeoutMs: options.patience * 1000,
      ...(trace === undefined ? {} : { trace }),
      history: (events) => writeHistory(options.history, request, events),
      audience: {
        began: () => {
          clockwork.began();
          audience.began();
        },
        recovering: () => {
          clockwork.recovering();
          audience.recovering();
        },
        ended: () => {
          clockwork.over();
          audience.ended();
        },
        problem: (text) => audience.problem(text),
      },
      signal,
    });
    const told = { program: command.file, time: clockwork.report(), trace_sha256: finish() };
    if (result.ok || logs.isEmpty) {
      logs.discard();
      return { result, told };
    }
    return { result, told: { ...told, logs: logs.folder } };
  } finally {
    progress.close();
    await nodes.end();
  }
}

function traced(file: string | undefined) {
  if (file === undefined) return { trace: undefined, finish: () => undefined };
  const writer = new TraceWriter(file);
  return {
    trace: (event: Parameters<TraceWriter['add']>[0]) => writer.add(event),
    finish: () => writer.finish(),
  };
}

function writeHistory(
  file: string | undefined,
  { workload, seed }: MaelstromRequest,
  events: readonly unknown[],
): void {
  if (file === undefined) return;
  const history = { name: `${workload.name}, seed ${seed}`, workload: workload.name, events };
  try {
    writeFileSync(file, `${JSON.stringify(history)}\n`);
  } catch (error) {
    throw new UsageError(`--history ${file}: ${messageOf(error)}`, { cause: error });
  }
}
