/** The cluster: a browser with a profile of its own, a tab for each node, and what is asked of them. */

import path from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright';
import { browserFlags } from '../../../bin/find-browser.js';
import { messageOf } from '../../core/errors.ts';
import type { NodeId } from '../../core/id.ts';
import type {} from '../../lab/raft/raft-page.ts';
import type { RaftAnswer, RaftJob, RaftRequest } from '../../lab/raft/raft-worker.ts';
import { tabScript } from '../page/tab-script.ts';
import { latestOf, type ControlAnswer, type ControlRequest, type NodeState } from './protocol.ts';

/** Where the tabs think they are: IndexedDB belongs to an address, so it is always the same one. Nobody is asked for it. */
const ADDRESS = 'https://raft.parley.invalid/';

/** Milliseconds for a leader to be there before what only a leader does is given up. */
const LEADER_TIMEOUT_MS = 15_000;

/** What a cluster is made of. */
export interface ClusterPlan {
  readonly members: readonly NodeId[];
  readonly others: readonly NodeId[];
  readonly machine: string;
  readonly storage: 'strict' | 'relaxed';
}

/** A cluster that runs. */
export class Cluster {
  readonly #plan: ClusterPlan;
  readonly #context: BrowserContext;
  readonly #tabs = new Map<NodeId, Page>();

  /** Fulfilled when the browser has ended, on request or by itself. */
  readonly ended: Promise<void>;

  private constructor(plan: ClusterPlan, context: BrowserContext) {
    this.#plan = plan;
    this.#context = context;
    this.ended = new Promise((resolve) => context.once('close', () => resolve()));
  }

  /** Starts the browser on its profile in `folder`, and all nodes. */
  static async start(plan: ClusterPlan, folder: string, executablePath: string): Promise<Cluster> {
    const context = await chromium.launchPersistentContext(path.join(folder, 'browser'), {
      executablePath,
      args: browserFlags(),
      headless: true,
      ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
    });
    const [page, worker] = await Promise.all([
      tabScript('raft', 'raft-page.ts'),
      tabScript('raft', 'raft-worker.ts'),
    ]);
    await context.route(`${ADDRESS}**`, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Raft</title>' }),
    );
    const source = `window.parleyRaftWorker = ${JSON.stringify(worker)};`;
    await context.addInitScript({ content: `${source}\n${page}` });
    const cluster = new Cluster(plan, context);
    await Promise.all([...plan.members, ...plan.others].map((id) => cluster.#open(id)));
    return cluster;
  }

  /** What became of a request. */
  async answer(request: ControlRequest): Promise<ControlAnswer> {
    try {
      return await this.#answer(request);
    } catch (error) {
      return { kind: 'error', reason: messageOf(error) };
    }
  }

  /** Ends the browser. What the nodes know is in its profile. */
  async close(): Promise<void> {
    await this.#context.close();
  }

  async #answer({ name, text, at, as }: ControlRequest): Promise<ControlAnswer> {
    switch (name) {
      case 'status':
        return { kind: 'nodes', nodes: await this.#states() };
      case 'propose':
        return this.#anyone(at, { do: 'propose', command: JSON.parse(text!) as unknown });
      case 'read':
        return this.#anyone(at, { do: 'read', query: JSON.parse(text!) as unknown });
      case 'add':
      case 'remove': {
        const node = this.#known(text!);
        if (node === undefined) return this.#unknown(text!);
        const make = name === 'remove' ? 'removed' : (as as 'voter' | 'learner' | 'witness');
        return this.#leader({ do: 'change', changes: [{ make, node }] });
      }
      case 'transfer':
        return this.#leader({ do: 'transfer', ...(text === undefined ? {} : { to: text }) });
      case 'snapshot':
        return at === undefined
          ? this.#leader({ do: 'snapshot' })
          : this.#anyone(at, { do: 'snapshot' });
      case 'down':
      case 'up':
        return this.#switch(name, text!);
      default:
        return { kind: 'usage', reason: `the cluster knows no '${name}'` };
    }
  }

  async #switch(to: 'down' | 'up', id: NodeId): Promise<ControlAnswer> {
    if (this.#known(id) === undefined) return this.#unknown(id);
    const tab = this.#tabs.get(id);
    if ((tab === undefined) === (to === 'down')) {
      return { kind: 'usage', reason: `${id} is ${to} already` };
    }
    if (tab === undefined) await this.#open(id);
    else {
      this.#tabs.delete(id);
      await tab.close();
    }
    return { kind: 'result', value: null };
  }

  async #open(id: NodeId): Promise<void> {
    const { members, others, machine, storage } = this.#plan;
    const page = await this.#context.newPage();
    await page.goto(ADDRESS);
    const job: RaftJob = { id, members, others, demo: machine, durability: storage };
    await page.evaluate((given) => window.parleyRaft.start(given), job);
    this.#tabs.set(id, page);
  }

  async #states(): Promise<Record<NodeId, NodeState>> {
    const { members, others } = this.#plan;
    const states = [...members, ...others].map(async (id): Promise<[NodeId, NodeState]> => {
      const tab = this.#tabs.get(id);
      if (tab === undefined) return [id, { kind: 'down' }];
      return [id, (await ask(tab, { do: 'status' })) as NodeState];
    });
    return Object.fromEntries(await Promise.all(states));
  }

  /** Asks the tab that was named, or that of some member. */
  async #anyone(at: NodeId | undefined, request: RaftRequest): Promise<ControlAnswer> {
    if (at !== undefined && this.#known(at) === undefined) return this.#unknown(at);
    const id = at ?? (await this.#someMember());
    const tab = id === undefined ? undefined : this.#tabs.get(id);
    if (tab === undefined) return { kind: 'error', reason: `${id ?? 'every member'} is down` };
    return (await ask(tab, request)) as ControlAnswer;
  }

  /** One that the latest configuration names: whoever was removed is told nothing any more. */
  async #someMember(): Promise<NodeId | undefined> {
    const { voters = [], leader } = latestOf(Object.values(await this.#states())) ?? {};
    if (typeof leader === 'string' && this.#tabs.has(leader)) return leader;
    return voters.find((id) => this.#tabs.has(id));
  }

  /** Asks whoever leads. */
  async #leader(request: RaftRequest): Promise<ControlAnswer> {
    const deadlineMs = performance.now() + LEADER_TIMEOUT_MS;
    while (performance.now() < deadlineMs) {
      const states = Object.entries(await this.#states());
      const leading = states.filter(
        ([, state]) => state.kind === 'status' && state.status.role === 'leader',
      );
      // One that was cut off may not know yet that there is another.
      const [leader] = leading.toSorted(([, a], [, b]) => termOf(b) - termOf(a));
      if (leader !== undefined) {
        const answer = (await ask(this.#tabs.get(leader[0])!, request)) as ControlAnswer;
        if (answer.kind !== 'retry' && answer.kind !== 'redirect') return answer;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return { kind: 'timeout', reason: 'nobody leads' };
  }

  #known(id: NodeId): NodeId | undefined {
    return [...this.#plan.members, ...this.#plan.others].find((node) => node === id);
  }

  #unknown(id: NodeId): ControlAnswer {
    const all = [...this.#plan.members, ...this.#plan.others].join(', ');
    return { kind: 'usage', reason: `there is no node ${id}; there are: ${all}` };
  }
}

function termOf(state: NodeState): number {
  return state.kind === 'status' ? state.status.term : 0;
}

function ask(tab: Page, request: RaftRequest): Promise<RaftAnswer> {
  return tab.evaluate((asked) => window.parleyRaft.ask(asked), request);
}
