/** Small algorithms for recordings: some that are deterministic in their own ways, and some that are not. */

import * as v from 'valibot';
import { cast, defineAlgorithm, signed } from '../../src/index.ts';

/** n1 and n2 throw a ball five times. */
export class Rounds extends defineAlgorithm('rounds', {
  messages: { ball: cast({ sequence: v.number() }) },
}) {
  last = 0;

  override onStart(): void {
    if (this.id === 'n1') void this.toAll.ball({ sequence: 0 });
  }

  handlers = this.on({
    ball: (_src, { sequence }) => {
      this.last = sequence;
      if (sequence < 5) void this.toAll.ball({ sequence: sequence + 1 });
      if (sequence >= 4) this.terminate();
    },
  });

  override state(): object {
    return { last: this.last };
  }
}

/** Sends large messages and waits until each is accepted. */
export class Flood extends defineAlgorithm('flood', {
  messages: { load: cast({ content: v.string() }) },
}) {
  received = 0;
  accepted = 0;

  override async onStart(): Promise<void> {
    for (let i = 0; i < 10; i++) {
      await this.toAll.load({ content: 'x'.repeat(60_000) });
      this.accepted++;
    }
    this.terminate();
  }

  handlers = this.on({
    load: () => {
      this.received++;
    },
  });

  override state(): object {
    return { received: this.received, accepted: this.accepted };
  }
}

const vote = signed('Vote', { value: v.number() });

/** Shows a statement of its own while its signature is made, and sends it again and again. */
export class Notary extends defineAlgorithm('notary', { messages: { tell: cast({ vote }) } }) {
  readonly mine = this.sign(vote, { value: 1 });
  times = 0;

  override onStart(): void {
    this.every(2, () => {
      void this.toAll.tell({ vote: this.mine });
      if (++this.times === 10) this.terminate();
    });
  }

  handlers = this.on({ tell: () => {} });

  override state(): object {
    return { mine: this.mine };
  }
}

/** Has a promise rejected that nobody awaits. */
export class Outcast extends defineAlgorithm('outcast', {}) {
  override async onStart(): Promise<void> {
    await this.sleep(2);
    void this.sleep(1).then(() => {
      throw new Error('nobody listens');
    });
  }

  handlers = this.on({});
}

/** Draws from outside its node. */
export class Gambler extends defineAlgorithm('gambler', {
  messages: { bet: cast({ sum: v.number() }) },
}) {
  override onStart(): void {
    void this.toAll.bet({ sum: Math.random() });
    this.terminate();
  }

  handlers = this.on({ bet: () => {} });
}

/** Waits for something that is none of its ports: its turn is over before it goes on. */
export class Late extends defineAlgorithm('late', {}) {
  count = 0;

  override onStart(): void {
    setTimeout(() => {
      this.count++;
      this.log.info('late');
      this.terminate();
    }, 20);
  }

  handlers = this.on({});

  override state(): object {
    return { count: this.count };
  }
}
