/**
 * A Byzantine node: the algorithm in it is an honest one, and this stands between its mouth and the network. It sees each message on
 * its way out and decides what is told instead. It signs with the node's own key, and with no other.
 */

import type { AlgorithmClass, AnyDefinition } from '../../core/algorithm.ts';
import { encodeCanonical } from '../../core/canonical.ts';
import { sample } from '../../core/faults/distribution.ts';
import type { LieKind } from '../../core/faults/kinds.ts';
import type { LiesPlan } from '../../core/faults/plan.ts';
import type { NodeId } from '../../core/id.ts';
import type { MessageRecord } from '../../core/message.ts';
import type { Signer } from '../../core/ports.ts';
import type { Random } from '../../core/random.ts';
import { check } from '../../core/schema.ts';
import { isSigned, statementContent, statementOf, type AnySigned } from '../../core/signed.ts';
import { toValue, type Value } from '../../core/value.ts';
import { formatNamed } from '../../net/format.ts';
import type { Chosen } from '../chosen.ts';
import type { AlgorithmEnvelope } from '../envelope.ts';
import type { Counters } from '../node.ts';
import type { RunPlan } from '../plan.ts';
import type { RunStreams } from '../run-streams.ts';
import { Signatures } from '../signatures.ts';
import type { Firings } from './firings.ts';
import { garbled, toldDifferently, underOtherName } from './lies.ts';

/** Something that a liar lets out. */
export interface Telling {
  readonly envelope: AlgorithmEnvelope;
  /** It waits so long before it does. */
  readonly delayMs: number;
  /** True for a message that the algorithm did not send. */
  readonly isExtra: boolean;
  readonly forgery?: Forgery;
}

/** The node that a message says it is from, with what the liar offers as that one's signature. */
export interface Forgery {
  readonly from: NodeId;
  readonly proof: Uint8Array;
}

/** What a liar needs of its node. */
export interface LiarHost {
  readonly id: NodeId;
  readonly plan: RunPlan;
  readonly signer: Signer;
  readonly counters: Counters;
  readonly firings: Firings;
  readonly chosen: Chosen | undefined;
  readonly streams: RunStreams;
}

/** Messages that it remembers for saying them again. */
const MEMORY_LENGTH = 32;

/** One liar. */
export class Liar {
  readonly #host: LiarHost;
  readonly #lies: LiesPlan;
  readonly #nodes: readonly NodeId[];
  readonly #signatures: Signatures;
  readonly #messages: ReadonlyMap<string, MessageRecord>;
  readonly #streams = new Map<string, Random>();
  readonly #memory: AlgorithmEnvelope[] = [];
  /** The other story for each message: all who hear it hear the same. */
  readonly #stories = new WeakMap<AlgorithmEnvelope, AlgorithmEnvelope>();

  constructor(lies: LiesPlan, host: LiarHost) {
    this.#host = host;
    this.#lies = lies;
    this.#nodes = host.plan.nodes.map(({ id }) => id);
    this.#signatures = new Signatures(host.plan.runId, host.id, host.signer);
    this.#messages = messagesByPath(host.plan.algorithm);
  }

  /** What is told to `to` in place of `envelope`. */
  tell(to: NodeId, envelope: AlgorithmEnvelope): Telling[] {
    // Drawn all the same: what is spared must not shift what is not.
    const isSpared = this.#isSpared(to, envelope);
    const told: Telling[] = [];
    // Each behaviour draws for each message, so that one does not shift the others.
    const [isWithheld, isTwisted, isGarbled, isHeldUp, isRepeated, isForged] = (
      ['withhold', 'equivocate', 'corrupt', 'delay', 'replay', 'forge'] as const
    ).map((kind) => this.#does(kind, to, envelope));
    const delayMs = isHeldUp === true ? this.#delay(to) : 0;
    if (isSpared) {
      this.#remember(envelope);
      return [{ envelope, delayMs: 0, isExtra: false }];
    }
    if (isWithheld === true) this.#fire('withhold', to, envelope, 'never sent');
    else {
      let spoken = envelope;
      if (isTwisted === true) spoken = this.#toldDifferently(to, spoken);
      if (isGarbled === true) spoken = this.#garbled(to, spoken);
      if (delayMs > 0) this.#fire('delay', to, spoken, `held up for ${Math.round(delayMs)} ms`);
      told.push({ envelope: spoken, delayMs, isExtra: false });
    }
    const repeated = isRepeated === true ? this.#repeated(to) : undefined;
    if (repeated !== undefined) told.push(repeated);
    if (isForged === true) told.push(this.#forged(to, envelope));
    this.#remember(envelope);
    return told;
  }

  #isSpared(to: NodeId, { number }: AlgorithmEnvelope): boolean {
    const { chosen, id } = this.#host;
    return chosen?.fates(id, to)?.get(`${id}#${number}`) === 'spared';
  }

  #does(kind: LieKind, to: NodeId, { type }: AlgorithmEnvelope): boolean {
    const lie = this.#lies[kind];
    if (lie === undefined || !lie.to.has(to) || lie.types?.has(type) === false) return false;
    return this.#stream(kind, to).chance(lie.share);
  }

  #delay(to: NodeId): number {
    return sample(this.#lies.delay!.by!, this.#stream('delay/by', to));
  }

