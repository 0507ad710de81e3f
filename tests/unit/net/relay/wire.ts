/** A pipe between two members that a test holds in its hands: it sees, and may change, every packet. */

import type { RelayPipe } from '../../../../src/net/relay/relay-pipe.ts';

/** What becomes of the packet with this number in this direction: what is delivered in its place. */
export type Tamper = (data: string, number: number, from: Side) => readonly string[];

/** One of the two members. */
export type Side = 'left' | 'right';

/** Both ends. Packets arrive in later tasks, in order, as far as the test lets them. */
export class Wire {
  readonly left: RelayPipe;
  readonly right: RelayPipe;
  /** Everything that was sent, in order. */
  readonly sent: { readonly from: Side; readonly data: string }[] = [];
  tamper: Tamper = (data) => [data];
  /** Packets that are taken before the pipe is full; the test raises it again. */
  capacity = Infinity;
  isClosed = false;
  readonly #listeners = { left: new Set<Listener>(), right: new Set<Listener>() };
  readonly #drained: (() => void)[] = [];

  constructor() {
    this.left = this.#pipe('left', 'right');
    this.right = this.#pipe('right', 'left');
  }

  /** Lets so many more packets through. */
  drain(capacity: number): void {
    this.capacity = capacity;
    for (const resolve of this.#drained.splice(0)) resolve();
  }

  /** The hostile server says something of its own. */
  inject(to: Side, from: string, data: string): void {
    for (const listener of this.#listeners[to]) listener(from, data);
  }

  #pipe(here: Side, there: Side): RelayPipe {
    return {
      send: (_to, data) => {
        if (this.isClosed) return 'closed';
        if (this.capacity <= 0) return 'full';
        this.capacity--;
        const number = this.sent.filter(({ from }) => from === here).length;
        this.sent.push({ from: here, data });
        for (const what of this.tamper(data, number, here)) {
          setImmediate(() => this.inject(there, here, what));
        }
        return 'sent';
      },
      drained: () => new Promise((resolve) => this.#drained.push(resolve)),
      on: (listener) => {
        this.#listeners[here].add(listener);
        return () => this.#listeners[here].delete(listener);
      },
    };
  }
}

type Listener = (from: string, data: string) => void;

/** Fulfilled when everything that is under way has arrived, and what was sent because of that as well. */
export async function settled(): Promise<void> {
  for (let round = 0; round < 20; round++) await new Promise(setImmediate);
}
