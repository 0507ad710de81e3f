/** From a file of histories to what is to be checked: every history with its judge. */

import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { HistoryError } from '../../check/history.ts';
import { HistoryFileError, readHistories, type History } from '../../check/history-file.ts';
import {
  checkLinearizability,
  type LinearizabilityVerdict,
} from '../../check/linearizability/linearizability.ts';
import { drawVerdict } from '../../check/linearizability/window.ts';
import type { Model } from '../../check/models/model.ts';
import { MODELS } from '../../check/models/models.ts';
import type { Verdict } from '../../check/verdict.ts';
import { WORKLOADS, type Judge } from '../../check/workloads/workloads.ts';
import { messageOf } from '../../core/errors.ts';
import { nearest } from '../../core/nearest-name.ts';
import { importModule } from '../chapters.ts';
import type { CheckOptions } from './check-options.ts';
import { UsageError } from '../failures.ts';
import { findUserModule, hintForFile, isPath } from '../user-module.ts';

/** One history to check. */
export interface CheckJob {
  readonly history: History;
  /** What the verdict is called in the result. */
  readonly question: 'linearizable' | 'valid';
  /** Checks it; unknown when that is not done by `until`, on the clock `now`. */
  run(now: () => number, until: number): Verdict;
  /** A drawing of what is wrong, if there is one. */
  draw(verdict: Verdict): string | undefined;
}

/** A file is read as one text, of which engines hold no more than this. */
const FILE_BYTES_MAX = 400_000_000;

/**
 * Reads the file, and every history in it with its judge.
 *
 * @throws {UsageError} with file, line and reason
 */
export async function prepareJobs(
  file: string,
  options: CheckOptions,
  workingDirectory: string,
): Promise<CheckJob[]> {
  const text = readText(file, workingDirectory);
  const model =
    options.model === undefined ? undefined : await findModel(options.model, workingDirectory);
  if (options.workload !== undefined) workloadNamed(options.workload);
  try {
    return readHistories(text).map((history) => {
      const job = jobFor(history, options, model);
      checkReadable(job, history);
      return job;
    });
  } catch (error) {
    if (!(error instanceof HistoryFileError)) throw error;
    const column = error.column === undefined ? '' : `:${error.column}`;
    throw new UsageError(`${file}:${error.line}${column}: ${error.problem}`);
  }
}

function readText(file: string, workingDirectory: string): string {
  const absolute = path.resolve(workingDirectory, file);
  const stats = statSync(absolute, { throwIfNoEntry: false });
  if (stats === undefined) {
    throw new UsageError(`there is no file ${file}${hintForFile(absolute, file)}`);
  }
  if (stats.isDirectory()) throw new UsageError(`${file} is a folder: name a file of histories`);
  if (stats.size > FILE_BYTES_MAX) {
    throw new UsageError(`${file} has more than ${FILE_BYTES_MAX} bytes: split it`);
  }
  try {
    return readFileSync(absolute, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function jobFor(history: History, options: CheckOptions, model: Model | undefined): CheckJob {
  const workload = options.workload ?? (model === undefined ? history.workload : undefined);
  if (workload !== undefined) return workloadJob(history, workload, options);
  return modelJob(history, model ?? modelOf(history));
}

function modelOf({ model: name, line }: History): Model {
  if (name === undefined) {
    throw new HistoryFileError(line, 'it names no model and no workload: say which with --model');
  }
  const model = MODELS.get(name);
  if (model === undefined) throw new HistoryFileError(line, noModel(name));
  return model;
}

function noModel(name: string): string {
  const similar = nearest(name, MODELS.keys());
  const hint = similar === undefined ? '' : ` (did you mean '${similar}'?)`;
  return `there is no model '${name}'${hint}; there are ${[...MODELS.keys()].join(', ')}`;
}

function workloadNamed(name: string, line?: number): Judge {
  const judge = WORKLOADS.get(name);
  if (judge !== undefined) return judge;
  const similar = nearest(name, WORKLOADS.keys());
  const hint = similar === undefined ? '' : ` (did you mean '${similar}'?)`;
  const problem = `there is no workload '${name}'${hint}; there are ${[...WORKLOADS.keys()].join(', ')}`;
  throw line === undefined ? new UsageError(problem) : new HistoryFileError(line, problem);
}

function modelJob(history: History, model: Model): CheckJob {
  const { operations, initial } = history;
  return {
    history,
    question: 'linearizable',
    run: (now, until) => checkLinearizability(operations, model, { initial, now, until }),
    draw: (verdict) => drawVerdict(verdict as LinearizabilityVerdict, operations, model),
  };
}

function workloadJob(history: History, name: string, { consistency }: CheckOptions): CheckJob {
  const judge = workloadNamed(name, history.line);
  const { operations, initial } = history;
  return {
    history,
    question: 'valid',
    run: (now, until) => judge(operations, { initial, level: consistency, now, until }),
    draw: ({ anomalies }) =>
      anomalies.map(({ kind, detail }) => `${kind}: ${detail}`).join('\n') || undefined,
  };
}

/** Everything is read before anything is printed: a check that has no time reads all the same. */
function checkReadable(job: CheckJob, { line }: History): void {
  try {
    job.run(() => 0, 0);
  } catch (error) {
    if (error instanceof HistoryError) throw new HistoryFileError(line, error.message);
    throw error;
  }
}

/** A model by its name, or one that a module of the user's exports. */
async function findModel(reference: string, workingDirectory: string): Promise<Model> {
  if (!isPath(reference)) {
    const model = MODELS.get(reference);
    if (model !== undefined) return model;
    throw new UsageError(noModel(reference));
  }
  const { file, key } = findUserModule(reference, workingDirectory);
  const exported = await importModule(file, key);
  const wanted = reference.split('#')[1];
  const models = Object.entries(exported).filter(
    (entry): entry is [string, Model] =>
      isModel(entry[1]) &&
      (wanted === undefined || entry[0] === wanted || entry[1].name === wanted),
  );
  const [first, second] = models;
  if (first === undefined) {
    const what = wanted === undefined ? 'a model' : `a model '${wanted}'`;
    throw new UsageError(
      `${key} exports no ${what.slice(2)}: an object with name, operations, initial, action, step and describe`,
    );
  }
  if (second !== undefined) {
    const names = models.map(([name]) => `${key}#${name}`).join(', ');
    throw new UsageError(`${key} exports several models: say which of ${names}`);
  }
  return first[1];
}

function isModel(value: unknown): value is Model {
  if (typeof value !== 'object' || value === null) return false;
  const { name, operations, initial, action, step, describe } = value as Partial<Model>;
  return (
    typeof name === 'string' &&
    Array.isArray(operations) &&
    [initial, action, step, describe].every((part) => typeof part === 'function')
  );
}
