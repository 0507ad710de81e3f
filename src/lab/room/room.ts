/**
 * A room of tabs, as one of its members: who is there, who may do what, what is run, and this tab's part in it.
 *
 * Everything that members say is a signed statement (`statement.ts`). What stands of it is in the {@link Gathering}'s ledger, how it gets to
 * everybody is the {@link Conversation}'s, how newcomers learn it the {@link Reception}'s. This class reacts, and is what people command.
 */

import { messageOf } from '../../core/errors.ts';
import type { NodeId } from '../../core/id.ts';
import { provenBy } from '../../net/signaling/ed25519-proof.ts';
import { LABEL_LENGTH_MAX, type MemberDescription } from '../../net/signaling/protocol.ts';
import type { Departure, Signaling, SignalingEvents } from '../../net/signaling/signaling.ts';
import type { Identity } from '../identity.ts';
import type { HeldDeed, HeldMessage } from '../run.ts';
import type {
  RoomChoice,
  RoomEnding,
  RoomMember,
  RoomNotice,
  RoomRun,
  RoomSession,
} from '../lab-service.ts';
import { newCharter } from './charter.ts';
import { Conversation } from './conversation.ts';
import { Direction } from './direction.ts';
import { Gathering } from './gathering.ts';
import { KeyRing } from './key-ring.ts';
import type { RegisterKind } from './ledger.ts';
import { Lessons } from './lesson.ts';
import { bodyOf, type About, type Bodies, type Charter } from './messages.ts';
import { Notices } from './notices.ts';
import { Reactions } from './reactions.ts';
import { Reception } from './reception.ts';
import { describeMembers } from './room-members.ts';
import type { RoomPage } from './room-page.ts';
import { RoomRuns } from './room-runs.ts';
import type { Statement } from './statement.ts';
import { Voice } from './voice.ts';

/** How a room is entered. */
export interface RoomOptions {
  readonly code: string;
  readonly address: string;
  readonly link: string;
  readonly access: Charter['access'];
  readonly identity: Identity;
  /** It has joined nothing yet. */
  readonly signaling: Signaling;
  /** Who can join, once signaling has. */
  readonly reach: () => RoomSession['reach'];
  /** Whether the room may be made by entering it. */
  readonly create: boolean;
  /** Of a closed room: what only its members can know. */
  readonly membershipKey: Uint8Array | undefined;
  /** What this tab's owner is called; empty when nobody said so. */
  readonly name: string;
  /** The same as signaling is told. */
  readonly signalingName: string;
  readonly page: RoomPage;
}

/** This tab's membership. */
export class Room implements RoomSession {
  readonly code: string;
  readonly address: string;
  readonly link: string;
  readonly access: Charter['access'];
  problem: string | undefined;
  ending: RoomEnding | undefined;
  readonly #options: RoomOptions;
  readonly #signaling: Signaling;
  readonly #keys: KeyRing;
  readonly #voice: Voice;
  readonly #gathering: Gathering;
  readonly #conversation: Conversation;
  readonly #reception: Reception;
  readonly #runs: RoomRuns;
  readonly #direction: Direction;
  readonly lessons: Lessons;
  readonly #reactions: Reactions;
  readonly #notices: Notices;
  readonly #listeners = new Set<() => void>();
  readonly #closings: (() => void)[] = [];
  #name: string;
  #isObserver: boolean;
  #hasEntered = false;

