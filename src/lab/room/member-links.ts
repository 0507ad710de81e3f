/**
 * Links between the pages of members, beneath what they say to each other: the same channels, identity proofs and sessions that nodes have,
 * with members' names in the place of nodes', and kept in the page.
 *
 * They form a star: each member dials the hub, and the hub accepts. Whoever is dialled accepts, whether it thinks that it is the hub or not:
 * the two may not have heard the same yet.
 */

import type { LinkClass } from '../../core/message.ts';
import type { LogLevel, Signer } from '../../core/ports.ts';
import { BatchSealer, type FrameAuth } from '../../net/batch.ts';
import type { ChannelEvents, Channels } from '../../net/channel.ts';
import { formatNamed } from '../../net/format.ts';
import { LINKS_PER_NODE_MAX } from '../../net/limits.ts';
import { PortChannel } from '../../net/port-channel.ts';
import { RtcChannel } from '../../net/rtc-channel.ts';
import type { Certificates } from '../../net/rtc/transport.ts';
import type { Envelope } from '../../runtime/envelope.ts';
import type { Connector, OtherEnd } from '../../runtime/live/connector.ts';
import type { LinkRole } from '../../runtime/live/link-keeper.ts';
import { Outbox } from '../../runtime/live/outbox.ts';
import type { AttemptSignal } from '../../runtime/live/room-signals.ts';
import { Session, type SessionHost } from '../../runtime/live/session.ts';
import type { Value } from '../../core/value.ts';

/** In the place of a run: these links are the room's own. */
export const ROOM_RUN = 'room';

/** What makes the links of a member. */
export interface MemberLinksOptions {
  readonly member: string;
  readonly incarnation: number;
  readonly room: string;
  /** Knows the members' keys. */
  readonly signer: Signer;
  /** Of a closed room: what only its members can know. */
  readonly membershipKey: Uint8Array | undefined;
  /** Makes what keeps the connections; `roles` says which ones are wanted, and changes. */
  readonly connect: (roles: ReadonlyMap<string, LinkRole>, host: ConnectionHost) => MemberConnector;
}

/** What keeps connections. */
export type MemberConnector = Pick<
  Connector,
  'met' | 'lost' | 'signalled' | 'opened' | 'closed' | 'probe' | 'suspend' | 'resume' | 'close'
>;

/** What the connections of these links call. */
export interface ConnectionHost {
  channels(member: string, attempt: string, channels: Channels<RTCDataChannel>): void;
  ports(member: string, attempt: string, ports: Channels<MessagePort>): void;
  secured(member: string, attempt: string, certificates: Certificates): void;
  log(level: LogLevel, text: string): void;
}

/** What links tell. None of them may throw. */
export interface MemberLinksEvents {
  /** A member said something over its link; the next waits until the promise is fulfilled. */
  heard(from: string, payload: Value): Promise<void>;
  /** A link is there, or there again. */
  opened(member: string): void;
  closed(member: string, reason: string, refused: boolean): void;
}

/** The links of one member. */
export class MemberLinks implements SessionHost {
  readonly id: string;
  readonly incarnation: number;
  readonly room: string;
  readonly runId = ROOM_RUN;
  readonly nodesMax = 0;
  readonly format = formatNamed('json');
  readonly signer: Signer;
  /** Statements are signed one by one, whoever passes them on. */
  readonly frameAuth: FrameAuth = 'link';
  readonly membershipKey: Uint8Array | undefined;
  readonly #events: MemberLinksEvents;
  readonly #connector: MemberConnector;
  readonly #roles = new Map<string, LinkRole>();
  readonly #ends = new Map<string, OtherEnd>();
  readonly #sessions = new Map<string, Session>();
  /** Attempts that go through the server. */
  readonly #relayed = new Map<string, string>();
  /** The attempt whose link is open, by member. */
  readonly #open = new Map<string, string>();
  readonly #known = new Set<string>();
  readonly #outbox: Outbox;
  #sent = 0;

