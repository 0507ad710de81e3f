/**
 * How what is said in a room gets to everybody: over a star of links around the hub, the member who manages the room. Whoever is not the
 * hub tells the hub, and the hub tells the others; before there are links, signaling carries what is short.
 *
 * When a link opens, both ends tell each other what stands, so whatever got lost when a hub left is there again.
 */

import type { MemberDescription } from '../../net/signaling/protocol.ts';
import type { LinkRole } from '../../runtime/live/link-keeper.ts';
import { EventQueue, EventWindow } from './event-stream.ts';
import type { MemberLinks } from './member-links.ts';
import type { RoomWire } from './room-wire.ts';
import type { Statement } from './statement.ts';

/** What an exchange needs of its room. */
export interface ExchangeHost {
  readonly member: string;
  /** The name of a member's end of links: see `Transport`. */
  linkName(member: MemberDescription): string;
  /** The others who are here, and whom one talks to. */
  others(): readonly MemberDescription[];
  /** Everything that a member should know who may have missed something. */
  whatStands(): readonly Statement[];
}

/** Says things to everybody. */
export class Exchange {
  readonly #host: ExchangeHost;
  readonly #wire: RoomWire;
  readonly #links: MemberLinks | undefined;
  readonly #queues = new Map<string, EventQueue>();
  /** Members who have had the latest events, each by its incarnation. */
  readonly #caughtUp = new Map<string, number>();
  #window = new EventWindow();
  #hub: string | undefined;

  constructor(host: ExchangeHost, wire: RoomWire, links: MemberLinks | undefined) {
    this.#host = host;
    this.#wire = wire;
    this.#links = links;
  }

  get hub(): string | undefined {
    return this.#hub;
  }

  get isHub(): boolean {
    return this.#hub === this.#host.member;
  }

  /** How this member hears from another that is present. */
  wayTo(member: string): 'direct' | 'relay' | 'hub' | 'server' {
    const own = this.#links?.wayTo(member);
    if (own !== undefined) return own;
    const hub = this.#hub;
    const isThroughHub = hub !== undefined && this.#links?.wayTo(hub) !== undefined;
    return isThroughHub ? 'hub' : 'server';
  }

  /** The hub is this one from now on, and the others are who they are. */
  follow(hub: string | undefined): void {
    const wasHub = this.isHub && hub !== this.#hub;
    this.#hub = hub;
    if (wasHub) this.#caughtUp.clear();
    const others = this.#host.others();
    const here = new Set(others.map(({ member }) => member));
    for (const member of this.#queues.keys()) {
      if (!here.has(member) || !(this.isHub || member === hub)) this.#forgetQueue(member);
    }
    for (const other of others) {
      if (other.member === hub) this.#meet(other, 'dial');
      else if (this.isHub) this.#meet(other, 'accept');
      else if (wasHub || this.#links?.isDialledBy(other.member) === false) {
        this.#links?.lost(other.member);
      }
    }
  }

  /** A member is gone, or must not be talked to. */
  lost(member: string): void {
    this.#links?.lost(member);
    this.#forgetQueue(member);
    this.#caughtUp.delete(member);
  }

  /** Another member dials this one: it takes it for the hub, and may know more. */
  dialled(by: MemberDescription): void {
    if (by.member !== this.#hub) this.#meet(by, 'accept');
  }

  /** A link is there (again): what may have been missed is told. */
  linkOpened(member: MemberDescription): void {
    this.#wire.tell(member.member, this.#host.whatStands());
    const isNew = this.#caughtUp.get(member.member) !== member.incarnation;
    if (this.#links?.isDialledBy(member.member) === true && isNew) {
      this.#caughtUp.set(member.member, member.incarnation);
      // What was queued before is in the window, too, and whoever reads it knows it by its number.
      this.#queueFor(member.member).push(...this.#window.all());
    }
    this.#queues.get(member.member)?.resume();
  }

  /** Says something to everybody. */
  publish(...statements: readonly Statement[]): void {
    const hub = this.#hub;
    if (this.isHub && this.#someLinked()) {
      this.#wire.tellEach(this.#others(), statements);
    } else if (hub !== undefined && !this.isHub && this.#links?.wayTo(hub) !== undefined) {
      this.#wire.tell(hub, statements);
    } else this.#wire.broadcast(statements);
  }

  /** Says events to everybody; they wait for a link, and the oldest are left out when too many wait. */
  publishEvents(statement: Statement): void {
    if (this.isHub) this.#spreadEvents(statement, undefined);
    else if (this.#hub !== undefined) this.#queueFor(this.#hub).push(statement);
  }

  /** Passes on what a member said over its link to this one, if it takes this one for the hub. */
  passOn(from: string, statement: Statement): void {
    if (statement.by !== from || this.#links?.isDialledBy(from) !== true) return;
    if (statement.kind === 'events') this.#spreadEvents(statement, from);
    else {
      const others = this.#others().filter((member) => member !== from);
      this.#wire.tellEach(others, [statement]);
    }
  }

  /** Another run has begun: nobody needs the events of the last one. */
  forgetEvents(): void {
    this.#window = new EventWindow();
    for (const member of [...this.#queues.keys()]) this.#forgetQueue(member);
  }

  close(): void {
    for (const member of [...this.#queues.keys()]) this.#forgetQueue(member);
    this.#links?.close();
  }

  #spreadEvents(statement: Statement, except: string | undefined): void {
    this.#window.push(statement);
    for (const member of this.#others()) {
      // Who has no link yet gets the window when it has.
      const isDue = this.#caughtUp.has(member);
      if (member !== except && isDue) this.#queueFor(member).push(statement);
    }
  }

  #others(): readonly string[] {
    return this.#host.others().map(({ member }) => member);
  }

  #someLinked(): boolean {
    return this.#others().some((member) => this.#links?.wayTo(member) !== undefined);
  }

  #meet(other: MemberDescription, role: LinkRole): void {
    const { member, incarnation } = other;
    this.#links?.met(member, { incarnation, name: this.#host.linkName(other) }, role);
  }

  #queueFor(member: string): EventQueue {
    const known = this.#queues.get(member);
    if (known !== undefined) return known;
    const queue = new EventQueue((statement) => this.#wire.stream(member, statement));
    this.#queues.set(member, queue);
    return queue;
  }

  #forgetQueue(member: string): void {
    this.#queues.get(member)?.close();
    this.#queues.delete(member);
  }
}
