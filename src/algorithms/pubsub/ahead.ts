/**
 * Saying ahead of the store: whether what a node publishes may be said before it is stored.
 *
 * A number that was said and not stored could be given to a second message after a crash. So the store is told before that numbers may have been
 * used of which it does not know; a node that finds this mark when it starts begins a new life, with numbers of its own. Where storing comes
 * behind, the mark is set from start to end. Where it comes beside, it is set with the first message, which waits for that, and is taken away
 * again after a quiet moment: then a crash costs no life.
 */

import type { Desk, Storing } from './desk.ts';

/** Milliseconds without a message of one's own after which the mark is taken away: a stream of messages sets it once. */
const QUIET_MS = 2000;

/** The node that speaks. */
export interface AheadOwner {
  readonly desk: Pick<Desk, 'afterwards' | 'settle'>;
  /** Notes what the node knows of itself, with {@link Ahead.isMarked}, to be stored next. */
  putSelf(): void;
  now(): number;
}

/** How one node says and stores. */
export class Ahead {
  readonly #owner: AheadOwner;
  readonly #storing: Storing;
  /** `set`: it is known to be stored. */
  #mark: 'none' | 'wanted' | 'set' = 'none';
  #spokeMs = -Infinity;

  constructor(owner: AheadOwner, storing: Storing) {
    this.#owner = owner;
    this.#storing = storing;
  }

  /** Whether what is stored next of the node itself says that numbers beyond it may have been used. */
  get isMarked(): boolean {
    return this.#mark !== 'none';
  }

  /** The node starts: fulfilled when it may speak. */
  async begin(): Promise<void> {
    if (this.#storing !== 'behind') return;
    this.#mark = 'set';
    this.#owner.putSelf();
    await this.#owner.desk.settle();
  }

  /**
   * A batch is put with what is stored next.
   *
   * @param say sends it; fulfilled when the links have it
   * @param done whoever published it may go on
   */
  speak(say: () => Promise<void>, done: () => void): void {
    const { desk } = this.#owner;
    this.#spokeMs = this.#owner.now();
    if (this.#storing === 'before') {
      desk.afterwards(() => {
        void say();
        done();
      });
    } else if (this.#storing !== 'beside') {
      // Nothing waits for the disk, so whoever publishes waits for the links.
      desk.afterwards(() => void say().then(done));
    } else this.#speakBeside(say, done);
  }

  /** Called now and then: when it has been quiet, everything that was said is stored, or will be before what is put now. */
  look(): void {
    if (this.#storing !== 'beside' || this.#mark !== 'set') return;
    if (this.#owner.now() - this.#spokeMs >= QUIET_MS) this.#unmark();
  }

  /** The node ends well: when everything is stored, the next start can go on in this life. */
  async end(): Promise<void> {
    if (!this.isMarked) return;
    this.#unmark();
    await this.#owner.desk.settle();
  }

  #speakBeside(say: () => Promise<void>, done: () => void): void {
    const { desk } = this.#owner;
    if (this.#mark === 'set') {
      void say();
      desk.afterwards(done);
      return;
    }
    if (this.#mark === 'none') {
      this.#mark = 'wanted';
      this.#owner.putSelf();
    }
    desk.afterwards(() => {
      if (this.#mark === 'wanted') this.#mark = 'set';
      void say();
      done();
    });
  }

  #unmark(): void {
    this.#mark = 'none';
    this.#owner.putSelf();
  }
}