  #toldDifferently(to: NodeId, envelope: AlgorithmEnvelope): AlgorithmEnvelope {
    let story = this.#stories.get(envelope);
    if (story === undefined) {
      const { kind, path, type } = envelope;
      // An error says nothing of the algorithm's.
      if (kind === 'error') return envelope;
      const fits = (body: Value) => this.#fits(kind, path, type, body);
      const body = toldDifferently(envelope.body, this.#host.id, this.#nodes, fits);
      if (body === undefined) return envelope;
      story = this.#withBody(envelope, body);
      this.#stories.set(envelope, story);
    }
    this.#fire('equivocate', to, story, 'told differently');
    return story;
  }

  #garbled(to: NodeId, envelope: AlgorithmEnvelope): AlgorithmEnvelope {
    const body = garbled(envelope.body, this.#host.id, this.#stream('corrupt/how', to));
    const changed = this.#withBody(envelope, body);
    this.#fire('corrupt', to, changed, 'garbled');
    return changed;
  }

  #repeated(to: NodeId): Telling | undefined {
    if (this.#memory.length === 0) return undefined;
    const old = this.#stream('replay/which', to).pick(this.#memory);
    const envelope = { ...old, number: ++this.#host.counters.messages };
    this.#fire('replay', to, envelope, `what it said before as ${this.#host.id}#${old.number}`);
    return { envelope, delayMs: 0, isExtra: true };
  }

  /** Speaks for another: in a statement that the other never made, or as if the whole message were the other's. */
  #forged(to: NodeId, original: AlgorithmEnvelope): Telling {
    const random = this.#stream('forge/how', to);
    const victim = random.pick(this.#nodes.filter((id) => id !== this.#host.id));
    const number = ++this.#host.counters.messages;
    const claims = random.chance(0.5) ? underOtherName(original.body, victim) : undefined;
    if (claims !== undefined) {
      const envelope = this.#withBody({ ...original, number }, claims);
      this.#fire('forge', to, envelope, `with a statement of ${victim}`);
      return { envelope, delayMs: 0, isExtra: true };
    }
    const envelope = { ...original, number };
    this.#fire('forge', to, envelope, `in the name of ${victim}`);
    const content = envelopeContent(this.#host.plan.runId, victim, envelope);
    const proof = this.#host.signer.sign(content) as Uint8Array;
    return { envelope, delayMs: 0, isExtra: true, forgery: { from: victim, proof } };
  }

  /** The envelope around another body: own statements in it are signed, claims in another's name as well as that can be done. */
  #withBody(envelope: AlgorithmEnvelope, content: Value): AlgorithmEnvelope {
    const signed: AnySigned[] = [];
    const body = toValue(content, (value) => signed.push(value));
    for (const value of signed) {
      const statement = statementOf(value);
      if (statement.signature !== undefined || statement.signer === this.#host.id) continue;
      const claim = encodeCanonical(statementContent(statement, this.#host.plan.runId));
      statement.signature = this.#host.signer.sign(claim) as Uint8Array;
    }
    const signing = this.#signatures.sign(signed);
    const bytes = formatNamed(this.#host.plan.format).size(body);
    return { ...envelope, body, bytes, signed, signing };
  }

  /** Whether an honest receiver's schema takes it. */
  #fits(kind: 'cast' | 'request' | 'reply', path: string, type: string, body: Value): boolean {
    const declared = this.#messages.get(path)?.[type];
    if (declared === undefined) return false;
    if (kind === 'reply') {
      return declared.kind === 'request' && check(declared.reply, body).issues === undefined;
    }
    if (declared.signed && !isSigned(body)) return false;
    return check(declared.schema, body).issues === undefined;
  }

  #remember(envelope: AlgorithmEnvelope): void {
    const { replay } = this.#lies;
    if (replay === undefined || replay.types?.has(envelope.type) === false) return;
    // A broadcast comes by once for each receiver.
    if (this.#memory.at(-1) === envelope) return;
    this.#memory.push(envelope);
    if (this.#memory.length > MEMORY_LENGTH) this.#memory.shift();
  }

  #fire(fault: LieKind, to: NodeId, { number, body }: AlgorithmEnvelope, detail: string): void {
    const { id, firings } = this.#host;
    firings.add({ fault, node: id, to, message: `${id}#${number}`, detail, body });
  }

  #stream(concern: string, to: NodeId): Random {
    const name = `${concern}/${this.#host.id}->${to}`;
    let stream = this.#streams.get(name);
    if (stream === undefined) {
      stream = this.#host.streams.stream(name);
      this.#streams.set(name, stream);
    }
    return stream;
  }
}

/** What the signature around a whole message covers, where a host has none of its own: offline, and there for forged ones alone. */
export function envelopeContent(
  runId: string,
  from: NodeId,
  { kind, number, answers, path, type, body }: AlgorithmEnvelope,
): Uint8Array {
  const content = ['parley.envelope.v1', runId, from, kind, number, answers, path, type, body];
  return encodeCanonical(content);
}

/** The message records of an algorithm and its layers. */
function messagesByPath(algorithm: AlgorithmClass): Map<string, MessageRecord> {
  const result = new Map<string, MessageRecord>();
  const add = ({ messages, children }: AnyDefinition, path: string) => {
    result.set(path, messages);
    for (const [field, child] of Object.entries(children))
      add(child.definition, `${path}.${field}`);
  };
  add(algorithm.definition, algorithm.definition.name);
  return result;
}
