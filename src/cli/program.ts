/** The command line as commander sees it: commands, options and help. What a command does is given from outside. */

import { Command } from 'commander';
import { addSearchCommand } from './search/options.ts';
import { addCheckCommand } from './check/check-options.ts';
import { addExploreCommand } from './explore/options.ts';
import { addPubSubCommand } from './pubsub/options.ts';
import { addRaftCommand } from './raft/options.ts';
import { addReplayCommand } from './replay/replay-options.ts';
import { addMaelstromCommands } from './maelstrom/options.ts';
import { addAverageCommand } from './overlay/average-options.ts';
import { addOverlayCommand } from './overlay/overlay-options.ts';
import { addTopologyCommand } from './overlay/topology-options.ts';
import { addSpreadCommand } from './overlay/spread-options.ts';
import { addRunOptions } from './run/run-options.ts';
import type { RunOptions } from './run/run-request.ts';
import { addServeOptions, type ServeOptions } from './signal/signal-options.ts';
import { addTraceCommand } from './trace/options.ts';
import { addZooCommand } from './zoo/zoo-options.ts';

/** What each command does; the status is what the process exits with. */
export interface Actions {
  run(options: RunOptions): Promise<number>;
  algorithms(): Promise<number>;
  create(name: string): Promise<number>;
  signal(options: ServeOptions): Promise<number>;
  lab(modules: readonly string[], options: ServeOptions): Promise<number>;
}

const DESCRIPTION = `Parley: distributed algorithms in a simulator, in workers and in browser tabs.

One TypeScript file runs in all of them.`;

const EXAMPLES = `
Examples:
  parley lab                                           the lab page, with the address for other devices
  parley run -c configs/bracha.yaml -a bracha          in the simulator
  parley run -c configs/bracha.yaml -a bracha -m local in headless Chromium over WebRTC
  parley new gossip                                    a first algorithm of your own
  parley help run                                      everything about one command`;

/**
 * Makes the program. It throws commander's errors instead of ending the process.
 *
 * @param finished takes the exit status of the command that ran
 */
export function createProgram(
  version: string,
  actions: Actions,
  finished: (status: number) => void,
): Command {
  const program = new Command('parley')
    .description(DESCRIPTION)
    .version(version, '-V, --version', 'print the version')
    .exitOverride()
    .configureHelp({ showGlobalOptions: false })
    .addHelpText('after', EXAMPLES);

  addRunOptions(program.command('run')).action(async (options: RunOptions) =>
    finished(await actions.run(options)),
  );
  addSearchCommand(program, finished);

  program
    .command('algorithms')
    .summary('list the algorithms')
    .description('List the algorithms, one line each.')
    .addHelpText('after', '\nExample:\n  parley algorithms')
    .action(async () => finished(await actions.algorithms()));

  program
    .command('new')
    .summary('make an algorithm of your own')
    .description('Make an algorithm with a configuration and a test, ready to run.')
    .argument('<name>', 'in lower case with underscores, e.g. my_gossip')
    .addHelpText('after', NEW_EXAMPLES)
    .action(async (name: string) => finished(await actions.create(name)));

  addServeOptions(program.command('signal'))
    .description(
      'Run the signaling server alone: tabs with the same room code find one another here.',
    )
    .addHelpText('after', SIGNAL_EXAMPLES)
    .action(async (options: ServeOptions) => finished(await actions.signal(options)));

  addServeOptions(program.command('lab'))
    .summary('serve the lab page')
    .description('Serve the lab page and the signaling server on one port.')
    .argument('[module...]', 'modules of yours to show in the page: ./mine.ts')
    .option('--dev', 'serve the sources and show changes at once, for work on Parley itself')
    .addHelpText('after', LAB_EXAMPLES)
    .action(async (modules: string[], options: ServeOptions) =>
      finished(await actions.lab(modules, options)),
    );
  addReplayCommand(program, finished);
  addTraceCommand(program, finished);
  addCheckCommand(program, finished);
  addExploreCommand(program, finished);
  addMaelstromCommands(program, finished);
  addZooCommand(program, finished);
  addOverlayCommand(program, finished);
  addAverageCommand(program, finished);
  addTopologyCommand(program, finished);
  addSpreadCommand(program, finished);
  addRaftCommand(program, finished);
  addPubSubCommand(program, finished);
  for (const command of program.commands) {
    command.showHelpAfterError(`(parley ${command.name()} --help says more)`);
  }
  return program.showHelpAfterError('(parley --help lists the commands)');
}

const NEW_EXAMPLES = `
In Parley's own tree it makes a chapter: src/algorithms/NAME, configs/NAME.yaml and a test.
Elsewhere it makes a folder NAME that imports @parley-lab/parley.

Example:
  parley new my_gossip`;

const ENVIRONMENT = `
The environment can say the same, and the command line wins: --max-rooms 50 is
PARLEY_SIGNAL_MAX_ROOMS=50. docs/deployment.md has a table of all of it.`;

const SIGNAL_EXAMPLES = `${ENVIRONMENT}

Examples:
  parley signal
  PORT=8080 parley signal
  parley signal --port 9100 --host 127.0.0.1
  parley signal --cert lan.pem --key lan-key.pem --log json`;

const LAB_EXAMPLES = `${ENVIRONMENT}

Examples:
  parley lab
  parley lab ./mine.ts ./other.ts#Gossip
  parley lab --dev --port 9100`;
