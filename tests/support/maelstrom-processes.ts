/** Runs of Maelstrom's workloads with nodes that are processes. */

import { fileURLToPath } from 'node:url';
import { Clockwork, type TimeReport } from '../../src/cli/maelstrom/clockwork.ts';
import type { ProgramCommand } from '../../src/cli/maelstrom/node-process.ts';
import { ProcessNodes } from '../../src/cli/maelstrom/process-nodes.ts';
import { StderrLogs } from '../../src/cli/maelstrom/stderr-log.ts';
import { runMaelstrom, type MaelstromResult } from '../../src/maelstrom/run.ts';
import { requestFor, type Asked } from './maelstrom.ts';

/** A program of `tests/e2e/programs`. */
export function program(file: string, ...args: readonly string[]): ProgramCommand {
  const script = fileURLToPath(new URL(`../e2e/programs/${file}`, import.meta.url));
  return { file: process.execPath, args: [script, ...args] };
}

/** How time passes; the program is taken to have no timers unless said otherwise. */
export interface Timing {
  readonly isReal?: boolean;
  readonly watchMs?: number;
  readonly patienceMs?: number;
}

/** Runs a program to the end; its processes are gone then. */
export async function runProgram(
  command: ProgramCommand,
  asked: Asked,
  { isReal = false, watchMs = 0, patienceMs = 20_000 }: Timing = {},
): Promise<MaelstromResult & { readonly time: TimeReport }> {
  const clockwork = new Clockwork({ isReal, watchMs, patienceMs });
  const logs = new StderrLogs(undefined, undefined);
  const nodes = new ProcessNodes(command, clockwork, logs);
  try {
    const result = await runMaelstrom(requestFor(asked), {
      node: (port) => nodes.program(port),
      crashed: (id) => nodes.kill(id),
      outside: clockwork,
      initTimeoutMs: patienceMs,
      audience: {
        began: () => clockwork.began(),
        recovering: () => clockwork.recovering(),
        ended: () => clockwork.over(),
      },
    });
    return { ...result, time: clockwork.report() };
  } finally {
    await nodes.end();
    logs.discard();
  }
}
