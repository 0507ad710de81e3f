/** The command `pubsub`, as people type it. */

import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import { patternProblem, topicProblem } from '../../algorithms/pubsub/topics.ts';
import { UsageError } from '../failures.ts';
import type { BenchOptions } from './bench.ts';
import type { GroupOptions } from './group.ts';
import type { PrintOptions } from './commands.ts';
import type { Asked } from './serve.ts';
import type { VisitOptions } from './visitor.ts';

const HELP = `
A group is a browser with a tab for each member, WebRTC between them; what the members know is in its IndexedDB, under --dir. "start" runs
until Ctrl-C or "parley pubsub stop". The other commands ask it from another terminal; where none runs, they start one for themselves.

Examples:
  parley pubsub start
  parley pubsub start --metrics metrics.ndjson
  parley pubsub subscribe 'chat/#' --at n2
  parley pubsub publish chat/general 'hello'
  parley pubsub list
  parley pubsub unsubscribe 'chat/#' --at n2
  parley pubsub bench latency --messages 50 --rate 20
  parley pubsub bench throughput --messages 20000 --rate 5000
  parley pubsub bench reliability --messages 3000
  parley pubsub bench partition --trials 20
  parley pubsub stop
  parley pubsub publish general 'hello' --server http://192.168.1.5:8080 --room 'T3-7KQ2MX#KEY'

Exit status: 0 it was done, 1 it was refused or something was lost, 2 bad usage.`;

/** @throws {UsageError} when there is something wrong with the name; before any browser starts */
function mustBe(what: 'topic' | 'pattern', name: string): void {
  const problem = what === 'topic' ? topicProblem(name) : patternProblem(name);
  if (problem === undefined) return;
  const example = what === 'topic' ? 'chat/general' : 'chat/#';
  // In JSON's spelling nothing moves a terminal's cursor.
  const shown = JSON.stringify(name.slice(0, 80));
  throw new UsageError(`the ${what} ${shown} ${problem}: give one such as ${example}`);
}

const MEASUREMENTS = ['latency', 'throughput', 'reliability', 'partition'];

/** Tabs of one browser: more of them starve each other. */
const MEMBERS_MAX = 9;

type Common = GroupOptions & VisitOptions & PrintOptions;
type Where = { readonly at?: string };
type Which = { readonly order: 'fifo' | 'causal' | 'total' };

/** Adds the command and its subcommands; what they do is loaded when they are called. */
export function addPubSubCommand(program: Command, finished: (status: number) => void): void {
  const pubsub = program
    .command('pubsub')
    .summary('topics between headless tabs')
    .description('Publish and subscribe between headless tabs, and measure it.')
    .addHelpText('after', HELP);
  withGroup(pubsub.command('start'))
    .description('Start the group, or start it again, and keep it running.')
    .option('--metrics <file>', 'write what the members measure, by DAPSS’s names, as JSON lines')
    .action(async (options: GroupOptions) => {
      const { startCommand } = await import('./commands.ts');
      finished(await startCommand(options));
    });
  const ask = async (asked: Asked, options: Common): Promise<void> => {
    const { askCommand } = await import('./commands.ts');
    finished(await askCommand(asked, options, options));
  };
  addTopicCommands(pubsub, ask);
  withRoom(pubsub.command('list'))
    .description('Say how the members are, and what they have subscribed to.')
    .action((options: Common) => ask({ name: 'list' }, options));
  withJson(pubsub.command('stop'))
    .description('End the group. What it knows stays.')
    .action((options: Common) => ask({ name: 'stop' }, options));
  withJson(pubsub.command('bench'))
    .description('Measure: latency, throughput, reliability, or partition.')
    .addArgument(new Argument('<what>', 'what is measured').choices(MEASUREMENTS))
    .option('--messages <number>', 'how many are published', whole(1, 1_000_000), 1000)
    .option(
      '--rate <number>',
      'messages a second; 0 for as fast as can be',
      whole(0, 1_000_000),
      150,
    )
    .option('--bytes <number>', 'of filling in each message', whole(0, 100_000), 100)
    .option('--trials <number>', 'times that a member is cut off', whole(1, 1000), 20)
    .action((what: BenchOptions['what'], options: Common & Omit<BenchOptions, 'what'>) => {
      const { messages, rate, bytes, trials } = options;
      return ask({ name: 'bench', options: { what, messages, rate, bytes, trials } }, options);
    });
}

function addTopicCommands(
  pubsub: Command,
  ask: (asked: Asked, options: Common) => Promise<void>,
): void {
  withRoom(pubsub.command('publish <topic> <text>'))
    .description('Publish a text to a topic.')
    .option('--at <member>', 'which tab is asked')
    .option('--retain', 'keep it as the topic’s last value', false)
    .action(
      (topic: string, text: string, options: Common & Where & { readonly retain: boolean }) => {
        mustBe('topic', topic);
        const { retain } = options;
        return ask({ name: 'publish', topic, payload: text, retain, ...place(options) }, options);
      },
    );
  withRoom(pubsub.command('subscribe <topic>'))
    .description('Subscribe to a topic or a pattern, and print what comes.')
    .option('--at <member>', 'which tab is asked')
    .addOption(orderOption())
    .option('--history', 'also what was published before', false)
    .option('--count <number>', 'end after so many messages', whole(1, 1_000_000))
    .action((topic: string, options: Common & Where & Which & { readonly history: boolean }) => {
      mustBe('pattern', topic);
      const { order, history } = options;
      return ask({ name: 'subscribe', topic, order, history, ...place(options) }, options);
    });
  withRoom(pubsub.command('unsubscribe <topic>'))
    .description('End a subscription.')
    .option('--at <member>', 'which tab is asked')
    .addOption(orderOption())
    .action((topic: string, options: Common & Where & Which) => {
      mustBe('pattern', topic);
      return ask({ name: 'unsubscribe', topic, order: options.order, ...place(options) }, options);
    });
}

function withGroup(command: Command): Command {
  return command
    .addOption(
      new Option('--dir <folder>', 'where the group keeps everything').default('parley-pubsub'),
    )
    .option('--members <number>', 'tabs of a group that is started', whole(1, MEMBERS_MAX), 3)
    .addOption(
      new Option('--storage <durability>', 'survive a power cut, or a crash of the browser')
        .choices(['strict', 'relaxed'])
        .default('relaxed'),
    )
    .addOption(
      new Option('--stores <when>', 'store messages before they are said, beside that, or behind')
        .choices(['before', 'beside', 'behind'])
        .default('beside'),
    );
}

function withJson(command: Command): Command {
  return withGroup(command).option('--json', 'print JSON, an object a line');
}

/** For a room that others have opened. */
function withRoom(command: Command): Command {
  return withJson(command)
    .option('--server <url>', 'not a group of this machine, but a room of this server')
    .option('--room <code>', 'its code, or CODE#KEY; that of a chat of the lab’s page, for one')
    .option('--names <list>', 'the members that it was opened with, where it is no chat', listed)
    .option('--others <list>', 'the places beside them', listed);
}

function listed(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.every((name) => name !== '')) return names;
  throw new InvalidArgumentError('It must be a list like ann,ben,cem.');
}

function orderOption(): Option {
  return new Option('--order <order>', 'of each author, after what it answers, or one for all')
    .choices(['fifo', 'causal', 'total'])
    .default('causal');
}

function place({ at }: Where): Where {
  return at === undefined ? {} : { at };
}

function whole(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}
