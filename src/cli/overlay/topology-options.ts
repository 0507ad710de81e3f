/** The command `topology`, as people type it. */

import { Option, type Command } from 'commander';
import { KINDS, type Kind } from '../../lab/nodemanager/generate.ts';
import { seed, share, wholeNumber } from '../option-values.ts';

/** What `topology` is asked. */
export interface TopologyOptions {
  readonly kind?: Kind;
  readonly edges?: string;
  readonly nodes?: number;
  readonly sendTo?: number;
  readonly receiveFrom?: number;
  readonly min?: number;
  readonly max?: number;
  readonly rows?: number;
  readonly nearest?: number;
  readonly rewired?: number;
  readonly seed?: number;
  readonly output?: string;
}

const HELP = `
Examples:
  parley topology --kind ring --nodes 8 -o ring.yaml
  parley topology --kind random --nodes 20 --send-to 3 --receive-from 3
  parley topology --kind small-world --nodes 100 --nearest 6 --rewired 0.05
  parley topology --edges friends.txt
  parley run -c ring.yaml -a share_vec --for 20

A file of edges has one a line: a b, a -- b (both ways) or a -> b.`;

/** Adds the command; what it does is loaded when it is called. */
export function addTopologyCommand(program: Command, finished: (status: number) => void): void {
  program
    .command('topology')
    .summary('write a static topology')
    .description(
      'Write who can send to whom, by a rule or from a list of edges, in nodemanager’s form.',
    )
    .addOption(new Option('--kind <kind>', 'the rule').choices(KINDS))
    .option('--edges <file>', 'a list of edges in the place of a rule')
    .option('--nodes <n>', 'how many (default: 8)', wholeNumber)
    .option('--send-to <n>', 'random: links from each node', wholeNumber)
    .option('--receive-from <n>', 'random: links to each node (default: as many)', wholeNumber)
    .option('--min <n>', 'random: links from each node at least, without --send-to', wholeNumber)
    .option('--max <n>', 'random: at most', wholeNumber)
    .option('--rows <n>', 'lattice: rows (default: about a square)', wholeNumber)
    .option('--nearest <n>', 'small-world: neighbours on the ring (default: 4)', wholeNumber)
    .option('--rewired <share>', 'small-world: links that lead to anybody (default: 0.1)', share)
    .option('--seed <n>', 'same seed, same topology (default: 1)', seed)
    .option('-o, --output <file>', 'write to a file')
    .addHelpText('after', HELP)
    .action(async (options: TopologyOptions) => {
      finished((await import('./topology.ts')).topologyCommand(options));
    });
}
