/** What a member needs for keys that members give to each other: its store, the topic of notes, and the members as the registry has them. */

import { messageOf } from '../../core/errors.ts';
import type { NodeId } from '../../core/id.ts';
import type { Clock, LogLevel, Store } from '../../core/ports.ts';
import type { Value } from '../../core/value.ts';
import type { PubSub as PubSubAlgorithm } from '../../algorithms/pubsub/index.ts';
import { AuthorKeys } from './author-keys.ts';
import { DistributedKeys } from './distributed-keys.ts';
import { KEYS_TOPIC, type KeyNote } from './key-notes.ts';
import { KeySchedule } from './key-schedule.ts';

/** The member. */
export interface MemberKeysHost {
  readonly id: NodeId;
  readonly algorithm: PubSubAlgorithm;
  readonly isStopped: boolean;
  readonly clock: Clock;
  /** Publishes with the next batch. @throws {Refusal} at once */
  publish(topic: string, payload: Value): Promise<unknown>;
  log(level: LogLevel, text: string): void;
  /** Something can be read now, or will not be. */
  changed(): void;
}

/** The keys of one member. */
export class MemberKeys extends DistributedKeys {
  readonly #host: MemberKeysHost;
  readonly #keys: AuthorKeys;
  readonly #schedule: KeySchedule;
  #hasMemory = false;

  constructor(host: MemberKeysHost, store: Store) {
    const notStored = (error: unknown): void =>
      host.log('warn', `a key was not stored: ${messageOf(error)}`);
    const keys = new AuthorKeys(store, notStored);
    const schedule: KeySchedule = new KeySchedule(
      {
        id: host.id,
        members: () => host.algorithm.membership.inside,
        isHere: (member) => !host.algorithm.reach.unreachable.has(member),
        publish: (note) => this.#publish(note),
        after: (delayMs, callback) =>
          host.clock.after(delayMs, () => {
            if (!host.isStopped) callback();
          }),
        changed: () => host.changed(),
      },
      keys,
    );
    super(schedule);
    this.#host = host;
    this.#keys = keys;
    this.#schedule = schedule;
  }

  /** Reads what was stored; before the member starts. @throws {StorageError} */
  async restore(): Promise<void> {
    this.#hasMemory = await this.#keys.restore();
  }

  /** Hears notes from now on, and those that are kept; when the member has started. */
  begin(): void {
    const { algorithm } = this.#host;
    if (algorithm.subscriptions.get(KEYS_TOPIC, 'fifo') === undefined) {
      algorithm.begin({ pattern: KEYS_TOPIC, order: 'fifo', since: {}, history: true });
    } else {
      // It may have crashed between a delivery and the write of what that brought.
      for (const { origin, payload } of algorithm.history(KEYS_TOPIC, 'fifo'))
        this.hear(origin, payload);
    }
    this.#schedule.begin(this.#hasMemory);
  }

  /** A note was delivered. */
  hear(origin: NodeId, payload: Value): void {
    this.#schedule.hear(origin, payload);
  }

  /** Without a note on a new key the message has to wait; whatever else is not published now is asked for again. */
  #publish(note: KeyNote): void {
    const failed = (error: unknown): void =>
      this.#host.log('warn', `a note on keys was not published: ${messageOf(error)}`);
    try {
      this.#host.publish(KEYS_TOPIC, note as unknown as Value).catch(failed);
    } catch (error) {
      if (note.is === 'key') throw error;
      failed(error);
    }
  }
}
