/**
 * Signaling of a closed room: what members say to each other, and how they are called, is encrypted under the room's key, so a server
 * carries it without reading it.
 *
 * ```ts
 * const signaling = new SealedSignaling(connect(), key);   // around any other signaling, before its join
 * signaling.on('key', ({ state }) => show(KEY_STATE_TEXTS[state]));
 * await signaling.join({ room: code, … });
 * ```
 *
 * A payload opens for the member that it was sent to, in its present incarnation, from the one that sent it, once and in order. What does
 * not is dropped, counted in `dropped`, and named in a `problem`: the server, or a stranger in the room, can suppress what is said, and
 * nothing more. It sees who is there under which member ids, node ids and public keys, and how much they say. A server that keeps what
 * it carried can show an old broadcast to a tab that was loaded since, if the sender was not: what must not be done twice has to bear a
 * number of its own. Relayed frames are encrypted already (see `../relay/`) and pass as they are.
 */

import { roomKeysOf, type RoomKeys } from '../rooms/room-key.ts';
import { Listeners } from './listeners.ts';
import { encodeChecked, joinMessage } from './outgoing.ts';
import type { IceServer, MemberDescription } from './protocol.ts';
import {
  KeyCheck,
  KEY_CHECK_TIMING,
  KEY_STATE_TEXTS,
  type KeyCheckTiming,
  type KeyState,
  type Party,
} from './sealed-key-check.ts';
import { EVERYBODY, SealedMail, type Correspondent, type DropReason } from './sealed-mail.ts';
import {
  readSealedMessage,
  sealedPayload,
  type SealedMessage,
  type SealedMessageOf,
} from './sealed-messages.ts';
import { openName, openNamesIn, sealName } from './sealed-name.ts';
import {
  SignalingError,
  type JoinRequest,
  type SendOutcome,
  type Signaling,
  type SignalingEvents,
  type SignalingState,
  type Welcome,
} from './signaling.ts';

/** The events of signaling, and what is known of the key. */
export interface SealedSignalingEvents extends SignalingEvents {
  readonly key: { readonly state: KeyState };
}

/** What was dropped, for people; a `problem` has the reason as its code. */
const DROP_TEXTS: Readonly<Record<DropReason, string>> = {
  'not-sealed': 'something that is not encrypted: it entered this closed room without the key',
  'other-key': 'something encrypted under another key than this one',
  altered: 'something that was altered on the way, or was not for this tab',
  replayed: 'something that came before',
  malformed: 'something that is no message, or half of one',
  stale: 'something for this tab before it was reloaded',
};

/** What may be set on a sealed signaling. */
export interface SealedSignalingOptions {
  readonly timing?: Partial<KeyCheckTiming>;
  /** Milliseconds since 1970, or any later time. */
  readonly nowMs?: () => number;
}

/** What there is from the join on. */
interface Membership {
  readonly self: Party;
  readonly keys: RoomKeys;
  readonly mail: SealedMail;
  readonly check: KeyCheck;
}

