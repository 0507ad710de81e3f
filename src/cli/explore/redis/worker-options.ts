/** The command `worker`, as people type it. */

import { InvalidArgumentError, type Command } from 'commander';
import { isRedisAddress } from '../../../../signaling-server/redis-address.ts';

/** What `worker` is asked. */
export interface WorkerOptions {
  readonly redis: string;
  readonly jobs?: number;
}

const HELP = `
It takes seeds that "parley explore --redis URL" puts into a queue there, as many workers as there are, on as many
machines. When one is lost, its seeds are given to another.

A worker runs the algorithms that are installed with it and nothing else: jobs name a chapter, never bring code, and
are refused where its source is not the same as there. Whoever reaches Redis can use the worker's time.

Examples:
  parley worker --redis redis://build-server:6379
  parley worker --redis redis://:PASSWORD@build-server:6379/1 --jobs 4

It ends with Ctrl-C, when the seeds that it has begun are done.

Exit status: 0 it was ended, 1 no Redis answers, 2 bad usage.`;

/** Adds the command; what it does is loaded when it is called. */
export function addWorkerCommand(
  program: Command,
  finished: (status: number) => void,
  jobs: (text: string) => number,
): void {
  program
    .command('worker')
    .summary('lend this machine to explorations')
    .description('Run seeds for explorations that go through Redis.')
    .requiredOption('--redis <url>', 'where the queue is, redis://…', redisUrl)
    .option('--jobs <number>', 'threads (default: one for each processor)', jobs)
    .addHelpText('after', HELP)
    .action(async (options: WorkerOptions) =>
      finished(await (await import('./worker.ts')).workerCommand(options)),
    );
}

/** An address of Redis. */
export function redisUrl(text: string): string {
  if (isRedisAddress(text)) return text;
  throw new InvalidArgumentError('It must be an address like redis://localhost:6379.');
}
