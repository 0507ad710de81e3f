/** Algorithms that wait, come back, misbehave or send too much: what the live tests run beside the chapters. */

import * as v from 'valibot';
import { Gbps } from '../../src/algorithms/gbps/index.ts';
import { cast, defineAlgorithm, request } from '../../src/index.ts';

/**
 * Everybody asks everybody for an answer that comes only when somebody is gone. Ends when all questions are answered or in vain.
 */
export class Vigil extends defineAlgorithm('vigil', {
  messages: { hold: request({}, v.string()) },
}) {
  readonly gone: string[] = [];
  readonly released: string[] = [];
  readonly held: ((answer: string) => void)[] = [];

  override onStart(): void {
    for (const id of this.peers.keys()) void this.wait(id);
    this.log.info('keeps vigil');
  }

  async wait(id: string): Promise<void> {
    try {
      await this.peer(id).hold({}, { timeoutMs: Infinity });
      this.released.push(id);
    } catch (error) {
      const { name } = error as Error;
      this.gone.push(`${id} ${name}`);
      this.log.info(`lost ${id}: ${name}`);
      for (const release of this.held.splice(0)) release('released');
    }
    if (this.gone.length + this.released.length === this.peers.size) this.terminate();
  }

  handlers = this.on({
    hold: () => {
      if (this.gone.length > 0) return 'released';
      this.log.info('holds');
      return new Promise<string>((resolve) => this.held.push(resolve));
    },
  });

  override report(): object {
    return { gone: this.gone, released: this.released.toSorted() };
  }
}

/** Waits until one of the nodes has come back from a reload, and talks to it in both directions. */
export class Diary extends defineAlgorithm('diary', {
  messages: { hello: cast({ load: v.number() }), visits: request({}, v.number()) },
}) {
  loads = 0;
  readonly heard: string[] = [];

  override async onStart(): Promise<void> {
    this.loads = Number((await this.store.get('loads')) ?? 0) + 1;
    await this.store.put('loads', this.loads);
    this.log.info(`load ${this.loads}, restarted ${this.restarted}`);
    if (!this.restarted) return;
    await this.toAll.hello({ load: this.loads });
    for (const [id, peer] of this.peers) this.heard.push(`${id} ${await peer.visits()}`);
    this.terminate();
  }

  handlers = this.on({
    hello: async (src, { load }) => {
      this.heard.push(`${src} says ${load}, answers ${await this.peer(src).visits()}`);
      this.terminate();
    },
    visits: () => this.loads,
  });

  override report(): object {
    return { loads: this.loads, heard: this.heard.toSorted() };
  }
}

/** n1 sends a message, and the handler at n2 throws. */
export class Cellar extends defineAlgorithm('cellar', { messages: { rain: cast({}) } }) {
  override onStart(): void {
    if (this.id === 'n1') void this.peer('n2').rain();
  }

  handlers = this.on({
    rain: () => {
      throw new Error('the cellar is flooded');
    },
  });
}

/** n1 sends something that its own types forbid, and then what they allow. */
export class Misfit extends defineAlgorithm('misfit', {
  messages: { tally: cast({ count: v.number() }) },
}) {
  counted = 0;

  override onStart(): void {
    if (this.id !== 'n1') return;
    void this.toAll.tally({ count: 'many' as unknown as number });
    void this.toAll.tally({ count: 3 });
    this.terminate();
  }

  handlers = this.on({
    tally: (_src, { count }) => {
      this.counted += count;
      this.terminate();
    },
  });

  override report(): object {
    return { counted: this.counted };
  }
}

/** Each node sends `count` messages of `size` characters to all others, in one go, and looks at what it gets. */
export class Freight extends defineAlgorithm('freight', {
  messages: { parcel: cast({ sequence: v.number(), content: v.string() }) },
  settings: {
    count: v.optional(v.number(), 0),
    size: v.optional(v.number(), 0),
    expected: v.optional(v.number(), 0),
  },
}) {
  received = 0;
  wrong = 0;
  error = '';

  override onStart(): void {
    const { count, size } = this.settings;
    try {
      for (let sequence = 0; sequence < count; sequence++) {
        void this.toAll.parcel({ sequence, content: contentOf(this.id, sequence, size) });
      }
    } catch (error) {
      this.error = `${(error as Error).name}: ${(error as Error).message}`;
    }
    this.endWhenDone();
  }

  readonly next = new Map<string, number>();

  handlers = this.on({
    parcel: (src, { sequence, content }) => {
      const next = this.next.get(src) ?? 0;
      this.next.set(src, next + 1);
      const isRight = sequence === next && content === contentOf(src, sequence, content.length);
      if (!isRight) this.wrong++;
      this.received++;
      this.endWhenDone();
    },
  });

  endWhenDone(): void {
    if (this.received === this.settings.expected) this.terminate();
  }

  override report(): object {
    return { received: this.received, wrong: this.wrong, error: this.error };
  }
}

function contentOf(id: string, sequence: number, size: number): string {
  const pattern = `${id} ${sequence} `;
  return pattern.repeat(Math.ceil(size / pattern.length)).slice(0, size);
}

