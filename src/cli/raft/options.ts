/** The command `raft`, as people type it: a cluster of headless tabs, and what one asks it. */

import { InvalidArgumentError, Option, type Command } from 'commander';
import { demos } from '../../lab/raft/demos/demos.ts';

/** Where a cluster lives. */
export interface RaftPlace {
  readonly dir: string;
}

/** What `raft start` is asked. */
export interface RaftStartOptions extends RaftPlace {
  readonly nodes: number;
  readonly spares: number;
  readonly machine: string;
  readonly storage: 'strict' | 'relaxed';
}

/** What every other command is asked. */
export interface RaftAskOptions extends RaftPlace {
  readonly at?: string;
  readonly as?: 'voter' | 'learner' | 'witness';
  readonly json?: boolean;
}

const HELP = `
The cluster is a browser with a tab for each node; what the nodes know is in its IndexedDB, under --dir. "start" runs until
Ctrl-C or "parley raft stop", and finds everything again the next time. The other commands talk to it from another terminal.

Examples:
  parley raft start --machine bank
  parley raft propose '{"do":"open","account":"ann","owner":"Ann"}'
  parley raft propose '{"do":"deposit","account":"ann","cents":500}' --at n2
  parley raft read '{"of":"statement","account":"ann"}'
  parley raft status
  parley raft add n4
  parley raft transfer n2
  parley raft down n1
  parley raft snapshot
  parley raft stop

Exit status: 0 it was done, 1 it was refused or nobody knows, 2 bad usage.`;

/** Tabs of one browser: more of them starve each other. */
const NODES_MAX = 9;

/** Adds the command and its subcommands; what they do is loaded when they are called. */
export function addRaftCommand(program: Command, finished: (status: number) => void): void {
  const raft = program
    .command('raft')
    .summary('a Raft cluster of headless tabs')
    .description('Run a Raft cluster of headless tabs, and ask it things.')
    .addHelpText('after', HELP);
  const dir = () =>
    new Option('--dir <folder>', 'where the cluster keeps everything').default('parley-raft');

  raft
    .command('start')
    .description('Start the cluster, or start it again, and keep it running.')
    .addOption(dir())
    .option('--nodes <number>', 'the first voters', whole(1, NODES_MAX), 3)
    .option('--spares <number>', 'tabs that may become members later', whole(0, NODES_MAX), 1)
    .addOption(
      new Option('--machine <name>', 'what is replicated')
        .choices(Object.keys(demos))
        .default('key-value'),
    )
    .addOption(
      new Option('--storage <durability>', 'survive a power cut, or a crash of the browser')
        .choices(['strict', 'relaxed'])
        .default('strict'),
    )
    .action(async (options: RaftStartOptions) => {
      const { startCommand } = await import('./start.ts');
      finished(await startCommand(options));
    });

  const ask = (
    name: string,
    description: string,
    argument?: readonly [name: string, description: string],
  ): Command => {
    const command = raft.command(name).description(description).addOption(dir());
    if (argument !== undefined) command.argument(...argument);
    return command.option('--json', 'print one JSON object').action(async (...words: unknown[]) => {
      const text = argument === undefined ? undefined : (words[0] as string | undefined);
      const options = words[argument === undefined ? 0 : 1] as RaftAskOptions;
      const { askCommand } = await import('./ask.ts');
      finished(await askCommand(name, text, options));
    });
  };
  const at = ['--at <node>', 'which tab is asked'] as const;
  ask('status', 'Say how each node is.');
  ask('propose', 'Have a command applied, once.', ['<command>', 'as JSON']).option(...at);
  ask('read', 'Ask the state machine.', ['<query>', 'as JSON']).option(...at);
  ask('add', 'Make a node a member.', ['<node>', 'n4']).addOption(
    new Option('--as <role>', 'what it becomes')
      .choices(['voter', 'learner', 'witness'])
      .default('voter'),
  );
  ask('remove', 'Remove a member, dead or alive.', ['<node>', 'n2']);
  ask('transfer', 'Hand leadership over.', ['[node]', 'to whom']);
  ask('snapshot', 'Take a snapshot, and forget the log before it.').option(...at);
  ask('down', 'Close the tab of a node, as a crash would.', ['<node>', 'n1']);
  ask('up', 'Open the tab of a node again.', ['<node>', 'n1']);
  ask('stop', 'End the cluster. What it knows stays.');
}

function whole(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}
