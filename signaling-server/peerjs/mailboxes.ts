import type { ServerLimits } from '../limits.ts';

/** The bounds of {@link Mailboxes}. */
export type MailboxLimits = Pick<
  ServerLimits,
  'peerExpiryMs' | 'peerMessagesPerClient' | 'peerBytesPerClient' | 'peerMessages' | 'peerBytes'
>;

interface Mailbox {
  readonly frames: string[];
  readonly senders: Set<string>;
  readonly timer: NodeJS.Timeout;
  bytes: number;
}

/**
 * What waits for PeerJS clients that are not there: two pages that open at once name each other
 * before both are registered. A box is emptied when its owner comes, or expires as a whole.
 */
export class Mailboxes {
  readonly #limits: MailboxLimits;
  readonly #onExpired: (destination: string, senders: ReadonlySet<string>, count: number) => void;
  readonly #boxes = new Map<string, Mailbox>();
  #count = 0;
  #bytes = 0;

  /** `onExpired` is called once for each box that nobody came for. */
  constructor(
    limits: MailboxLimits,
    onExpired: (destination: string, senders: ReadonlySet<string>, count: number) => void,
  ) {
    this.#limits = limits;
    this.#onExpired = onExpired;
  }

  /** How many messages wait. */
  get count(): number {
    return this.#count;
  }

  /** Keeps a frame, unless that would pass a bound. */
  keep(destination: string, sender: string, frame: string): boolean {
    const { peerMessages, peerBytes, peerMessagesPerClient, peerBytesPerClient } = this.#limits;
    const bytes = Buffer.byteLength(frame);
    const box = this.#boxes.get(destination);
    if (this.#count >= peerMessages || this.#bytes + bytes > peerBytes) return false;
    if ((box?.frames.length ?? 0) >= peerMessagesPerClient) return false;
    if ((box?.bytes ?? 0) + bytes > peerBytesPerClient) return false;
    const kept = box ?? this.#open(destination);
    kept.frames.push(frame);
    kept.senders.add(sender);
    kept.bytes += bytes;
    this.#count++;
    this.#bytes += bytes;
    return true;
  }

  /** Empties a box: its frames, in the order in which they came. */
  take(destination: string): readonly string[] {
    return this.#remove(destination)?.frames ?? [];
  }

  /** Forgets everything. */
  clear(): void {
    for (const destination of [...this.#boxes.keys()]) this.#remove(destination);
  }

  #open(destination: string): Mailbox {
    const timer = setTimeout(() => this.#expire(destination), this.#limits.peerExpiryMs);
    const box: Mailbox = { frames: [], senders: new Set(), timer, bytes: 0 };
    this.#boxes.set(destination, box);
    return box;
  }

  #expire(destination: string): void {
    const box = this.#remove(destination);
    if (box !== undefined) this.#onExpired(destination, box.senders, box.frames.length);
  }

  #remove(destination: string): Mailbox | undefined {
    const box = this.#boxes.get(destination);
    if (box === undefined) return undefined;
    clearTimeout(box.timer);
    this.#boxes.delete(destination);
    this.#count -= box.frames.length;
    this.#bytes -= box.bytes;
    return box;
  }
}
