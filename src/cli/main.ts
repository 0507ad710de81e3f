/** Entry of the command line: from words to an exit status. Each command is loaded only when it is called. */

import { CommanderError } from 'commander';
import { EnvironmentError, EXIT_STATUS, UsageError } from './failures.ts';
import { packageVersion } from './package-root.ts';
import { createProgram, type Actions } from './program.ts';

/**
 * Runs the command line; sets the exit status of the process.
 *
 * @param words without the program's own name
 */
export async function main(words: readonly string[]): Promise<void> {
  // Whoever reads us may stop reading (`| head`): that is no reason for a stack trace.
  process.stdout.on('error', ignoreBrokenPipe);
  process.stderr.on('error', ignoreBrokenPipe);
  const program = createProgram(packageVersion(), actions, (status) => {
    process.exitCode = status;
  });
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    process.exitCode = explain(error);
  }
}

const actions: Actions = {
  run: async (options) => (await import('./run/run.ts')).runCommand(options),
  algorithms: async () => (await import('./algorithms.ts')).algorithmsCommand(),
  create: async (name) => (await import('./new/new-chapter.ts')).newCommand(name),
  signal: async (options) => (await import('./signal/signal.ts')).signalCommand(options),
  lab: async (modules, options) => (await import('./lab/lab.ts')).labCommand(modules, options),
};

/** Prints what went wrong, and says which exit status that is. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) {
    // Commander has printed it already.
    return error.exitCode === 0 ? EXIT_STATUS.ok : EXIT_STATUS.usage;
  }
  if (error instanceof UsageError) {
    console.error(`error: ${error.message}`);
    return EXIT_STATUS.usage;
  }
  if (error instanceof EnvironmentError) {
    console.error(`error: ${error.message}`);
    return EXIT_STATUS.failed;
  }
  console.error(error);
  console.error('This is a defect of Parley. Please report it with the lines above.');
  return EXIT_STATUS.failed;
}

function ignoreBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