/** Everybody asks everybody for things that go wrong inside of the engine, and n1 itself fails in the end. */
export class Blunder extends defineAlgorithm('blunder', {
  messages: { slip: request({ way: v.number() }, v.number()) },
}) {
  readonly heard: string[] = [];

  override async onStart(): Promise<void> {
    for (let way = 0; way < 3; way++) {
      for (const [id, peer] of this.peers) {
        try {
          await peer.slip({ way });
        } catch (error) {
          this.heard.push(`${id} ${(error as Error).message}`);
        }
      }
    }
    this.terminate();
  }

  handlers = this.on({
    slip: (_src, { way }) => {
      const nothing = undefined as unknown as { deep: number }[];
      if (way === 0) return nothing[3]!.deep;
      if (way === 1) return 'x'.repeat(-1).length;
      return (JSON.parse('{') as { way: number }).way;
    },
  });

  override state(): object {
    return { heard: this.heard };
  }
}

/** The code of n2 never yields. */
export class Spinner extends defineAlgorithm('spinner', {}) {
  override onStart(): void {
    this.log.info('starts');
    // A condition that nobody can see through, so that no tool takes the loop for a mistake.
    while (this.id === 'n2') Math.imul(this.nodes.size, 3);
  }

  handlers = this.on({});
}

/** When all others wait for n2, something outside of its algorithm throws in its worker: a timer that is not the node's. */
export class Outlaw extends defineAlgorithm('outlaw', {
  messages: { hold: request({}, v.string()) },
}) {
  asked = 0;

  override async onStart(): Promise<void> {
    if (this.id === 'n2') return;
    try {
      await this.peer('n2').hold({}, { timeoutMs: Infinity });
    } catch (error) {
      this.log.info(`n2 does not answer: ${(error as Error).name}`);
    }
    this.terminate();
  }

  handlers = this.on({
    hold: () => {
      this.asked++;
      if (this.asked === this.peers.size) {
        setTimeout(() => {
          throw new Error('outside of every turn');
        }, 0);
      }
      return new Promise<string>(() => {});
    },
  });
}

/** Each node sends numbered parcels to all others, a few at a time, and looks whether what it gets is whole and in order. */
export class Courier extends defineAlgorithm('courier', {
  messages: { parcel: cast({ sequence: v.number() }) },
  settings: { count: v.number(), pause_ms: v.optional(v.number(), 10) },
}) {
  readonly next = new Map<string, number>();
  wrong = 0;
  beats = 0;
  isSent = false;

  override async onStart(): Promise<void> {
    for (let sequence = 0; sequence < this.settings.count; sequence++) {
      await this.toAll.parcel({ sequence });
      this.beats++;
      await this.sleep(this.settings.pause_ms);
    }
    this.isSent = true;
    this.endWhenDone();
  }

  handlers = this.on({
    parcel: (src, { sequence }) => {
      const next = this.next.get(src) ?? 0;
      if (sequence !== next) this.wrong++;
      this.next.set(src, next + 1);
      if ((next + 1) % 50 === 0) this.log.info(`${next + 1} from ${src}`);
      this.endWhenDone();
    },
  });

  endWhenDone(): void {
    const { count } = this.settings;
    const isComplete = [...this.peers.keys()].every((id) => this.next.get(id) === count);
    if (this.isSent && isComplete) this.terminate();
  }

  override report(): object {
    return { received: Object.fromEntries(this.next), wrong: this.wrong, beats: this.beats };
  }
}

/** Beats as long as it is let, and counts its beats and those of the others. A service. */
export class Metronome extends defineAlgorithm('metronome', {
  messages: { beat: cast({}) },
  service: true,
}) {
  beats = 0;
  readonly heard = new Map<string, number>();

  override onStart(): void {
    this.every(100, () => {
      this.beats++;
      void this.toAll.beat();
      if (this.beats % 20 === 0) this.log.info(`${this.beats} beats`);
    });
  }

  handlers = this.on({
    beat: (src) => {
      this.heard.set(src, (this.heard.get(src) ?? 0) + 1);
    },
  });

  override report(): object {
    return { beats: this.beats, heard: Object.fromEntries(this.heard) };
  }
}

/** A flood of a liar comes so often, in milliseconds. */
const FLOOD_MS = 10;

/** What no view may be made of, whoever sends it: nobody, the receiver itself, the same one again and again, ages that are none, too many. */
const LIES = (to: string): readonly unknown[] => [
  [
    { peer: to, age: 0 },
    { peer: 'nobody', age: 0 },
  ],
  Array.from({ length: 500 }, () => ({ peer: 'n1', age: 0 })),
  [{ peer: 'n1', age: -1 }],
  [{ peer: 'n1', age: 1e300 }],
  [{ peer: 'n1', age: 'young' }],
  Array.from({ length: 20_000 }, () => ({ peer: 'n1', age: 0 })),
  'no list',
];

/** Peer sampling in which n1 keeps no rule: it pushes lies to everybody, far more than anybody can want. */
export class LyingSampler extends Gbps {
  lies = 0;
  /** How many descriptors it has told, all of them together. */
  told = 0;

  override async onStart(): Promise<void> {
    await super.onStart();
    if (this.id === 'n1') void this.flood();
  }

  async flood(): Promise<void> {
    for (const [to, peer] of this.peers) {
      const all = LIES(to);
      const view = all[this.lies++ % all.length];
      if (this.told < 1_000_000 && Array.isArray(view)) {
        this.told += view.length;
        if (this.told >= 1_000_000) this.log.info('a million descriptors are told');
      }
      void peer.push({ view } as never);
      if (this.lies % 5 === 0) peer.exchange({ view } as never).catch(() => {});
    }
    await this.sleep(FLOOD_MS);
    return this.flood();
  }

  override report() {
    return { ...super.report(), lies: this.lies };
  }
}
