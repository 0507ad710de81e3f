/**
 * What a live node sends in one turn: it is gathered until the turn is over, and then sealed in batches, one for all receivers of the same
 * messages.
 */

import type { NodeId } from '../../core/id.ts';
import { LINK_CLASSES, type LinkClass } from '../../core/message.ts';
import type { BatchSealer } from '../../net/batch.ts';
import { eachClass, type Channels } from '../../net/channel.ts';
import type { Format } from '../../net/format.ts';
import { GOSSIP_BYTES_MAX } from '../../net/frames.ts';
import { BATCH_BYTES } from '../../net/limits.ts';
import type { LinkEnvelope } from '../envelope.ts';
import { encodeBatch, envelopeBytes } from './wire.ts';

/** A sealed batch on its way into a session. */
export interface SealedBatch {
  readonly linkClass: LinkClass;
  readonly packet: Uint8Array | Promise<Uint8Array>;
  /** Bytes of the messages in it: what the session's queue is measured by. */
  readonly bytes: number;
}

/** Takes the batches for one receiver. */
export type BatchReceiver = (to: NodeId, batch: SealedBatch) => void;

/** Bytes that an envelope has beside its body, generously: gossip must fit into one frame with its signature. */
const GOSSIP_OVERHEAD_BYTES = 512;

/** Gathers, groups and seals. */
export class Outbox {
  readonly #sealer: BatchSealer;
  readonly #format: Format;
  readonly #receive: BatchReceiver;
  readonly #queues: Channels<Map<NodeId, LinkEnvelope[]>> = eachClass(() => new Map());
  #isEmpty = true;

  constructor(sealer: BatchSealer, format: Format, receive: BatchReceiver) {
    this.#sealer = sealer;
    this.#format = format;
    this.#receive = receive;
  }

  /** Queues a message for the end of the turn. */
  add(to: NodeId, envelope: LinkEnvelope): void {
    const queue = this.#queues[classOf(envelope)];
    const envelopes = queue.get(to);
    if (envelopes === undefined) queue.set(to, [envelope]);
    else envelopes.push(envelope);
    this.#isEmpty = false;
  }

  /** Forgets what is queued for a node. */
  forget(to: NodeId): void {
    for (const linkClass of LINK_CLASSES) this.#queues[linkClass].delete(to);
  }

  /** The turn is over: seals everything, and hands it to the receivers. */
  flush(): void {
    if (this.#isEmpty) return;
    this.#isEmpty = true;
    for (const linkClass of LINK_CLASSES) {
      const queue = this.#queues[linkClass];
      if (queue.size === 0) continue;
      for (const { receivers, envelopes } of groups(queue)) {
        for (const part of parts(linkClass, envelopes)) this.#seal(linkClass, part, receivers);
      }
      queue.clear();
    }
  }

  #seal(
    linkClass: LinkClass,
    envelopes: readonly LinkEnvelope[],
    receivers: readonly NodeId[],
  ): void {
    const signing = envelopes.flatMap((envelope) =>
      !('signing' in envelope) || envelope.signing === undefined ? [] : [envelope.signing],
    );
    const encode = () => encodeBatch(envelopes, this.#format);
    const body = signing.length === 0 ? encode() : Promise.all(signing).then(encode);
    const packet = this.#sealer.seal(linkClass, body);
    const bytes = envelopes.reduce((sum, envelope) => sum + envelopeBytes(envelope), 0);
    for (const to of receivers) this.#receive(to, { linkClass, packet, bytes });
  }
}

/** The class that a message travels in. Barriers go with the data, so that they do not overtake what was sent before them. */
export function classOf(envelope: LinkEnvelope): LinkClass {
  if (envelope.kind === 'lifecycle') return 'data';
  if (envelope.kind === 'carried') return 'control';
  // What does not fit into one frame would hardly ever arrive whole: then the reliable way is the better effort.
  const isTooLarge = envelope.bytes > GOSSIP_BYTES_MAX - GOSSIP_OVERHEAD_BYTES;
  return envelope.via === 'gossip' && isTooLarge ? 'data' : envelope.via;
}

interface Group {
  readonly envelopes: readonly LinkEnvelope[];
  readonly receivers: NodeId[];
}

/** Receivers of the very same messages. Mostly there is one group: a broadcast, or one receiver. */
function groups(queue: ReadonlyMap<NodeId, readonly LinkEnvelope[]>): readonly Group[] {
  const found: Group[] = [];
  for (const [to, envelopes] of queue) {
    const group = found.find((one) => isSame(one.envelopes, envelopes));
    if (group === undefined) found.push({ envelopes, receivers: [to] });
    else group.receivers.push(to);
  }
  return found;
}

function isSame(a: readonly LinkEnvelope[], b: readonly LinkEnvelope[]): boolean {
  return a.length === b.length && a.every((envelope, i) => envelope === b[i]);
}

/** Cuts what one turn sent into batches that are not too long to wait for, and into single frames where frames may be lost. */
function* parts(
  linkClass: LinkClass,
  envelopes: readonly LinkEnvelope[],
): Iterable<LinkEnvelope[]> {
  const isGossip = linkClass === 'gossip';
  const bytesMax = isGossip ? GOSSIP_BYTES_MAX : BATCH_BYTES;
  const overhead = isGossip ? GOSSIP_OVERHEAD_BYTES : 0;
  let part: LinkEnvelope[] = [];
  let bytes = overhead;
  for (const envelope of envelopes) {
    const size = envelopeBytes(envelope) + overhead;
    if (part.length > 0 && bytes + size > bytesMax) {
      yield part;
      part = [];
      bytes = overhead;
    }
    part.push(envelope);
    bytes += size;
  }
  yield part;
}
