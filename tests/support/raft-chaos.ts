/**
 * A cluster in five tabs of a real browser that is treated badly: leaders' tabs are closed, tabs are reloaded, links are cut, while a client in
 * each tab writes and reads. What the clients saw is judged afterwards.
 */

import type { BrowserContext, Page } from 'playwright';
import { expect } from 'vitest';
import { Random } from '../../src/core/random.ts';
import { operationsOf, type HistoryEvent } from '../../src/check/history.ts';
import { checkLinearizability } from '../../src/check/linearizability/linearizability.ts';
import { MODELS } from '../../src/check/models/models.ts';
import type { Noted } from './raft-room/page.ts';

/** What a storm is made of. */
export interface StormOptions {
  readonly context: BrowserContext;
  /** Address of the page of `raft-room/`. */
  readonly origin: string;
  readonly room: string;
  readonly forMs: number;
  readonly seed: number;
}

/** What came of it. */
export interface StormReport {
  readonly writes: number;
  readonly reads: number;
  readonly unknown: number;
  /** What was done to the cluster, in order. */
  readonly faults: readonly string[];
}

const MEMBERS = ['n1', 'n2', 'n3', 'n4', 'n5'];
const KEYS = ['a', 'b', 'c', 'd', 'e'];

/** Milliseconds of a fault, and of the calm after it: longer than an election takes. */
const FAULT_MS = 2_000;
const CALM_MS = 1_500;

/** Milliseconds for a cluster to have a leader, whatever came before. */
const LEADER_MS = 30_000;

type Fault = (storm: Storm) => Promise<string>;

/** Treats a cluster badly for a while, and judges it. @throws what is wrong with what the clients saw */
export async function storm(options: StormOptions): Promise<StormReport> {
  const one = new Storm(options);
  await one.begin();
  await one.rage();
  return one.judge();
}

class Storm {
  readonly random: Random;
  readonly #options: StormOptions;
  readonly #events: HistoryEvent[] = [];
  readonly #faults: string[] = [];
  pages: Page[] = [];
  #clients = 0;

  constructor(options: StormOptions) {
    this.#options = options;
    this.random = Random.stream(options.seed, 'storm');
  }

  async begin(): Promise<void> {
    await this.#options.context.exposeFunction('raftNote', (noted: Noted) => this.#note(noted));
    await Promise.all(MEMBERS.map(() => this.open()));
    await this.leader();
  }

  /** One fault after the other; each of them at least once, whatever the dice say. */
  async rage(): Promise<void> {
    const endMs = performance.now() + this.#options.forMs;
    for (let count = 0; performance.now() < endMs; count++) {
      const fault = FAULTS[count < FAULTS.length ? count : this.random.below(FAULTS.length)]!;
      this.#faults.push(await fault(this));
      await pause(CALM_MS);
    }
  }

  async judge(): Promise<StormReport> {
    await Promise.all(this.pages.map((page) => page.evaluate(() => window.raftRoom.rest())));
    const history = this.#events;
    const operations = operationsOf(history);
    const verdict = checkLinearizability(operations, MODELS.get('kv')!);
    const about = this.#faults.join('\n');
    expect(verdict.outcome, `${verdict.explanation}\n${about}`).toBe('ok');
    const acknowledged = operations.filter(({ f, outcome }) => f === 'write' && outcome === 'ok');
    // Every node's copy has each of them, once.
    for (const page of this.pages) {
      const written = await page.evaluate(() => window.raftRoom.written());
      expect(new Set(written).size, about).toBe(written.length);
      const known = new Set<unknown>(written);
      const lost = acknowledged.filter(({ input }) => !known.has((input as unknown[])[1]));
      expect(lost, about).toEqual([]);
    }
    return {
      writes: acknowledged.length,
      reads: operations.filter(({ f, outcome }) => f === 'read' && outcome === 'ok').length,
      unknown: operations.filter(({ outcome }) => outcome === 'info').length,
      faults: this.#faults,
    };
  }

