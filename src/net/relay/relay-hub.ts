/**
 * The relayed links of one member, side by side over one pipe. Packets name the attempt that they belong to, and the one who relays names
 * the sender, so nobody but the other side (and who relays) can reach into a link.
 */

import { fromBase64, toBase64 } from '../base64.ts';
import { EARLY_MAX, EARLY_PER_MEMBER_MAX } from './limits.ts';
import { RelayLink, type RelayLinkEvents } from './relay-link.ts';
import { isAttempt, PACKET_KIND, packetOf, readPacket, type RelayPacket } from './relay-packet.ts';
import type { RelayPipe } from './relay-pipe.ts';

/** What came to nothing, since the hub was made. */
export interface RelayHubStats {
  /** Packets that are none. */
  readonly malformed: number;
  /** Packets of links that this side does not (or no longer) know. */
  readonly stray: number;
}

/** The other side has begun; this one has not yet. */
interface Early {
  readonly from: string;
  readonly packets: RelayPacket[];
}

/** What is kept of a link that only the other side has begun: its key, and perhaps that it thought better of it. */
const EARLY_PACKETS_MAX = 2;

/** Members who are told that a link is over, at most once each, are remembered so far. */
const TOLD_MAX = 256;

/** Makes relayed links, and hands each its packets. */
export class RelayHub {
  readonly #pipe: RelayPipe;
  readonly #links = new Map<string, RelayLink>();
  readonly #early = new Map<string, Early>();
  readonly #told = new Set<string>();
  readonly #unsubscribe: () => void;
  #malformed = 0;
  #stray = 0;
  #isClosed = false;

  constructor(pipe: RelayPipe) {
    this.#pipe = pipe;
    this.#unsubscribe = pipe.on((from, data) => this.#take(from, data));
  }

  /**
   * Begins this side of a link to member `to`. The other side begins as well, with the same attempt, sooner or later. Nothing is called back
   * before this returned.
   *
   * @throws {RangeError} when the attempt cannot be a name, or there is such a link already
   */
  open(to: string, attempt: string, events: RelayLinkEvents): RelayLink {
    const name = nameOf(to, attempt);
    if (!isAttempt(attempt)) throw new RangeError(`'${attempt}' cannot name an attempt`);
    if (this.#links.has(name)) throw new RangeError(`attempt '${attempt}' is under way already`);
    const link: RelayLink = new RelayLink(this.#pipe, to, attempt, {
      channels: events.channels,
      secured: (certificates) => events.secured(certificates),
      closed: (reason) => {
        if (this.#links.get(name) === link) this.#links.delete(name);
        events.closed(reason);
      },
    });
    this.#links.set(name, link);
    queueMicrotask(() => {
      if (this.#isClosed) return link.lost('the relay was closed');
      const early = this.#early.get(name);
      this.#early.delete(name);
      // Its goodbye first, if there is one: a link that is over need not open.
      for (const packet of early?.packets.toReversed() ?? []) link.take(packet);
      link.begin();
    });
    return link;
  }

  stats(): RelayHubStats {
    return { malformed: this.#malformed, stray: this.#stray };
  }

  /** Closes every link. */
  close(reason: string): void {
    this.#isClosed = true;
    for (const link of [...this.#links.values()]) link.close(reason);
    this.#early.clear();
    this.#unsubscribe();
  }

  #take(from: string, data: string): void {
    const packet = read(data);
    if (packet === undefined) {
      this.#malformed++;
      return;
    }
    const name = nameOf(from, packet.attempt);
    const link = this.#links.get(name);
    if (link !== undefined) link.take(packet);
    else if (packet.kind === PACKET_KIND.sealed) this.#sayUnknown(from, packet.attempt);
    else this.#keep(from, name, packet);
  }

  /** Keeps what begins a link until this side begins it too. The oldest make room. */
  #keep(from: string, name: string, packet: RelayPacket): void {
    const known = this.#early.get(name);
    if (known === undefined && packet.kind === PACKET_KIND.bye) {
      this.#stray++;
      return;
    }
    if (known !== undefined) {
      if (known.packets.length < EARLY_PACKETS_MAX) known.packets.push(packet);
      return;
    }
    const ofMember = [...this.#early].filter(([, early]) => early.from === from);
    if (ofMember.length >= EARLY_PER_MEMBER_MAX) this.#early.delete(ofMember[0]![0]);
    for (const oldest of this.#early.keys()) {
      if (this.#early.size < EARLY_MAX) break;
      this.#early.delete(oldest);
    }
    this.#early.set(name, { from, packets: [packet] });
  }

  /** The other side goes on with a link that is over here; perhaps our word was lost. */
  #sayUnknown(to: string, attempt: string): void {
    this.#stray++;
    const name = nameOf(to, attempt);
    if (this.#told.has(name)) return;
    if (this.#told.size >= TOLD_MAX) this.#told.clear();
    this.#told.add(name);
    this.#pipe.send(to, toBase64(packetOf(PACKET_KIND.bye, attempt)));
  }
}

function read(data: string): RelayPacket | undefined {
  try {
    return readPacket(fromBase64(data));
  } catch {
    return undefined;
  }
}

/** Neither member ids nor attempts have spaces. */
function nameOf(member: string, attempt: string): string {
  return `${member} ${attempt}`;
}