/** A {@link Signaling} under a room's key. */
export class SealedSignaling implements Signaling {
  readonly #inner: Signaling;
  readonly #roomKey: Uint8Array;
  readonly #options: SealedSignalingOptions;
  readonly #listeners = new Listeners<SealedSignalingEvents>();
  readonly #opened = new WeakMap<MemberDescription, MemberDescription>();
  readonly #dropped: Record<DropReason, number> = {
    'not-sealed': 0,
    'other-key': 0,
    altered: 0,
    replayed: 0,
    malformed: 0,
    stale: 0,
  };
  #membership: Membership | undefined;

  /** `roomKey`: of the link, or made of the passphrase for this room. */
  constructor(inner: Signaling, roomKey: Uint8Array, options: SealedSignalingOptions = {}) {
    this.#inner = inner;
    this.#roomKey = roomKey;
    this.#options = options;
    this.#listen();
  }

  get state(): SignalingState {
    return this.#inner.state;
  }

  get you(): MemberDescription | undefined {
    return this.#inner.you && this.#described(this.#inner.you);
  }

  get members(): ReadonlyMap<string, MemberDescription> {
    const members = [...this.#inner.members.values()].map((member) => this.#described(member));
    return new Map(members.map((member) => [member.member, member]));
  }

  get iceServers(): readonly IceServer[] {
    return this.#inner.iceServers;
  }

  /** What is known of the key; every change is announced as `key`. */
  get keyState(): KeyState {
    return this.#membership?.check.state ?? 'unchecked';
  }

  /** How many payloads were dropped, by reason. */
  get dropped(): Readonly<Record<DropReason, number>> {
    return this.#dropped;
  }

  async join(request: JoinRequest): Promise<Welcome> {
    // Throws for what no server would accept, before it is hidden from it.
    encodeChecked(joinMessage(request));
    // Once joined, another join is rejected, and what there is must stay.
    const isNew = this.#inner.state === 'idle' || this.#membership === undefined;
    const { self, keys, check } = isNew ? this.#begin(request) : this.#membership!;
    const { name } = request;
    const sealed = name === undefined ? {} : { name: sealName(keys, self.member, name) };
    const joining = this.#inner.join({ ...request, ...sealed });
    const welcome = await joining.catch((error: unknown) => {
      throw this.#readable(error);
    });
    check.begin(self, welcome.members);
    return {
      ...welcome,
      you: this.#described(welcome.you),
      members: welcome.members.map((one) => this.#described(one)),
    };
  }

  signal(to: string, payload: unknown): SendOutcome {
    encodeChecked({ type: 'signal', to, payload });
    const incarnation = this.#inner.members.get(to)?.incarnation ?? 0;
    const send = (sealed: unknown) => this.#inner.signal(to, sealed);
    return this.#say({ member: to, incarnation }, payload, send);
  }

  broadcast(payload: unknown): SendOutcome {
    encodeChecked({ type: 'broadcast', payload });
    return this.#say(EVERYBODY, payload, (sealed) => this.#inner.broadcast(sealed));
  }

  relay(to: string, data: string): SendOutcome {
    return this.#inner.relay(to, data);
  }

  on<Name extends keyof SealedSignalingEvents>(
    name: Name,
    listener: (event: SealedSignalingEvents[Name]) => void,
  ): () => void {
    return this.#listeners.on(name, listener);
  }

  close(): void {
    this.#membership?.check.close();
    this.#inner.close();
  }

  #begin({ room, member, incarnation, publicKey }: JoinRequest): Membership {
    const keys = roomKeysOf(room, this.#roomKey);
    const { nowMs = Date.now, timing } = this.#options;
    const host = {
      keys,
      send: (to: string, message: SealedMessage) => {
        this.#inner.signal(to, sealedPayload(message));
      },
      changed: (state: KeyState) => this.#keyChanged(state),
      nowMs: () => performance.now(),
    };
    this.#membership = {
      self: { member, incarnation, ...(publicKey !== undefined && { publicKey }) },
      keys,
      mail: new SealedMail(keys, nowMs()),
      check: new KeyCheck(host, { ...KEY_CHECK_TIMING, ...timing }),
    };
    return this.#membership;
  }

  #listen(): void {
    const inner = this.#inner;
    inner.on('joined', (member) => this.#listeners.emit('joined', this.#described(member)));
    inner.on('signal', ({ from, fromIncarnation, payload }) => {
      const sender = { member: from, incarnation: fromIncarnation };
      this.#heard(sender, this.#membership!.self, payload);
    });
    inner.on('broadcast', ({ from, payload }) => {
      const sender = inner.members.get(from);
      if (sender !== undefined) this.#heard(sender, EVERYBODY, payload);
    });
    for (const name of ['left', 'relay', 'relayDrained', 'state'] as const) {
      inner.on(name, (event) => this.#listeners.emit(name, event as never));
    }
    inner.on('problem', (error) => {
      this.#listeners.emit('problem', this.#readable(error) as SignalingError);
    });
    inner.on('state', ({ state }) => {
      if (state === 'closed') this.#membership?.check.close();
    });
  }

  #say(to: Correspondent, payload: unknown, send: (sealed: unknown) => SendOutcome): SendOutcome {
    const { state } = this.#inner;
    if (state !== 'joined' && state !== 'reconnecting') return 'closed';
    const { mail, self } = this.#membership!;
    let outcome: SendOutcome = 'sent';
    for (const sealed of mail.seal(self, to, payload)) {
      outcome = send(sealed);
      // Without its end, the beginning is dropped at the other side.
      if (outcome === 'full' || outcome === 'closed') break;
    }
    return outcome;
  }

  #heard(from: Correspondent, to: Correspondent, payload: unknown): void {
    const { mail, check } = this.#membership!;
    const message = readSealedMessage(payload);
    if (message === undefined) return this.#drop('not-sealed', from);
    if (message.parley !== 'sealed') return this.#heardOfKey(from.member, message);
    const opened = mail.open(from, to, message);
    if (opened.kind === 'dropped') {
      this.#drop(opened.reason, from);
      if (opened.reason === 'other-key') check.otherKey(from.member);
      return;
    }
    check.opened();
    if (opened.kind === 'partial') return;
    const heard = { from: from.member, payload: opened.payload };
    if (to === EVERYBODY) this.#listeners.emit('broadcast', heard);
    else this.#listeners.emit('signal', { ...heard, fromIncarnation: from.incarnation });
  }

  #heardOfKey(from: string, message: Exclude<SealedMessage, SealedMessageOf<'sealed'>>): void {
    const sender = this.#inner.members.get(from);
    if (sender === undefined) return;
    const { check, self } = this.#membership!;
    if (message.parley === 'key-check') check.takeCheck(self, sender, message);
    else check.takeVerdict(self, sender, message);
  }

  #drop(reason: DropReason, { member }: Correspondent): void {
    const count = ++this.#dropped[reason];
    // The first, and then ever fewer: a flood must not become one of problems. Nobody is to blame for what is stale.
    if (reason === 'stale' || !Number.isInteger(Math.log2(count))) return;
    const text = `Member ${member} sent ${DROP_TEXTS[reason]}. It was dropped (${count} so far).`;
    this.#listeners.emit('problem', new SignalingError(reason, text, member));
  }

  #keyChanged(state: KeyState): void {
    this.#listeners.emit('key', { state });
    if (state !== 'wrong') return;
    this.#listeners.emit('problem', new SignalingError('wrong-key', KEY_STATE_TEXTS.wrong));
  }

  /** An error that mentions members, in words that people know. */
  #readable(error: unknown): unknown {
    if (!(error instanceof SignalingError) || this.#membership === undefined) return error;
    const message = openNamesIn(this.#membership.keys, error.message);
    return message === error.message
      ? error
      : new SignalingError(error.code, message, error.member);
  }

  /** A member with its name as it is; without, if it was not sealed under this key. */
  #described(member: MemberDescription): MemberDescription {
    const known = this.#opened.get(member);
    if (known !== undefined) return known;
    const { name: sealed, ...rest } = member;
    const { keys } = this.#membership!;
    const name = sealed === undefined ? undefined : openName(keys, member.member, sealed);
    const opened = name === undefined ? rest : { ...rest, name };
    this.#opened.set(member, opened);
    return opened;
  }
}