  constructor(options: MemberLinksOptions, events: MemberLinksEvents) {
    const { member, incarnation, room, signer, membershipKey, connect } = options;
    this.id = member;
    this.incarnation = incarnation;
    this.room = room;
    this.signer = signer;
    this.membershipKey = membershipKey;
    this.#events = events;
    this.#outbox = new Outbox(
      new BatchSealer(this, signer, this.frameAuth),
      this.format,
      (to, batch) => this.#sessions.get(to)?.send(batch),
    );
    this.#connector = connect(this.#roles, {
      channels: (other, attempt, channels) =>
        this.#connected(other, attempt, (one, tell) => new RtcChannel(channels[one], tell)),
      ports: (other, attempt, ports) => {
        this.#relayed.set(other, attempt);
        this.#connected(other, attempt, (one, tell) => new PortChannel(ports[one], tell));
      },
      secured: (other, attempt, certificates) =>
        this.#sessions.get(other)?.secured(attempt, certificates),
      log: () => {},
    });
  }

  /** How a member is linked now. */
  wayTo(member: string): 'direct' | 'relay' | undefined {
    const attempt = this.#open.get(member);
    if (attempt === undefined) return undefined;
    return this.#relayed.get(member) === attempt ? 'relay' : 'direct';
  }

  /** True when this member was dialled by the other: then it is the other's hub. */
  isDialledBy(member: string): boolean {
    return this.#roles.get(member) === 'accept';
  }

  /** A member is there, or came anew. It is dialled if `role` says so, and otherwise accepted when it dials. */
  met(member: string, other: OtherEnd, role: LinkRole): void {
    const known = this.#ends.get(member);
    const isSame = known?.incarnation === other.incarnation && this.#roles.get(member) === role;
    if (isSame) return;
    if (known !== undefined) this.lost(member);
    if (this.#roles.size >= LINKS_PER_NODE_MAX) return;
    this.#ends.set(member, other);
    this.#roles.set(member, role);
    const session = new Session(member, this);
    this.#sessions.set(member, session);
    session.meet(other.incarnation);
    this.#connector.met(member, other);
  }

  /** A member is gone, or nothing is to be heard of it any more. */
  lost(member: string): void {
    this.#ends.delete(member);
    this.#connector.lost(member);
    this.#roles.delete(member);
    this.#sessions.get(member)?.close();
    this.#sessions.delete(member);
    this.#relayed.delete(member);
    this.#open.delete(member);
    this.#known.delete(member);
  }

  /** A member's page signalled something about a link. */
  signalled(from: string, signal: AttemptSignal): void {
    this.#connector.signalled(from, signal);
  }

  /**
   * Sends something to a member that was linked once; false when it was not. A promise is fulfilled when the member has room for more. What is
   * sent while the link is being made again arrives afterwards.
   */
  send(to: string, payload: Value): Promise<void> | boolean {
    const session = this.#sessions.get(to);
    if (session === undefined || !this.#known.has(to)) return false;
    const bytes = this.format.size(payload);
    const envelope: Envelope = {
      ...{ kind: 'cast', number: ++this.#sent, answers: 0, path: ROOM_RUN, type: 'statements' },
      ...{ via: 'data', body: payload, bytes, signed: [], signing: undefined },
    };
    const taken = session.reserve(envelope);
    this.#outbox.add(to, envelope);
    this.#outbox.flush();
    return taken ?? true;
  }

  /** The page may have slept, or changed its network. */
  probe(hasNewNetwork: boolean): void {
    this.#connector.probe(hasNewNetwork);
  }

  suspend(): void {
    this.#connector.suspend();
  }

  resume(): void {
    this.#connector.resume();
  }

  close(): void {
    for (const member of [...this.#ends.keys()]) this.lost(member);
    this.#connector.close();
  }

  #connected(
    member: string,
    attempt: string,
    make: (linkClass: LinkClass, events: ChannelEvents) => PortChannel | RtcChannel,
  ): void {
    this.#sessions.get(member)?.connect(attempt, make);
  }

  // What the sessions ask.

  received(from: string, envelope: Envelope): Promise<void> | undefined {
    return envelope.kind === 'cast' ? this.#events.heard(from, envelope.body) : undefined;
  }

  refused(): void {
    // Nobody can forge on a proven link: it is closed when it goes on like that.
  }

  linkOpen(member: string, attempt: string): void {
    this.#connector.opened(member, attempt);
    this.#open.set(member, attempt);
    this.#known.add(member);
    this.#events.opened(member);
  }

  linkClosed(member: string, attempt: string, reason: string, refused: boolean): void {
    this.#connector.closed(member, attempt, reason, refused);
    if (this.#open.get(member) === attempt) this.#open.delete(member);
    this.#events.closed(member, reason, refused);
  }
}
