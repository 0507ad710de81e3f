/** `parley run --check-determinism`: runs twice, and names the first event that differs. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { diffText } from '../../check/trace/diff-text.ts';
import { compareTraces } from '../../check/trace/trace-diff.ts';
import type { RunResult } from '../../core/result.ts';
import type { PreparedRun } from '../run/prepare-run.ts';
import type { RunLog } from '../run/run-log.ts';
import { runOffline } from '../run/run-offline.ts';
import { TraceFiles } from './files.ts';

/** A result, and whether a second run came to the same, event by event. */
export type CheckedResult = RunResult & { readonly deterministic: boolean };

/** Runs twice. The result is that of the first run; a difference makes it not ok. */
export async function runTwice(
  prepared: PreparedRun,
  log: RunLog,
  signal: AbortSignal,
): Promise<CheckedResult> {
  const folder = mkdtempSync(path.join(tmpdir(), 'parley-twice-'));
  try {
    const [fileA, fileB] = ['first', 'second'].map((name) => path.join(folder, `${name}.ndjson`));
    const firstFile = prepared.request.traceFile ?? fileA!;
    const first = await runOffline(traced(prepared, firstFile), log, signal);
    if (signal.aborted) return { ...first, deterministic: false };
    // What the nodes say was heard once.
    const second = await runOffline(traced(prepared, fileB!), log.muted(), signal);
    const deterministic = first.trace_sha256 === second.trace_sha256;
    if (deterministic) log.note('a second run was the same, event by event');
    else {
      log.warn('a second run of the same seed was another one');
      for (const line of await difference(firstFile, fileB!)) log.warn(line);
    }
    return { ...first, ok: first.ok && deterministic, deterministic };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function traced(prepared: PreparedRun, traceFile: string): PreparedRun {
  return { ...prepared, request: { ...prepared.request, traceFile } };
}

async function difference(nameA: string, nameB: string): Promise<string[]> {
  const files = new TraceFiles({ progress: () => {}, warn: () => {} }, undefined);
  const [a, b] = [await files.open(nameA), await files.open(nameB)];
  const found = compareTraces(
    { facts: {}, records: a.records() },
    { facts: {}, records: b.records() },
  );
  return found === undefined ? [] : diffText(found, { a: 'first run', b: 'second run' });
}
