/** What this member says in its room, and what it hears: the voice, the ear, the links and signaling, put together. */

import type { Signaling, SignalingEvents } from '../../net/signaling/signaling.ts';
import { isOfAttempt, readSignal, type SentSignal } from '../../runtime/live/room-signals.ts';
import type { Identity } from '../identity.ts';
import { Ear } from './ear.ts';
import { Exchange } from './exchange.ts';
import type { Gathering } from './gathering.ts';
import type { KeyRing } from './key-ring.ts';
import { MemberLinks, ROOM_RUN } from './member-links.ts';
import type { Bodies, Charter } from './messages.ts';
import { memberLane, relayFactory } from './relay-lanes.ts';
import type { RoomPage } from './room-page.ts';
import { RoomWire } from './room-wire.ts';
import type { HeardSignal } from './run-part.ts';
import { readSeatSignal } from './seat-signaling.ts';
import type { Statement, StatementKind } from './statement.ts';
import { transportName } from './transport-name.ts';
import type { Voice } from './voice.ts';

/** What makes a conversation. */
export interface ConversationOptions {
  readonly room: string;
  readonly identity: Identity;
  readonly signaling: Signaling;
  readonly voice: Voice;
  readonly keys: KeyRing;
  readonly gathering: Gathering;
  readonly membershipKey: Uint8Array | undefined;
  readonly connect: RoomPage['connect'];
}

/** What a conversation tells its room. None of them may throw. */
export interface ConversationHost {
  /**
   * A genuine statement, of another member or of this one before its tab was reloaded, as `from` passed it on, over its link or through
   * signaling; true when it was news.
   */
  heard(statement: Statement, from: string, isOverLink: boolean): boolean;
  /** A node's page signalled something to a node of this page. */
  heardSignal(heard: HeardSignal): void;
  /** Everything that a member should know who may have missed something. */
  whatStands(): readonly Statement[];
  /** Something that people should know. */
  warn(text: string): void;
  /** Something could not be said. */
  failed(problem: string): void;
  changed(): void;
}

/** This member's side of the room's conversation. */
export class Conversation {
  readonly exchange: Exchange;
  readonly #options: ConversationOptions;
  readonly #host: ConversationHost;
  readonly #ear: Ear;
  readonly #wire: RoomWire;
  readonly #links: MemberLinks | undefined;
  readonly #closings: (() => void)[];

  constructor(options: ConversationOptions, host: ConversationHost) {
    this.#options = options;
    this.#host = host;
    const { signaling, identity, gathering, room } = options;
    this.#ear = this.#newEar();
    this.#links = this.#newLinks();
    this.#wire = new RoomWire(signaling, this.#links, (problem) => host.failed(problem));
    this.exchange = new Exchange(
      {
        member: identity.member,
        linkName: (member) => transportName(room, member),
        others: () => gathering.others(),
        whatStands: () => host.whatStands(),
      },
      this.#wire,
      this.#links,
    );
    this.#closings = [
      signaling.on('signal', (signal) => this.#signalled(signal)),
      signaling.on('broadcast', ({ from, payload }) => void this.#ear.take(from, payload, false)),
    ];
  }

  /** Says something to everybody; what it was, for whoever wants to keep it. */
  async say<K extends StatementKind>(
    kind: K,
    body: Bodies[K],
    above?: number,
  ): Promise<Statement & { readonly kind: K }> {
    const statement = await this.#options.voice.say(kind, body, above);
    if (kind === 'events') this.exchange.publishEvents(statement);
    else this.exchange.publish(statement);
    return statement;
  }

  /** Tells one member something. */
  tell(to: string, statements: readonly Statement[]): void {
    this.#wire.tell(to, statements);
  }

  /** Members came or went, or another is the hub now. */
  follow(): void {
    this.exchange.follow(this.#options.gathering.manager);
  }

  probe(hasNewNetwork: boolean): void {
    this.#links?.probe(hasNewNetwork);
  }

  suspend(): void {
    this.#links?.suspend();
  }

  resume(): void {
    this.#links?.resume();
  }

  close(): void {
    for (const close of this.#closings) close();
    this.exchange.close();
  }

  #newEar(): Ear {
    const { voice, keys, gathering } = this.#options;
    return new Ear(voice, keys, {
      isWelcome: (member) => gathering.isWelcome(member),
      heard: (statement, from, isOverLink) => {
        const isNews = this.#host.heard(statement, from, isOverLink);
        if (isNews && isOverLink) this.exchange.passOn(from, statement);
      },
      otherVersion: (from) =>
        this.#host.warn(`${this.#nameOf(from)} runs another version of this page: reload both.`),
      forged: ({ by }, from) =>
        this.#host.warn(
          `${this.#nameOf(from)} passed on something that ${this.#nameOf(by)} did not say; it was dropped.`,
        ),
      otherCreator: (charter, from) => this.#warnOfCharter(charter, from),
    });
  }

  #warnOfCharter({ creator }: Charter, from: string): void {
    this.#host.warn(
      `${this.#nameOf(from)} shows a charter of this room whose creator (${this.#nameOf(creator)}) has another key than the one that this browser knows; it was dropped.`,
    );
  }

  #newLinks(): MemberLinks | undefined {
    const { connect, identity, room, voice, membershipKey, signaling, gathering } = this.#options;
    if (connect === undefined) return undefined;
    const relay = relayFactory(signaling, memberLane(), (member) => member);
    const links = new MemberLinks(
      {
        ...{ member: identity.member, incarnation: identity.incarnation, room },
        ...{ signer: voice.signer, membershipKey },
        connect: (roles, host) =>
          connect(
            { identity, room, roles, relay: relay.make, iceServers: () => signaling.iceServers },
            {
              ...host,
              signal: (to, signal) => {
                const sent: SentSignal = { ...signal, runId: ROOM_RUN };
                signaling.signal(to, sent);
              },
            },
          ),
      },
      {
        heard: (from, payload) => this.#ear.take(from, payload, true),
        opened: (member) => {
          const person = gathering.people.get(member);
          if (person !== undefined) this.exchange.linkOpened(person.description);
          this.#host.changed();
        },
        closed: (member, reason, refused) => {
          if (refused)
            this.#host.warn(`The link to ${this.#nameOf(member)} was refused: ${reason}.`);
          this.#host.changed();
        },
      },
    );
    return links;
  }

  #signalled({ from, fromIncarnation, payload }: SignalingEvents['signal']): void {
    const { gathering } = this.#options;
    if (!gathering.isWelcome(from)) return;
    const seatSignal = readSeatSignal(payload);
    if (seatSignal !== undefined) {
      return this.#host.heardSignal({ from, fromIncarnation, signal: seatSignal });
    }
    const linkSignal = readSignal(payload, ROOM_RUN);
    if (linkSignal === undefined) return void this.#ear.take(from, payload, false);
    const person = gathering.people.get(from);
    // Between members everybody is linked to the hub, and nobody has to be introduced.
    if (!isOfAttempt(linkSignal)) return;
    if (person?.isPresent !== true) return;
    this.exchange.dialled(person.description);
    this.#links?.signalled(from, linkSignal);
  }

  #nameOf(member: string): string {
    const person = this.#options.gathering.people.get(member);
    return person?.about?.name ?? person?.description.name ?? `member ${member}`;
  }
}
