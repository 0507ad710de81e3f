/**
 * A network of parcels over the proven links of a room: what a node sends by name travels in the sessions that live runs use as well.
 *
 * It takes the messages that a page has for the worker of a node, so it can stand in a page or in a worker. Parcels may be lost, and are, where
 * keeping them would help nobody: while there is no link, and when a link does not keep up. What a session has taken arrives once and in order,
 * even if the link breaks.
 */

import type { AlgorithmEnvelope } from '../envelope.ts';
import type { NodeId } from '../../core/id.ts';
import { LINK_CLASSES, type LinkClass } from '../../core/message.ts';
import { BatchSealer } from '../../net/batch.ts';
import { equalBytes } from '../../core/canonical.ts';
import { fastestSigner, isWeakKey, keyPairFrom } from '../../net/ed25519.ts';
import { formatNamed } from '../../net/format.ts';
import { eachClass, type Channels } from '../../net/channel.ts';
import type { Attachment, Network, Receiver } from '../../net/parcels/network.ts';
import { PortChannel } from '../../net/port-channel.ts';
import { RtcChannel } from '../../net/rtc-channel.ts';
import { Outbox } from './outbox.ts';
import { Session, type MakeChannel, type SessionHost } from './session.ts';
import type { FromWorker, LiveSeat, ToWorker } from './worker-protocol.ts';

/** What the links of a node are told by its page once it is made. */
export type ToLinks = Exclude<ToWorker<unknown>, { kind: 'start' | 'stop' | 'hold' | 'grab' }>;

/** Whose links they are. */
export type ParcelSeat = Pick<
  LiveSeat,
  'id' | 'room' | 'incarnation' | 'secretKey' | 'frameAuth' | 'membershipKey'
> & {
  /** Only nodes that say the same one are linked. */
  readonly runId: string;
};

/** What goes wrong with them, and what becomes of them. */
export interface ParcelEvents {
  report(message: FromWorker): void;
  /** A link was proven, or is gone. */
  changed(): void;
}

/** Every parcel's path and type: there is one sort of message. */
const PATH = 'parcels';
const TYPE = 'parcel';

/** Bytes that an envelope has beside its parcel, about. */
const ENVELOPE_BYTES = 32;

/**
 * Bytes that a full link still takes: what a node had under way when it learned that there is no room. Whoever goes on loses what comes after.
 */
const GRACE_BYTES = 512 * 1024;

/** The links of one node. */
export class ParcelLinks implements Network {
  readonly #seat: ParcelSeat;
  readonly #events: ParcelEvents;
  readonly #keys: Map<NodeId, Uint8Array>;
  readonly #sessions: ReadonlyMap<NodeId, Session>;
  readonly #outbox: Outbox;
  /** The attempt of each link that carries frames. */
  readonly #open = new Map<NodeId, string>();
  /** Nodes whose queue of a class is full, and how many bytes came since. */
  readonly #full: Channels<Map<NodeId, number>> = eachClass(() => new Map());
  #cut: ReadonlySet<NodeId> = new Set();
  #receive: Receiver | undefined;
  #room: (() => void) | undefined;
  #isFlushing = false;
  #parcels = 0;
  #dropped = 0;

