/** The file of `parley pubsub start --metrics`: what all members measure, a JSON object a line, the earliest first, written as they run. */

import { closeSync, openSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright';
import { messageOf } from '../../core/errors.ts';
import type { NodeId } from '../../core/id.ts';
import type { MetricRecord } from '../../lab/pubsub/dapss-metrics.ts';
import { UsageError } from '../failures.ts';

/** Milliseconds between two times that the members are asked. */
const EVERY_MS = 1000;

/** Milliseconds that the last answers are waited for. */
const PATIENCE_MS = 3000;

type Tabs = ReadonlyMap<NodeId, Pick<Page, 'evaluate'>>;

/** Takes the records of a group, until it is closed. */
export class MetricsFile {
  readonly #name: string;
  readonly #file: number;
  #tabs: Tabs = new Map();
  #timer: ReturnType<typeof setInterval> | undefined;
  #asking: Promise<void> | undefined;
  #isOver = false;

  /** Begins a new file. @throws {UsageError} when it cannot be written */
  constructor(name: string) {
    this.#name = name;
    try {
      this.#file = openSync(name, 'w');
    } catch (error) {
      throw new UsageError(`--metrics ${name}: ${messageOf(error)}`);
    }
  }

  /** Asks these members from now on, about every second. */
  follow(tabs: Tabs): void {
    this.#tabs = tabs;
    this.#timer = setInterval(() => {
      // Whoever is slow is not asked twice.
      this.#asking ??= this.#ask(Date.now()).finally(() => (this.#asking = undefined));
    }, EVERY_MS);
  }

  /** Writes what the members still have, and closes the file. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    const late = new Promise<void>((resolve) => {
      setTimeout(resolve, PATIENCE_MS).unref();
    });
    const rest = Promise.resolve(this.#asking).then(() => this.#ask('end'));
    await Promise.race([rest, late]);
    this.#isOver = true;
    closeSync(this.#file);
  }

  async #ask(untilMs: number | 'end'): Promise<void> {
    const answers = await Promise.all(
      Array.from(this.#tabs.values(), (tab) =>
        tab
          .evaluate((until) => window.parleyPubSub.metrics(until), untilMs)
          // A tab that has ended measures nothing.
          .catch((): readonly MetricRecord[] => []),
      ),
    );
    // All times have the same form: as texts they stand in order.
    this.#write(answers.flat().toSorted((a, b) => compare(a.timestamp, b.timestamp)));
  }

  #write(records: readonly MetricRecord[]): void {
    if (this.#isOver || records.length === 0) return;
    try {
      writeFileSync(this.#file, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    } catch (error) {
      // The group goes on: whoever reads the metrics is told why they end.
      this.#isOver = true;
      console.error(`--metrics ${this.#name}: nothing more is written: ${messageOf(error)}`);
    }
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
