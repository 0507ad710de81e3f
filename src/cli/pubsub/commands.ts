/** The commands of `parley pubsub`: against the group that runs in a folder, or one that they start for themselves. */

import path from 'node:path';
import { knock, openDoor, type Caller } from '../lab/door.ts';
import { EnvironmentError, EXIT_STATUS, UsageError } from '../failures.ts';
import { messageOf } from '../../core/errors.ts';
import type { PubSubStatus } from '../../lab/pubsub/pubsub-page.ts';
import { Interrupt } from '../interrupt.ts';
import { makeFolder } from '../make-folder.ts';
import { Group, type GroupOptions } from './group.ts';
import { MetricsFile } from './metrics-file.ts';
import { visit, type VisitOptions } from './visitor.ts';
import { serve, type Asked, type DeliveredLine, type Said, type Served } from './serve.ts';

/** How the answers are printed. */
export interface PrintOptions {
  readonly json?: boolean;
  /** `subscribe` ends after so many messages. */
  readonly count?: number;
}

/** Starts a group, and keeps it running; the exit status. */
export async function startCommand(options: GroupOptions): Promise<number> {
  const folder = path.resolve(options.dir);
  makeFolder(folder);
  if ((await knock(folder, { name: 'list' })) !== undefined) {
    throw new UsageError(
      `a group runs in ${options.dir} already: ask it (parley pubsub list), end it (parley pubsub stop), or name another folder with --dir`,
    );
  }
  const metrics = options.metrics === undefined ? undefined : new MetricsFile(options.metrics);
  const interrupt = new Interrupt(() => console.log('closing every tab …'));
  let group: Group | undefined;
  let door: { close(): void } | undefined;
  try {
    group = await Group.start(options);
    const running = group;
    metrics?.follow(running.tabs);
    const stopped = new Promise<void>((stop) => {
      void openDoor(folder, async (asked, caller) => {
        await serve(running, asked as Asked, caller);
        if ((asked as Asked).name === 'stop') stop();
      }).then((opened) => {
        door = opened;
        console.log(
          `${running.plan.members.join(', ')} are a group, in room ${running.plan.room}.`,
        );
        console.log('Ask them from another terminal: parley pubsub list. Ctrl-C ends them.');
      });
    });
    const died = group.ended.then(() => {
      throw new EnvironmentError('the browser has ended; what the members know is on its disk');
    });
    await Promise.race([interrupt.received(), stopped, died]);
    // From here on it ends because we want it to.
    died.catch(() => undefined);
    return EXIT_STATUS.ok;
  } finally {
    door?.close();
    await metrics?.close();
    await group?.close();
    interrupt.close();
  }
}

/** Asks the group that runs, or one of its own; the exit status. */
export async function askCommand(
  asked: Asked,
  group: GroupOptions & VisitOptions,
  print: PrintOptions,
): Promise<number> {
  const leaving = new AbortController();
  const interrupt = new Interrupt(() => leaving.abort());
  const printer = new Printer(print, () => leaving.abort());
  try {
    const isVisit = group.server !== undefined || group.room !== undefined;
    const answers = isVisit ? undefined : await knock(group.dir, asked, leaving.signal);
    if (isVisit) await askThere(asked, group, printer, leaving.signal);
    else if (answers === undefined) await askOwn(asked, group, printer, leaving.signal);
    else for await (const said of answers) printer.take(said as Said);
  } catch (error) {
    if (!leaving.signal.aborted) throw error;
  } finally {
    interrupt.close();
  }
  return printer.status;
}

/** Starts a group, asks it, and ends it. */
async function askOwn(
  asked: Asked,
  options: GroupOptions,
  printer: Printer,
  signal: AbortSignal,
): Promise<void> {
  if (asked.name === 'stop') throw new UsageError(`no group runs in ${options.dir}`);
  printer.note(`no group runs in ${options.dir}: starting one for this command`);
  const group = await Group.start(options);
  try {
    const gone = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve());
    });
    const caller: Caller = { say: (line) => printer.take(line as Said), gone };
    await served(group, asked, caller, printer);
  } finally {
    await group.close();
  }
}