  private constructor(
    seat: ParcelSeat,
    others: readonly NodeId[],
    keys: Map<NodeId, Uint8Array>,
    host: SessionHost,
    events: ParcelEvents,
  ) {
    this.#seat = seat;
    this.#events = events;
    this.#keys = keys;
    this.#sessions = new Map(others.map((id) => [id, new Session(id, host)]));
    const sealer = new BatchSealer({ ...seat }, host.signer, seat.frameAuth);
    this.#outbox = new Outbox(sealer, host.format, (to, batch) =>
      this.#sessions.get(to)?.send(batch),
    );
  }

  /** Makes the links of `seat` to `others`; there are none before the page says so. */
  static async make(
    seat: ParcelSeat,
    others: readonly NodeId[],
    events: ParcelEvents,
  ): Promise<ParcelLinks> {
    const pair = keyPairFrom(seat.secretKey);
    const keys = new Map([[seat.id, pair.publicKey]]);
    const signer = await fastestSigner(pair, (id) => keys.get(id));
    const links = (): ParcelLinks => made;
    const made: ParcelLinks = new ParcelLinks(
      seat,
      others,
      keys,
      {
        ...seat,
        membershipKey: seat.membershipKey,
        nodesMax: others.length + 1,
        format: formatNamed('msgpack'),
        signer,
        received: (from, envelope) => links().#received(from, envelope as AlgorithmEnvelope),
        refused: (from, reason, detail) =>
          links().#log('warn', `something from ${from} was refused (${reason}): ${detail}`),
        linkOpen: (node, attempt) => links().#opened(node, attempt),
        linkClosed: (node, attempt, reason, refused) =>
          links().#closed(node, attempt, reason, refused),
      },
      events,
    );
    return made;
  }

  /** The nodes to which there is a link now. */
  get linked(): ReadonlySet<NodeId> {
    return new Set(this.#open.keys());
  }

  /** Parcels that were lost here: no link, a full one, or a cut. */
  get dropped(): number {
    return this.#dropped;
  }

  /** There is one node: `id` is the seat's. */
  join(id: NodeId, receive: Receiver, room?: () => void): Attachment {
    if (id !== this.#seat.id) throw new RangeError(`these are the links of ${this.#seat.id}`);
    this.#receive = receive;
    this.#room = room;
    return {
      send: (to, bytes, via = 'data') => this.#send(to, bytes, via),
      hasRoom: (to) => !this.#full.data.has(to) || !this.#open.has(to),
      leave: () => {
        if (this.#receive === receive) this.#receive = undefined;
      },
    };
  }

  /** Takes what the page tells. */
  take(message: ToLinks): void {
    switch (message.kind) {
      case 'present':
        return this.#present(message.node, message.incarnation, message.publicKey);
      case 'channels': {
        const { node, attempt, channels } = message;
        return this.#connect(node, attempt, (one, to) => new RtcChannel(channels[one], to));
      }
      case 'ports': {
        const { node, attempt, ports } = message;
        return this.#connect(node, attempt, (one, to) => new PortChannel(ports[one], to));
      }
      case 'secured':
        return this.#sessions.get(message.node)?.secured(message.attempt, message.certificates);
      case 'cut':
        this.#cut = new Set(message.from);
        return undefined;
      case 'gone':
        // Its seat stays its own: when it comes back the session goes on, or begins anew with its newer incarnation.
        return undefined;
      case 'carry':
      case 'farewell':
        // Everybody is linked to everybody here: what the server does not carry now waits for it.
        return undefined;
    }
  }

  /** Ends all links. */
  close(): void {
    this.#receive = undefined;
    for (const session of this.#sessions.values()) session.close();
  }

  #present(node: NodeId, incarnation: number, publicKey: Uint8Array): void {
    const known = this.#keys.get(node);
    if (isWeakKey(publicKey) || (known !== undefined && !equalBytes(known, publicKey))) {
      this.#log('error', `${node} shows a key that is not its own: it is ignored`);
      return;
    }
    this.#keys.set(node, publicKey);
    if (this.#sessions.get(node)?.meet(incarnation) === true) this.#outbox.forget(node);
  }

  #connect(node: NodeId, attempt: string, make: MakeChannel): void {
    const session = this.#sessions.get(node);
    if (session !== undefined) return session.connect(attempt, make);
    const silent = { frame: () => {}, closed: () => {} };
    for (const linkClass of LINK_CLASSES) make(linkClass, silent).close('no link to it was wanted');
  }

  #send(to: NodeId, bytes: Uint8Array, via: LinkClass): void {
    const session = this.#sessions.get(to);
    const full = this.#full[via];
    const beyond = full.get(to);
    const isLost = !this.#open.has(to) || this.#cut.has(to) || (beyond ?? 0) > GRACE_BYTES;
    if (session === undefined || isLost) {
      this.#dropped++;
      return;
    }
    const envelope: AlgorithmEnvelope = {
      ...{ kind: 'cast', number: ++this.#parcels, answers: 0, path: PATH, type: TYPE, via },
      ...{ body: bytes, bytes: bytes.length + ENVELOPE_BYTES, signed: [], signing: undefined },
    };
    const room = session.reserve(envelope);
    if (beyond !== undefined) full.set(to, beyond + envelope.bytes);
    else if (room !== undefined) {
      full.set(to, 0);
      void room.then(() => {
        full.delete(to);
        if (via === 'data') this.#room?.();
      });
    }
    this.#outbox.add(to, envelope);
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    // Everything that one turn sends is a batch.
    queueMicrotask(() => {
      this.#isFlushing = false;
      this.#outbox.flush();
    });
  }

  #received(from: NodeId, { kind, type, body }: AlgorithmEnvelope): void | Promise<void> {
    // What is no parcel comes from a node of another make.
    const isParcel = kind === 'cast' && type === TYPE && body instanceof Uint8Array;
    return isParcel ? this.#receive?.(from, body) : undefined;
  }

  #opened(node: NodeId, attempt: string): void {
    this.#open.set(node, attempt);
    this.#events.report({ kind: 'linkOpen', node, attempt });
    this.#events.changed();
  }

  #closed(node: NodeId, attempt: string, reason: string, refused: boolean): void {
    this.#events.report({ kind: 'linkClosed', node, attempt, reason, refused });
    if (this.#open.get(node) !== attempt) return;
    this.#open.delete(node);
    this.#room?.();
    this.#events.changed();
  }

  #log(level: 'warn' | 'error', text: string): void {
    this.#events.report({ kind: 'log', level, path: '', text });
  }
}
