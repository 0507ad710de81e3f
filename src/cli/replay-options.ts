/** The command `replay`, as people type it: its options, their help and its examples. */

import type { Command } from 'commander';
import { count } from './option-values.ts';

/** What `replay` is asked. */
export interface ReplayOptions {
  readonly algorithm?: string;
  readonly trace?: string;
  readonly json?: boolean;
  readonly verbose: number;
}

const HELP = `
A recording is what "parley run -m local --record FILE" writes: everything that happened to each node. Replayed in this
process it has to come to the same states and the same messages, event by event. If it does not, the first
difference is named with its likely cause. Name several files, or a folder, when each node has one of its own.

Examples:
  parley run -c configs/bracha.yaml -a bracha -m local --record run.ndjson
  parley replay run.ndjson
  parley replay run.ndjson --trace replayed.ndjson
  parley replay recordings/ --json

Exit status: 0 everything happened again, 1 something is different or was changed in the file, 2 bad usage, or a file
that cannot be read.`;

/** Adds the command; what it does is loaded when it is called. */
export function addReplayCommand(program: Command, finished: (status: number) => void): void {
  program
    .command('replay')
    .summary('do a recorded live run again')
    .description('Do a recorded live run again, and say whether it is the same.')
    .argument('<file...>', 'recordings of one run, or a folder of them')
    .option('-a, --algorithm <name>', 'the algorithm, where its module is elsewhere by now')
    .option('--trace <file>', 'write every event of the replay to FILE, as the live run would have')
    .option('--json', 'print one JSON object')
    .option('-v, --verbose', 'what the nodes say: -v, their details -vv, everything -vvv', count, 0)
    .addHelpText('after', HELP)
    .action(async (files: string[], options: ReplayOptions) => {
      const { replayRecordingCommand } = await import('./replay-recording.ts');
      finished(await replayRecordingCommand(files, options));
    });
}