  /** Opens a tab, which takes a place and begins to work. */
  async open(): Promise<Page> {
    const { context, origin } = this.#options;
    const page = await context.newPage();
    page.on('pageerror', (error) => this.#faults.push(`error of a page: ${error.message}`));
    await page.goto(origin);
    this.pages.push(page);
    await this.work(page);
    return page;
  }

  /** Has a tab that was loaded take part. */
  async work(page: Page): Promise<void> {
    const job = { room: this.#options.room, members: MEMBERS };
    await page.evaluate((given) => window.raftRoom.start(given), job);
    const client = { number: ++this.#clients, keys: KEYS };
    await page.evaluate(({ number, keys }) => window.raftRoom.work(number, keys), client);
  }

  async close(page: Page): Promise<void> {
    this.pages = this.pages.filter((other) => other !== page);
    await page.close();
  }

  /** The tab whose node leads in the latest term. */
  async leader(): Promise<{ readonly page: Page; readonly id: string }> {
    const untilMs = performance.now() + LEADER_MS;
    for (;;) {
      const found = await Promise.all(
        this.pages.map(async (page) => ({
          page,
          status: await page.evaluate(() => window.raftRoom.status()),
        })),
      );
      const leading = found.filter(({ status }) => status?.role === 'leader');
      const [latest] = leading.toSorted((a, b) => b.status!.term - a.status!.term);
      if (latest !== undefined) return { page: latest.page, id: latest.status!.view.id };
      const seen = JSON.stringify(found.map(({ status }) => status));
      if (performance.now() > untilMs) throw new Error(`nobody leads: ${seen}`);
      await pause(50);
    }
  }

  async idOf(page: Page): Promise<string> {
    return page.evaluate(() => window.raftRoom.status()!.view.id);
  }

  async cut(page: Page, nodes: readonly string[]): Promise<void> {
    await page.evaluate((given) => window.raftRoom.cut(given), nodes);
  }

  #note({ id, type, operation, key, value }: Noted): void {
    this.#events.push([id, type, operation, [key, value]]);
  }
}

const FAULTS: readonly Fault[] = [
  async function leaderClosed(storm) {
    const { page, id } = await storm.leader();
    await storm.close(page);
    await pause(FAULT_MS);
    await storm.open();
    return `the tab of the leader ${id} was closed, and another opened`;
  },
  async function reloaded(storm) {
    const page = storm.random.pick(storm.pages);
    const id = await storm.idOf(page);
    await page.reload();
    await storm.work(page);
    return `the tab of ${id} was reloaded`;
  },
  async function leaderCutOff(storm) {
    const { page, id } = await storm.leader();
    const others = storm.pages.filter((other) => other !== page);
    await Promise.all([storm.cut(page, MEMBERS), ...others.map((other) => storm.cut(other, [id]))]);
    await pause(FAULT_MS);
    await Promise.all(storm.pages.map((each) => storm.cut(each, [])));
    return `the leader ${id} was cut off`;
  },
  async function oneWay(storm) {
    const { page, id } = await storm.leader();
    // It is heard, and hears nothing: whoever leads like that has to notice.
    const others = storm.pages.filter((other) => other !== page);
    await Promise.all(others.map((other) => storm.cut(other, [id])));
    await pause(FAULT_MS);
    await Promise.all(others.map((other) => storm.cut(other, [])));
    return `the leader ${id} was heard and heard nothing`;
  },
  async function halves(storm) {
    const ids = await Promise.all(storm.pages.map((page) => storm.idOf(page)));
    const few = storm.random.shuffled(ids).slice(0, 2);
    await Promise.all(
      storm.pages.map((page, at) => {
        const isFew = few.includes(ids[at]!);
        return storm.cut(
          page,
          ids.filter((id) => few.includes(id) !== isFew),
        );
      }),
    );
    await pause(FAULT_MS);
    await Promise.all(storm.pages.map((page) => storm.cut(page, [])));
    return `${few.join(' and ')} were cut off`;
  },
];

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
