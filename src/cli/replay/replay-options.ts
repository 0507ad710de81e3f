/** The command `replay`, as people type it: its options, their help and its examples. */

import type { Command } from 'commander';
import { continuations, count } from '../option-values.ts';

/** What `replay` is asked. */
export interface ReplayOptions {
  readonly algorithm?: string;
  /** Source that a link carries may run here. */
  readonly trust?: boolean;
  /** Prints the source that a link carries, and runs nothing. */
  readonly source?: boolean;
  /** Continuations from each moment of a link's run. */
  readonly inevitable?: number;
  readonly trace?: string;
  readonly json?: boolean;
  readonly verbose: number;
}

const HELP = `
A recording is what "parley run -m local --record FILE" writes: everything that happened to each node. Replayed in this
process it has to come to the same states and the same messages, event by event. If it does not, the first
difference is named with its likely cause. Name several files, or a folder, when each node has one of its own.

A link is what "parley explore" prints for a run that failed; it may stand in a file. The run has to be the same, byte for
byte. A link may carry an algorithm of its sender's: --source prints it, and it runs, with your rights, only with --trust.

Examples:
  parley run -c configs/bracha.yaml -a bracha -m local --record run.ndjson
  parley replay run.ndjson
  parley replay run.ndjson --trace replayed.ndjson
  parley replay recordings/ --json
  parley replay 'http://localhost:9000/#/run/1.…' --trace run.ndjson
  parley replay 'http://localhost:9000/#/run/1.…' -a ./mine.ts    whether mine.ts still fails

Exit status: 0 everything happened again, 1 something is different or was changed in the file, 2 bad usage, or a file
that cannot be read.`;

/** Adds the command; what it does is loaded when it is called. */
export function addReplayCommand(program: Command, finished: (status: number) => void): void {
  program
    .command('replay')
    .summary('do a recorded run, or that of a link, again')
    .description(
      'Do a recorded live run, or the run of a link, again, and say whether it is the same.',
    )
    .argument('<file...>', 'recordings of one run, or a folder of them; or a link')
    .option('-a, --algorithm <name>', 'the algorithm, where its module is elsewhere by now')
    .option('--trace <file>', 'write every event of the replay to FILE, as the live run would have')
    .option('--trust', 'links: run the source that the link carries')
    .option('--source', 'links: print the source that the link carries, and run nothing')
    .option(
      '--inevitable <number>',
      'links: from moments on the way, so many other continuations; how many fail?',
      continuations,
    )
    .option('--json', 'print one JSON object')
    .option('-v, --verbose', 'what the nodes say: -v, their details -vv, everything -vvv', count, 0)
    .addHelpText('after', HELP)
    .action(async (files: string[], options: ReplayOptions) => {
      const link = await linkAmong(files);
      if (link !== undefined) {
        const { replayLinkCommand } = await import('./replay-link.ts');
        return finished(await replayLinkCommand(link, options));
      }
      const { replayRecordingCommand } = await import('./replay-recording.ts');
      finished(await replayRecordingCommand(files, options));
    });
}

/** The link that was named, itself or by a file in which it stands; undefined when these are recordings. */
async function linkAmong(names: readonly string[]): Promise<string | undefined> {
  const { linkIn } = await import('./link-file.ts');
  return names.length === 1 ? linkIn(names[0]!) : undefined;
}