  private constructor(options: RoomOptions, keys: KeyRing, voice: Voice) {
    this.#options = options;
    this.code = options.code;
    this.address = options.address;
    this.link = options.link;
    this.access = options.access;
    this.#signaling = options.signaling;
    this.#keys = keys;
    this.#voice = voice;
    this.#name = options.name;
    this.#isObserver = options.identity.isObserver || !options.page.capabilities.webrtc;
    this.#notices = new Notices(() => this.#changed());
    this.#gathering = new Gathering(this.#self, keys, {
      stayedAway: (member) => this.#stayedAway(member),
      refused: (text) => this.#notices.say('warning', text),
    });
    this.#conversation = this.#newConversation();
    this.#runs = this.#newRuns();
    this.#direction = new Direction({
      self: { member: this.#self, key: voice.publicKey },
      ...{ gathering: this.#gathering, keys, runs: this.#runs, page: options.page },
      stand: (kind, body) => this.#stand(kind, body),
      attempt: (deed) => this.#attempt(deed),
      changed: () => this.#changed(),
    });
    this.lessons = new Lessons({
      ...{ self: this.#self, gathering: this.#gathering, conversation: this.#conversation },
      direction: this.#direction,
      stand: (kind, body) => this.#stand(kind, body),
      attempt: (deed) => this.#attempt(deed),
      changed: () => this.#changed(),
    });
    this.#reception = this.#newReception();
    this.#reactions = this.#newReactions();
    this.#listen();
  }

  /**
   * Enters a room.
   *
   * @throws {SignalingError} with what to do
   */
  static async enter(options: RoomOptions): Promise<Room> {
    const { code, identity, page, signaling, create, signalingName: name } = options;
    const memory = page.memories.recall(code);
    const keys = new KeyRing(memory.keys, (bound) => page.memories.remember(code, { keys: bound }));
    const { member, token, incarnation, secretKey } = identity;
    const voice = await Voice.create(code, member, secretKey, keys.bytesOf);
    const room = new Room(options, keys, voice);
    try {
      const { charter } = memory;
      if (charter !== undefined) await room.#recall(charter);
      const welcome = await signaling.join({
        ...{ room: code, member, token, incarnation, ...provenBy(secretKey) },
        ...(name === '' ? {} : { name }),
        ...(create ? {} : { create }),
      });
      await room.#begin([welcome.you, ...welcome.members]);
    } catch (error) {
      room.#close();
      throw error;
    }
    return room;
  }

  // What people see.

  get reach(): RoomSession['reach'] {
    return this.#options.reach();
  }

  get connection(): RoomSession['connection'] {
    const { state } = this.#signaling;
    if (state === 'joined') return 'open';
    return state === 'closed' ? 'lost' : 'connecting';
  }

  get run(): RoomRun | undefined {
    return this.#runs.part?.record;
  }

  get choice(): RoomChoice | undefined {
    return this.#direction.choice;
  }

  get notices(): readonly RoomNotice[] {
    return this.#notices.list;
  }

  get members(): readonly RoomMember[] {
    return describeMembers({
      self: this.#self,
      gathering: this.#gathering,
      keys: this.#keys,
      exchange: this.#conversation.exchange,
      seats: this.#runs.part?.manifest.seats ?? [],
    });
  }

  get mayDirect(): boolean {
    return this.ending === undefined && this.#direction.mayDirect;
  }

  get mayManage(): boolean {
    return this.ending === undefined && this.#direction.mayManage;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  // What people do.

  propose(choice: RoomChoice): void {
    this.#direction.propose(choice);
  }

  start(): void {
    this.#direction.start();
  }

  hold(isHeld: boolean): void {
    this.#direction.hold(isHeld);
  }

  grab(held: HeldMessage, deed: HeldDeed): void {
    this.#direction.grab(held, deed);
  }

  cut(groups: readonly (readonly NodeId[])[], isOneWay = false): void {
    this.#direction.command({ cut: groups.map((group) => [...group]), isOneWay });
  }

  kill(node: NodeId): void {
    this.#direction.kill(node);
  }

  kick(member: string, isKicked = true): void {
    this.#direction.kick(member, isKicked);
  }

  grant(member: string, mayDirect = true): void {
    this.#direction.grant(member, mayDirect);
  }

  setName(name: string): void {
    this.#name = name.trim().slice(0, LABEL_LENGTH_MAX);
    this.#options.page.rememberName(this.#name);
    this.#attempt(this.#describeSelf());
  }

  observe(isObserver: boolean): void {
    this.#isObserver = isObserver;
    this.#options.page.rememberTab({ isObserver });
    this.#attempt(this.#describeSelf());
  }

  /** Says something that people should know. */
  warn(text: string): void {
    this.#notices.say('warning', text);
  }

  dismiss(notice: number): void {
    this.#notices.dismiss(notice);
  }

  leave(): void {
    this.#end('left', 'You left the room.');
  }

  // Parts.

  get #self(): string {
    return this.#options.identity.member;
  }

  #newConversation(): Conversation {
    const { code, identity, membershipKey, page } = this.#options;
    return new Conversation(
      {
        ...{ room: code, identity, signaling: this.#signaling, membershipKey },
        ...{ voice: this.#voice, keys: this.#keys, gathering: this.#gathering },
        connect: page.connect,
      },
      {
        heard: (statement, from, isOverLink) => this.#heard(statement, from, isOverLink),
        heardSignal: (heard) => this.#runs.signalled(heard),
        whatStands: () => this.#reactions.whatStands(),
        warn: (text) => this.#notices.say('warning', text),
        failed: (problem) => this.#fail(problem),
        changed: () => this.#changed(),
      },
    );
  }

  #newRuns(): RoomRuns {
    const { code, identity, membershipKey, page } = this.#options;
    return new RoomRuns({
      ...{ room: code, identity, signaling: this.#signaling, membershipKey, page },
      ...{ publicKey: this.#voice.publicKey, keys: this.#keys, gathering: this.#gathering },
      say: ({ kind, body }) => this.#conversation.say(kind, body),
      forgetEvents: () => this.#conversation.exchange.forgetEvents(),
      stop: () => {
        if (this.mayDirect) this.#direction.command({ isStopped: true });
        else this.#runs.part?.stopOwn('this tab ended its part');
      },
      warn: (text) => this.#notices.say('warning', text),
      failed: (error) => this.#fail(messageOf(error)),
      changed: () => this.#changed(),
    });
  }

  #newReception(): Reception {
    return new Reception({
      ...{ self: this.#self, voice: this.#voice, keys: this.#keys, gathering: this.#gathering },
      conversation: this.#conversation,
      about: () => this.#about(),
      news: () => this.#reactions.news(),
      isRunOver: () => this.#runs.isOver,
      nowMs: () => this.#options.page.nowMs(),
    });
  }

  #newReactions(): Reactions {
    return new Reactions({
      ...{ self: this.#self, gathering: this.#gathering, conversation: this.#conversation },
      ...{ runs: this.#runs, direction: this.#direction, reception: this.#reception },
      lessons: this.lessons,
      rememberCharter: (charter) => this.#options.page.memories.remember(this.code, { charter }),
      begun: () => {
        this.problem = undefined;
      },
      warn: (text) => this.#notices.say('warning', text),
      attempt: (deed) => this.#attempt(deed),
      end: (kind, text) => this.#end(kind, text),
    });
  }

  #listen(): void {
    const signaling = this.#signaling;
    this.#closings.push(
      signaling.on('joined', (member) => this.#came(member)),
      signaling.on('left', (departure) => this.#left(departure)),
      signaling.on('state', (event) => this.#signalingChanged(event)),
      signaling.on('problem', (error) => {
        if (error.code !== 'unknown-member') this.problem = messageOf(error);
        this.#changed();
      }),
      this.#options.page.watch({
        probe: (hasNewNetwork) => this.#conversation.probe(hasNewNetwork),
        suspend: () => this.#conversation.suspend(),
        resume: () => this.#conversation.resume(),
      }),
    );
  }

  async #begin(members: readonly MemberDescription[]): Promise<void> {
    this.#hasEntered = true;
    for (const member of members) this.#gathering.came(member);
    if (this.#gathering.others().length === 0) await this.#found();
    this.#conversation.follow();
    await this.#introduce();
    if (this.reach === 'browser') {
      this.#notices.say(
        'warning',
        'No signaling server answers: only tabs of this browser can join. Start one with npm start, and open the room there.',
      );
    }
    if (!this.#options.page.capabilities.webrtc) {
      this.#notices.say('warning', 'This browser has no WebRTC: this tab can only watch.');
    }
    this.#changed();
  }

  /** A charter that this browser knows from an earlier visit. */
  async #recall(charter: Statement): Promise<void> {
    const body = bodyOf({ ...charter, kind: 'charter' });
    if (body === undefined || !(await this.#voice.hearsWith(charter, body.key))) return;
    this.#gathering.ledger.enter(charter);
  }

  /** Whoever is alone in a room that nobody has a charter of creates it. */
  async #found(): Promise<void> {
    if (this.#gathering.ledger.body('charter') !== undefined) return;
    const { access, page } = this.#options;
    const { publicKey } = this.#voice;
    await this.#stand('charter', newCharter(this.#self, publicKey, access, page.nowMs()));
  }

  async #introduce(): Promise<void> {
    this.#knowSelf(await this.#reception.introduce());
  }

  async #describeSelf(): Promise<void> {
    this.#knowSelf(await this.#reception.describe());
  }

  #knowSelf(about: Statement): void {
    const body = bodyOf({ ...about, kind: 'about' });
    if (body !== undefined) this.#gathering.people.tells(about, body);
    this.#changed();
  }

  #about(): Omit<About, 'nonce' | 'clockMs'> {
    const { capabilities } = this.#options.page;
    return {
      ...(this.#name === '' ? {} : { name: this.#name }),
      isObserver: this.#isObserver,
      capabilities,
    };
  }

  // Members.

  #came(member: MemberDescription): void {
    if (this.#gathering.came(member)) this.#conversation.follow();
    if (this.#gathering.isKicked(member.member)) this.#reactions.sendAway(member.member);
    this.#changed();
  }

  #left(departure: Departure): void {
    const { member, reason } = departure;
    if (this.#gathering.left(departure)) {
      // The server may have lost sight of a tab whose links live.
      if (reason !== 'lost') this.#conversation.exchange.lost(member);
      this.#runs.part?.memberLeft(member);
      this.#conversation.follow();
    }
    this.#changed();
  }

  #stayedAway(member: string): void {
    this.#conversation.exchange.lost(member);
    this.#conversation.follow();
    this.#runs.part?.settle();
    const [first] = this.#gathering.people.present();
    // Whoever could have told what stands is gone.
    if (first?.description.member === this.#self && this.ending === undefined) {
      this.#attempt(this.#found());
    }
    this.#changed();
  }

  #signalingChanged({ state, error }: SignalingEvents['state']): void {
    if (state === 'closed' && this.ending === undefined) {
      if (error?.code === 'superseded') {
        this.#options.page.noteSuperseded();
        this.#end('superseded', 'A copy of this tab took its place in the room.');
      } else this.#end('closed', error?.message ?? 'Signaling was closed.');
    } else if (state === 'reconnecting') this.problem = error?.message;
    else if (state === 'joined' && this.#hasEntered) {
      this.problem = undefined;
      // What was said meanwhile may have been missed.
      this.#attempt(this.#introduce());
    }
    this.#changed();
  }

  // What is said and heard.

  /** Says something that stands from now on, here as well. */
  async #stand<K extends RegisterKind>(kind: K, body: Bodies[K]): Promise<void> {
    const { ledger } = this.#gathering;
    const statement = await this.#conversation.say(kind, body, ledger.highest);
    this.#reactions.enter(statement, this.#self, false);
    this.#changed();
  }

  #heard(statement: Statement, from: string, isOverLink: boolean): boolean {
    if (this.ending !== undefined) return false;
    const isNews = this.#reactions.heard(statement, from, isOverLink);
    if (isNews) this.#changed();
    return isNews;
  }

  // The end.

  #end(kind: RoomEnding['kind'], text: string): void {
    if (this.ending !== undefined) return;
    this.ending = { kind, text };
    this.#close();
    this.#changed();
  }

  #close(): void {
    this.#direction.close();
    for (const close of this.#closings) close();
    this.#runs.close();
    this.#reception.close();
    this.#conversation.close();
    this.#gathering.close();
    this.#signaling.close();
  }

  #attempt(deed: Promise<unknown>): void {
    void deed.catch((error: unknown) => this.#fail(messageOf(error)));
  }

  #fail(problem: string): void {
    this.problem = problem;
    this.#changed();
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
