/** A group of headless tabs: a browser with a profile of its own, a signaling server on this machine, a tab for each member. */

import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright';
import { browserFlags, findBrowser } from '../../../bin/find-browser.js';
import { startSignalingServer, type SignalingServer } from '../../../signaling-server/server.ts';
import { messageOf } from '../../core/errors.ts';
import type { NodeId } from '../../core/id.ts';
import type { PubSubJob } from '../../lab/pubsub/pubsub-page.ts';
import { EnvironmentError, UsageError } from '../failures.ts';
import { makeFolder } from '../make-folder.ts';
import { tabScript } from '../page/tab-script.ts';

/** In the group's folder: what it was made of, the first time. */
const PLAN_FILE = 'group.json';

/** What a group is made of. */
export interface GroupPlan {
  readonly members: readonly NodeId[];
  readonly room: string;
  /** Of the signaling server, and of the tabs' address: IndexedDB belongs to an address, so it is always the same one. */
  readonly port: number;
  /** Encrypts what is published; in hexadecimal. */
  readonly key: string;
}

/** How a group is started. */
export interface GroupOptions {
  readonly dir: string;
  readonly members: number;
  readonly storage: 'strict' | 'relaxed';
  /** Whether what is said is stored before, meanwhile, or a moment later with what is delivered; meanwhile unless given. */
  readonly stores?: 'before' | 'beside' | 'behind';
  /** A file for what the members measure. */
  readonly metrics?: string;
}

/** A group that runs. */
export class Group {
  readonly plan: GroupPlan;
  readonly tabs: ReadonlyMap<NodeId, Page>;
  readonly #context: BrowserContext;
  readonly #signaling: SignalingServer;
  readonly #readers = new Map<number, (message: unknown) => void>();
  #numbers = 0;
  /** Fulfilled when the browser has ended, on request or by itself. */
  readonly ended: Promise<void>;

  private constructor(
    plan: GroupPlan,
    context: BrowserContext,
    signaling: SignalingServer,
    tabs: ReadonlyMap<NodeId, Page>,
  ) {
    this.plan = plan;
    this.tabs = tabs;
    this.#context = context;
    this.#signaling = signaling;
    this.ended = new Promise((resolve) => context.once('close', () => resolve()));
  }

  /** Starts the browser on its profile, and all members; fulfilled when they have found one another. */
  static async start(options: GroupOptions): Promise<Group> {
    const folder = path.resolve(options.dir);
    makeFolder(folder);
    const known = planIn(folder, options);
    const found = await findBrowser().catch((error: unknown) => {
      throw new EnvironmentError(messageOf(error));
    });
    if (found === undefined) throw new EnvironmentError('there is no Chromium here');
    const port = known?.port ?? 0;
    const signaling = await startSignalingServer({
      port,
      host: '127.0.0.1',
      fallbackRequest: emptyPage,
    }).catch((error: unknown) => {
      throw new EnvironmentError(`the group's port ${port} is not to be had: ${messageOf(error)}`);
    });
    let context: BrowserContext | undefined;
    try {
      const plan = known ?? newPlan(folder, options, signaling.port);
      context = await chromium.launchPersistentContext(path.join(folder, 'browser'), {
        executablePath: found.executablePath,
        args: browserFlags(),
        headless: true,
        ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
      });
      return await Group.#fill(plan, context, signaling, options);
    } catch (error) {
      await context?.close();
      await signaling.close();
      if (error instanceof UsageError) throw error;
      const first = messageOf(error).split('\n').slice(0, 3).join('\n');
      throw new EnvironmentError(`the group in ${options.dir} does not start: ${first}`);
    }
  }

  static async #fill(
    plan: GroupPlan,
    context: BrowserContext,
    signaling: SignalingServer,
    { storage, stores = 'beside', metrics }: GroupOptions,
  ): Promise<Group> {
    const address = `http://localhost:${plan.port}/`;
    const tabs = new Map<NodeId, Page>();
    const group = new Group(plan, context, signaling, tabs);
    await context.exposeFunction('parleyDelivered', (number: number, message: string) =>
      group.#readers.get(number)?.(JSON.parse(message)),
    );
    await context.addInitScript({ content: await tabScript('pubsub', 'pubsub-page.ts') });
    await Promise.all(
      plan.members.map(async (id) => {
        const page = await context.newPage();
        await page.goto(address);
        const job: PubSubJob = {
          ...{ id, ...plan, durability: storage, stores },
          ...{ server: address, isMeasured: metrics !== undefined },
        };
        tabs.set(id, page);
        await page.evaluate((given) => window.parleyPubSub.start(given), job);
      }),
    );
    return group;
  }

  /** The tab that was named, or that of the first member. @throws {UsageError} when there is no such member */
  tab(at: NodeId | undefined): Page {
    const tab = this.tabs.get(at ?? this.plan.members[0]!);
    if (tab === undefined) {
      throw new UsageError(`there is no member ${at}; there are: ${this.plan.members.join(', ')}`);
    }
    return tab;
  }

  /** Takes what a subscription delivers from now on. Returns its number, and how to end it. */
  reader(take: (message: unknown) => void): { readonly number: number; close(): void } {
    const number = ++this.#numbers;
    this.#readers.set(number, take);
    return { number, close: () => void this.#readers.delete(number) };
  }

  /** Ends the browser. What the members know is in its profile. */
  async close(): Promise<void> {
    await this.#context.close();
    await this.#signaling.close();
  }
}

/** What a tab loads: its script is given to it by the driver. */
function emptyPage(_request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('content-type', 'text/html');
  response.end('<!doctype html><title>Topics</title>');
}

/** As it was made. @throws {UsageError} when something else is asked for than is there */
function planIn(folder: string, { members }: GroupOptions): GroupPlan | undefined {
  const file = path.join(folder, PLAN_FILE);
  if (!existsSync(file)) return undefined;
  const known = JSON.parse(readFileSync(file, 'utf8')) as GroupPlan;
  if (known.members.length === members) return known;
  throw new UsageError(
    `${folder} holds a group of ${known.members.length}: start it with --members ${known.members.length}, or another one with another --dir`,
  );
}

function newPlan(folder: string, { members }: GroupOptions, port: number): GroupPlan {
  const plan: GroupPlan = {
    members: Array.from({ length: members }, (_, i) => `n${i + 1}`),
    ...{ room: `TABS-${randomBytes(3).toString('hex').toUpperCase()}`, port },
    key: randomBytes(32).toString('hex'),
  };
  writeFileSync(path.join(folder, PLAN_FILE), `${JSON.stringify(plan, null, 2)}\n`, {
    mode: 0o600,
  });
  return plan;
}
