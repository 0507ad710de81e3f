/** This tab's part in a chat. It shows and takes what it remembers while its member cannot be there, and tries again until it is. */

import { messageOf } from '../../../core/errors.ts';
import { Chat } from '../../../lab/pubsub/chat/chat.ts';
import { chatPlaces } from '../../../lab/pubsub/chat/places.ts';
import { recall, remember, type Remembered } from '../../../lab/pubsub/chat/memory.ts';
import { createPubSub, type PubSub } from '../../../lab/pubsub/create-pubsub.ts';
import type { RoomView } from '../../../lab/raft/room/room-place.ts';
import { SignalingError } from '../../../net/signaling/signaling.ts';
import type { AppCode } from '../app-code.ts';
import { PlaceSession } from '../place-session.ts';

/** Milliseconds until one tries again to reach the server. */
const RETRY_MS = 3000;

/** Milliseconds in which several changes are written down at once. */
const WRITE_MS = 300;

/** What is kept for those who come later: as much as a browser's tab holds with ease, for a month. */
const SETTINGS = { retention_bytes: 8 * 1024 * 1024, retention_age: 30 * 24 * 3_600_000 };

/** What a tab sees of a chat. */
export class ChatSession extends PlaceSession {
  readonly chat: Chat;
  readonly #key: string;
  #pubsub: PubSub | undefined;
  #memory: Remembered | undefined;
  #writing: ReturnType<typeof setTimeout> | undefined;
  #isUnplugged = false;
  #outage: string | undefined;
  #isFull = false;

  private constructor(code: AppCode) {
    super(code);
    this.#key = `parley.chat.${code.code}`;
    const id = tabMemory()?.getItem(this.#key);
    const known = id == null ? undefined : recall(localStorage, `${this.#key}.${id}`);
    const { members } = chatPlaces(code.members);
    this.chat = new Chat(members, known, (memory) => this.#keep(memory));
    this.chat.subscribe(() => this.tell());
    globalThis.addEventListener?.('pagehide', this.#write);
  }

  /** Enters the chat of a code. What becomes of it is told to those who subscribe. */
  static enter(code: AppCode): ChatSession {
    const session = new ChatSession(code);
    void session.#begin();
    return session;
  }

  /** A chat over a member that is there. */
  static over(code: AppCode, pubsub: PubSub): ChatSession {
    const session = new ChatSession(code);
    void session.#join(pubsub);
    return session;
  }

  override get isIn(): boolean {
    // Whoever was in it once reads and writes before there is a network again.
    return this.problem === undefined && (this.#pubsub !== undefined || this.chat.id !== undefined);
  }

  override get view(): RoomView | undefined {
    return this.#pubsub?.room?.view;
  }

  /** Why this tab's member is not there yet, though it will be. */
  get outage(): string | undefined {
    return this.#outage;
  }

  /** Whether its member takes part. */
  get isConnected(): boolean {
    return this.#pubsub !== undefined;
  }

  /** Nothing is encrypted here. */
  get isOpen(): boolean {
    return !this.code.isClosed;
  }

  /** What this tab remembers had no room. */
  get isFull(): boolean {
    return this.#isFull;
  }

  get isUnplugged(): boolean {
    return this.#isUnplugged;
  }

  /** Pulls this tab's cable, or plugs it in again. */
  unplug(isUnplugged: boolean): void {
    this.#isUnplugged = isUnplugged;
    this.#pubsub?.room?.unplug(isUnplugged);
    this.tell();
  }

  protected override stop(): void {
    globalThis.removeEventListener?.('pagehide', this.#write);
    this.#write();
    void this.#pubsub?.stop();
  }

  async #begin(): Promise<void> {
    const { signal } = this.leaving;
    while (!signal.aborted) {
      try {
        const pubsub = await createPubSub({
          ...{ room: this.code.room, ...chatPlaces(this.code.members), signal },
          security: { encryption: this.code.isClosed },
          settings: SETTINGS,
          onWaiting: (waiting) => {
            this.#outage = undefined;
            this.waits(waiting);
          },
        });
        await this.#join(pubsub);
        return;
      } catch (error) {
        if (signal.aborted) return;
        const canBeTriedAgain = error instanceof SignalingError && UNREACHED.has(error.code);
        if (!canBeTriedAgain) {
          this.failed(messageOf(error));
          return;
        }
        this.#outage = messageOf(error);
        this.tell();
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  async #join(pubsub: PubSub): Promise<void> {
    if (this.leaving.signal.aborted) {
      void pubsub.stop();
      return;
    }
    this.#pubsub = pubsub;
    this.#outage = undefined;
    pubsub.on(({ kind, detail }) => {
      if (kind === 'stopped') this.failed(String(detail));
      this.tell();
    });
    pubsub.room?.on(() => this.tell());
    if (this.chat.id !== pubsub.id) {
      this.chat.recall(recall(localStorage, `${this.#key}.${pubsub.id}`));
      tabMemory()?.setItem(this.#key, pubsub.id);
    }
    await this.chat.attach(pubsub);
    this.tell();
  }

  #keep(memory: Remembered): void {
    this.#memory = memory;
    this.#writing ??= setTimeout(this.#write, WRITE_MS);
  }

  readonly #write = (): void => {
    clearTimeout(this.#writing);
    this.#writing = undefined;
    const memory = this.#memory;
    if (memory?.id === undefined) return;
    this.#memory = undefined;
    this.#isFull = !remember(localStorage, `${this.#key}.${memory.id}`, memory);
  };
}

/** What ends by itself: a server that is not there, or has too much to do. */
const UNREACHED: ReadonlySet<string> = new Set([
  'unreachable',
  'disconnected',
  'unavailable',
  'rate-limited',
  'server-full',
]);

/** Where a tab remembers itself over a reload; private windows of some browsers have no such place. */
function tabMemory(): Storage | undefined {
  try {
    return sessionStorage;
  } catch {
    return undefined;
  }
}
