/** The command `overlay`, as people type it: its options, their help and its examples. */

import { InvalidArgumentError, Option, type Command } from 'commander';
import { SAMPLERS, type Kill, type OverlayOptions } from '../../lab/overlay/overlay-spec.ts';
import type { Noticing } from '../../lab/overlay/reliability.ts';
import { seed, share, wholeNumber } from '../option-values.ts';

/** What `overlay` is asked. */
export interface OverlayCommandOptions extends OverlayOptions {
  readonly every?: number;
  readonly json?: boolean;
  /** File for one line a measured cycle. */
  readonly csv?: string;
  /** At the end: removals of all nodes in random order. */
  readonly removals?: number;
  /** At the end: share of the nodes that crash, under so many broadcasts. */
  readonly crash?: number;
  readonly broadcasts?: number;
  readonly noticing?: Noticing;
}

const HELP = `
What is printed: how many views a node is in (in-degree), how many of its neighbours know each other
(clustering), hops between two nodes, links to dead nodes, parts that cannot reach one another, and the share of
Byzantine nodes in views and in samples. All of it of correct living nodes and the links between them, read in both
directions. Up to 2000 nodes everything is counted; above, clustering is that of 10000 nodes and paths are those from
100 (1000 and 20 while the run goes on). Above 200000 nodes it is 1000 and 3 at the end, and none before. Speed is per second of processor time.

Examples:
  parley overlay
  parley overlay --nodes 10000 --view-size 30 --heal 0 --swap 15 --start lattice --cycles 30
  parley overlay --heal 15 --cycles 310 --kill 0.5@300 --csv healing.csv
  parley overlay --sampler basalt --nodes 1000 --view-size 50 --byzantine 0.3 --force 10 --cycles 200
  parley overlay --sampler brahms --nodes 1000 --view-size 100 --alpha 0.45 --beta 0.45 --byzantine 0.1 --json

Exit status: 0 done, 2 bad usage. docs/overlays.md has the figures of the papers beside ours.`;

/** Adds the command; what it does is loaded when it is called. */
export function addOverlayCommand(program: Command, finished: (status: number) => void): void {
  const command = program
    .command('overlay')
    .summary('large networks of peer samplers, cycle by cycle')
    .description('Run a peer sampling service on up to millions of nodes, and measure the overlay.')
    .addOption(new Option('--sampler <name>', 'the service (default: gbps)').choices(SAMPLERS));
  addNetworkOptions(command);
  addSamplerOptions(command);
  command
    .option('--seed <n>', 'same seed, same overlay (default: 1)', seed)
    .option('--every <n>', 'cycles between two lines (default: some thirty lines)', wholeNumber)
    .option(
      '--removals <n>',
      'at the end: take all nodes out at random, so many times; when does it fall apart?',
      wholeNumber,
    )
    .option(
      '--crash <share>',
      'hyparview, at the end: this share crashes, and messages are broadcast',
      share,
    )
    .option('--broadcasts <n>', 'messages that are broadcast (default: 100)', wholeNumber)
    .addOption(
      new Option(
        '--noticing <when>',
        'who notices a crash: all at once, or who sends (default: at-once)',
      ).choices(['at-once', 'sends']),
    )
    .option('--json', 'print one JSON object, of the end')
    .option('--csv <file>', 'write the lines to a file, too')
    .addHelpText('after', HELP)
    .action(async (options: Typed) => {
      const { failed, ...others } = options;
      const asked = failed === undefined ? others : { ...others, onFailed: failed };
      finished(await (await import('./overlay.ts')).overlayCommand(asked));
    });
}

/** As they are typed: `--failed` is what the library calls onFailed. */
type Typed = Omit<OverlayCommandOptions, 'onFailed'> & {
  readonly failed?: NonNullable<OverlayOptions['onFailed']>;
};

function addNetworkOptions(command: Command): void {
  command
    .option('--nodes <n>', 'nodes (default: 10000)', wholeNumber)
    .option('--view-size <c>', 'peers that a node knows (default: 30; hyparview 5)', wholeNumber)
    .option('--cycles <n>', 'in each, every node acts once (default: 100)', wholeNumber)
    .addOption(
      new Option(
        '--start <how>',
        'first views: random, the nearest on a ring, or a hundredth of the nodes joins each ' +
          'cycle and knows the first (default: random)',
      ).choices(['random', 'lattice', 'growing']),
    )
    .option('--kill <share@cycle>', 'this share of the nodes dies after so many cycles', kill)
    .option('--byzantine <share>', 'nodes that lie: they name only one another', share)
    .option('--force <n>', 'pushes of each of them a cycle (default: 1)', wholeNumber);
}

function addSamplerOptions(command: Command): void {
  const choice = (flags: string, text: string, choices: readonly string[]) =>
    command.addOption(new Option(flags, text).choices(choices));
  command
    .option('--heal <H>', 'gbps: the oldest to drop in an exchange (default: 0)', wholeNumber)
    .option('--swap <S>', 'gbps: the sent ones to drop (default: half a view less H)', wholeNumber);
  choice('--selection <policy>', 'gbps: whom to gossip with (default: rand)', ['rand', 'old']);
  choice('--propagation <policy>', 'gbps, cyclon: (default: pushpull)', ['push', 'pushpull']);
  choice(
    '--failed <what>',
    'gbps, cyclon: dead peers are skipped, removed when one tries, or kept (default: skip)',
    ['skip', 'remove', 'keep'],
  );
  command
    .option(
      '--refresh <K>',
      'basalt: slots that give out a sample and are seeded anew at once (default: 1); brahms: samplers (default: none)',
      wholeNumber,
    )
    .option('--refresh-every <n>', 'cycles between two refreshes (default: 1)', wholeNumber)
    .option('--uncounted', 'basalt: without its hit counters')
    .option('--sampler-size <L>', 'brahms: samplers (default: as many as the view)', wholeNumber)
    .option('--alpha <A>', 'brahms: part of the view from pushes (default: 0.45)', share)
    .option('--beta <B>', 'brahms: part of the view from pulls (default: 0.45)', share)
    .option(
      '--messages <n>',
      'brahms: pushes, and pulls, a round (default: what alpha and beta make of the view)',
      wholeNumber,
    )
    .option('--unlimited', 'brahms: without its defence against many pushes');
}

/** `0.5@300`. */
function kill(text: string): Kill {
  const [first = '', second = '', ...rest] = text.split('@');
  if (rest.length > 0 || second === '') {
    throw new InvalidArgumentError('It must be share@cycle: 0.5@300 kills half after 300 cycles.');
  }
  return { share: share(first), cycle: wholeNumber(second) };
}
