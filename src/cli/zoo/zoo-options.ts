/** The command `zoo`, as people type it. */

import type { Command } from 'commander';

/** What `zoo` is asked. */
export interface ZooOptions {
  /** A chapter's name or the path of a module; all chapters unless given. */
  readonly algorithm?: string;
  readonly list?: boolean;
  readonly json?: boolean;
}

const HELP = `
A bug is a mistake that people make in an algorithm. Each is put into it, and run under faults with one seed after the
other until the property breaks that the chapter says it breaks. "parley run --break BUG" shows one; docs/zoo.md has more.

Examples:
  parley zoo
  parley zoo -a bracha
  parley zoo -a bracha --list
  parley zoo -a ./mine.ts --json

Exit status: 0 every bug was found, 1 one was not, 2 bad usage.`;

/** Adds the command; what it does is loaded when it is called. */
export function addZooCommand(program: Command, finished: (status: number) => void): void {
  program
    .command('zoo')
    .summary('hunt the known bugs of the algorithms')
    .description('Put bugs into the algorithms, one at a time, and see that the checks find each.')
    .option(
      '-a, --algorithm <name>',
      'only those of one algorithm: a name from "parley algorithms", or a module of yours',
    )
    .option('--list', 'say what bugs there are, without hunting them')
    .option('--json', 'print one JSON object a bug')
    .addHelpText('after', HELP)
    .action(async (options: ZooOptions) =>
      finished(await (await import('./zoo.ts')).zooCommand(options)),
    );
}