/** Asks in a room of others, as one who comes there for it. */
async function askThere(
  asked: Asked,
  options: VisitOptions,
  printer: Printer,
  signal: AbortSignal,
): Promise<void> {
  const visitor = await visit(options);
  try {
    printer.note(`this is ${visitor.plan.members[0]!} in room ${options.room!.split('#')[0]!}`);
    const gone = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve());
    });
    const caller: Caller = { say: (line) => printer.take(line as Said), gone };
    await served(visitor, visitor.inItsWords(asked), caller, printer);
  } finally {
    await visitor.close();
  }
}

/** What a member refuses is no defect: it is said. */
async function served(
  group: Served,
  asked: Asked,
  caller: Caller,
  printer: Printer,
): Promise<void> {
  await serve(group, asked, caller).catch((error: unknown) => {
    if (error instanceof UsageError) throw error;
    printer.take({ kind: 'error', reason: messageOf(error) });
  });
}

class Printer {
  readonly #options: PrintOptions;
  readonly #enough: () => void;
  #messages = 0;
  status: number = EXIT_STATUS.ok;

  constructor(options: PrintOptions, enough: () => void) {
    this.#options = options;
    this.#enough = enough;
  }

  /** For people alone. */
  note(text: string): void {
    console.error(text);
  }

  take(said: Said): void {
    switch (said.kind) {
      case 'usage':
        throw new UsageError(said.reason);
      case 'error':
        this.status = EXIT_STATUS.failed;
        if (this.#options.json === true) console.log(JSON.stringify(said));
        else console.error(said.reason);
        return;
      case 'progress':
        this.note(said.text);
        return;
      case 'subscribed':
        this.note(`subscribed at ${said.at}; Ctrl-C ends the reading`);
        return;
      case 'message':
        this.#message(said.message);
        return;
      case 'published':
        this.#print(said, said.message);
        return;
      case 'done':
        this.#print(said, 'done');
        return;
      case 'members':
        this.#print(said, membersAsText(said.members));
        return;
      case 'result':
        if (this.#options.json === true) console.log(JSON.stringify(said.result));
        else console.log(JSON.stringify(said.result, undefined, 2));
    }
  }

  #message(message: DeliveredLine): void {
    const text = textOf(message.payload);
    this.#print(message, `${message.topic}  ${message.origin}: ${printable(text)}`);
    this.#messages++;
    if (this.#messages === this.#options.count) this.#enough();
  }

  #print(object: object, text: string): void {
    console.log(this.#options.json === true ? JSON.stringify(object) : text);
  }
}

function seenByOne({ id, members, hasMajority }: PubSubStatus): string {
  const lines = members.map(({ id: each, isHere, subscriptions }) => {
    const standing = each === id ? 'this one' : isHere ? 'here' : 'away';
    return `${each}  ${standing}${subscriptions.map((one) => `\n    ${printable(one)}`).join('')}`;
  });
  return [...lines, ...(hasMajority ? [] : ['in a minority: subscriptions cannot change'])].join(
    '\n',
  );
}

function membersAsText(members: Extract<Said, { kind: 'members' }>['members']): string {
  const [only] = members;
  // A visitor sees all, and asks nobody else.
  if (members.length === 1 && only!.members.length > 1) return seenByOne(only!);
  return members
    .map(({ id, members: all, hasMajority, metrics }) => {
      const own = all.find((each) => each.id === id)?.subscriptions ?? [];
      const facts = [
        `published ${metrics.published}`,
        `delivered ${metrics.delivered}`,
        ...(hasMajority ? [] : ['in a minority']),
      ];
      const reads =
        own.length === 0 ? '  no subscriptions' : own.map((one) => `\n    ${one}`).join('');
      return `${id}  ${facts.join(', ')}${reads}`;
    })
    .join('\n');
}

/** What is said: a text, or that of a chat. */
function textOf(payload: unknown): string {
  if (typeof payload === 'string') return payload;
  const { text } = (payload ?? {}) as { readonly text?: unknown };
  return typeof text === 'string' ? text : JSON.stringify(payload);
}

/** A text of others, without what moves a terminal's cursor. */
function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is taken out
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\u00b7');
}
