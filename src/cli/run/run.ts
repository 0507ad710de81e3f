/** `parley run`: from a request to a result, printed and reported. */

import { randomInt } from 'node:crypto';
import type { RunResult } from '../../core/result.ts';
import { withMeasures } from '../../lab/metrics/measured.ts';
import { coloursFor } from '../colours.ts';
import { EXIT_STATUS } from '../failures.ts';
import { Interrupt } from '../interrupt.ts';
import { NodeLogs } from './node-logs.ts';
import { withForeignDefaults } from './nodemanager-file.ts';
import { prepareRun, type PreparedRun } from './prepare-run.ts';
import { printableResult } from '../printable.ts';
import { appendReports, prepareReportFolder, reportLines } from './report-lines.ts';
import { resultTable } from './result-table.ts';
import { RunLog } from './run-log.ts';
import { runOffline } from './run-offline.ts';
import {
  DRAWN_SEED_MAX,
  idleOptions,
  runRequest,
  type RunOptions,
  type RunRequest,
} from './run-request.ts';

/** Runs what the options ask for; the exit status. */
export async function runCommand(given: RunOptions): Promise<number> {
  const options = withForeignDefaults(given, process.cwd());
  const request = runRequest(options, () => randomInt(DRAWN_SEED_MAX + 1));
  const prepared = await prepareRun(request, process.cwd());
  const files = logFilesOf(prepared);
  const log = openLog(prepared, files);
  for (const note of idleOptions(options)) log.warn(`${note}`);
  for (const warning of prepared.warnings) log.warn(warning);
  if (given.algorithm === undefined) {
    log.note(
      `-a ${request.algorithm}: nodemanager’s example of an application, for none was named`,
    );
  }
  if (request.isSeedDrawn) log.note(`seed ${request.seed} (drawn; --seed repeats it)`);
  if (request.reportFolder !== undefined) prepareReportFolder(request.reportFolder);
  const interrupt = new Interrupt((signal) => {
    log.note(`${signal}: the nodes are being stopped; a second one ends at once`);
  });
  try {
    const ended = await perform(prepared, log, interrupt.signal);
    const result = withMeasures(ended, prepared.located.chapter.measures);
    if (request.reportFolder !== undefined) {
      appendReports(request.reportFolder, reportLines(result, prepared.spec.runId));
    }
    print(result, request);
    return interrupt.exitStatus ?? (result.ok ? EXIT_STATUS.ok : EXIT_STATUS.failed);
  } finally {
    interrupt.close();
    files?.close();
  }
}

/** Of the nodes that run here. */
function logFilesOf({ request, plan }: PreparedRun): NodeLogs | undefined {
  const { logFolder, mode, id } = request;
  const nodes = mode === 'network' ? [id!] : plan.nodes.map((node) => node.id);
  return logFolder === undefined ? undefined : new NodeLogs(logFolder, nodes);
}

async function perform(
  prepared: PreparedRun,
  log: RunLog,
  signal: AbortSignal,
): Promise<RunResult> {
  if (prepared.request.checksDeterminism) {
    const { runTwice } = await import('../trace/determinism.ts');
    return runTwice(prepared, log, signal);
  }
  if (prepared.request.mode === 'offline') return runOffline(prepared, log, signal);
  const { runLive } = await import('../live/run-live.ts');
  return runLive(prepared, log, signal);
}

function openLog({ request, plan }: PreparedRun, files: NodeLogs | undefined): RunLog {
  return new RunLog({
    ...(files === undefined ? {} : { files }),
    nodes: plan.nodes.map(({ id }) => id),
    algorithm: plan.algorithm.definition.name,
    colours: coloursFor(process.stderr, process.env),
    verbosity: request.verbosity,
    write: (line) => process.stderr.write(`${line}\n`),
  });
}

function print(result: RunResult, request: RunRequest): void {
  if (request.json) {
    process.stdout.write(`${JSON.stringify(printableResult(result))}\n`);
    return;
  }
  const columns = process.stdout.isTTY ? process.stdout.columns : undefined;
  const colours = coloursFor(process.stdout, process.env);
  process.stdout.write(resultTable(result, { colours, columns }));
}
