/**
 * The mailroom of a node: what its algorithms send is put into envelopes, and what arrives is checked and handed to its handler.
 *
 * Whatever is wrong with a message is decided here, before an algorithm sees it: it is dropped, counted, logged and traced.
 */

import {
  MessageTooLarge,
  PeerGone,
  RemoteError,
  steadyMessageOf,
  type RemoteErrorCode,
} from '../core/errors.ts';
import type { NodeId } from '../core/id.ts';
import type { CallOptions, LinkClass } from '../core/message.ts';
import { check, explain, type Schema } from '../core/schema.ts';
import { isSigned, type AnySigned } from '../core/signed.ts';
import type { DropReason } from '../core/trace.ts';
import { toValue, type Value } from '../core/value.ts';
import type { Format } from '../net/format.ts';
import { MESSAGE_BYTES_MAX } from '../net/limits.ts';
import type { Endpoint, Entry } from './endpoint.ts';
import type { AlgorithmEnvelope } from './envelope.ts';
import type { Happening } from './happening.ts';
import type { Counters, NodeHost } from './node.ts';
import { PendingCalls } from './pending-calls.ts';
import { isPromise } from './platform.ts';
import type { Signatures } from './signatures.ts';
import type { Turn } from './turn.ts';

/** Messages that may arrive before a node has started; more are dropped, and counted. */
export const EARLY_MESSAGES_MAX = 10_000;

const NOTHING_SIGNED: readonly AnySigned[] = [];

/** What the mailroom needs of its node. */
export interface MailroomOwner {
  readonly id: NodeId;
  readonly hasEnded: boolean;
  /** True when another node has left the run and answers no more. */
  isGone(id: NodeId): boolean;
  /** True when that node has this one among its neighbours. */
  isLinkedFrom(id: NodeId): boolean;
  readonly counters: Counters;
  /** The node's algorithms, by path. */
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  trace(event: Happening): void;
  /** Algorithm code threw. */
  fail(what: string, error: unknown): void;
}

/** Sends and receives for one node. */
export class Mailroom {
  readonly #owner: MailroomOwner;
  readonly #host: NodeHost;
  readonly #format: Format;
  readonly #signatures: Signatures;
  readonly #calls: PendingCalls;
  /** Fulfilled at once; looking at it marks the turn. One object for all casts: they are many. */
  readonly accepted: Promise<void>;
  readonly dropped: Partial<Record<DropReason, number>> = {};
  messagesSent = 0;
  #early: (() => void)[] | undefined = [];

  constructor(owner: MailroomOwner, host: NodeHost, format: Format, signatures: Signatures) {
    this.#owner = owner;
    this.#host = host;
    this.#format = format;
    this.#signatures = signatures;
    this.#calls = new PendingCalls(host.clock, host.turn);
    this.accepted = acceptedPromise(host.turn);
  }

  /** Sends a message of an algorithm: fulfilled when it was accepted, or for a request with the reply. */
  send(
    endpoint: Endpoint,
    to: NodeId,
    type: string,
    message: unknown,
    options: CallOptions | undefined,
  ): Promise<unknown> {
    const { kind, via } = endpoint.entries.get(type)!.declared;
    const envelope = this.#envelop(kind, via, endpoint.path, type, message ?? {}, 0);
    if (kind === 'cast') return this.#post(to, envelope) ?? this.accepted;
    if (this.#owner.isGone(to)) {
      this.#host.turn.awaits();
      return Promise.reject(new PeerGone(to, type));
    }
    const answered = this.#calls.open(envelope.number, to, endpoint.path, type, options);
    // What was given up before is not sent.
    if (options?.signal?.aborted !== true) void this.#post(to, envelope);
    return answered;
  }

  /** Sends a cast to every neighbour, as one message. */
  broadcast(endpoint: Endpoint, type: string, message: unknown): Promise<unknown> {
    const { via } = endpoint.entries.get(type)!.declared;
    const envelope = this.#envelop('cast', via, endpoint.path, type, message ?? {}, 0);
    const waiting: Promise<void>[] = [];
    for (const to of endpoint.instance.peers.keys()) {
      const accepted = this.#post(to, envelope);
      if (accepted !== undefined) waiting.push(accepted);
    }
    return waiting.length === 0 ? this.accepted : Promise.all(waiting).then(() => {});
  }

  /** Takes a message. `body` is the receiver's own copy of the envelope's. */
  receive(
    from: NodeId,
    envelope: AlgorithmEnvelope,
    body: Value,
    signed: readonly AnySigned[],
  ): void {
    if (this.#owner.hasEnded) return;
    if (signed.length > 0) {
      const verdict = this.#signatures.verify(signed, envelope.path);
      if (verdict !== true) {
        // Only a live host has signatures that take time, and it has verified them before it hands the message over.
        if (verdict === false) this.drop(from, envelope, 'signature', 'a signature in it is wrong');
        return;
      }
    }
    if (this.#early === undefined) this.#take(from, envelope, body);
    else if (this.#early.length < EARLY_MESSAGES_MAX) {
      this.#early.push(() => this.#take(from, envelope, body));
    } else {
      this.drop(from, envelope, 'overflow', 'it came before the start, and the buffer is full');
    }
  }

  /**
   * The algorithms have started: hands them what came early, each message in a turn of its own. What comes meanwhile waits behind it:
   * messages of one node do not overtake each other.
   */
  open(): void {
    const next = this.#early?.shift();
    if (next === undefined) this.#early = undefined;
    else {
      this.#host.post(() => {
        next();
        this.open();
      });
    }
  }

  /** The node has ended: nobody is told any more what becomes of its requests. */
  close(): void {
    this.#calls.close();
  }

  /** Ends every request to a node that is gone. */
  peerGone(id: NodeId): void {
    this.#calls.peerGone(id);
  }

  /** Counts, logs and traces a message that no handler will see. */
  drop(
    from: NodeId,
    { number, path, type }: Pick<AlgorithmEnvelope, 'number' | 'path' | 'type'>,
    reason: DropReason,
    detail: string,
  ): void {
    this.dropped[reason] = (this.dropped[reason] ?? 0) + 1;
    this.#host.log('warn', path, `dropped '${type}' from ${from}: ${detail}`);
    if (this.#host.trace === undefined) return;
    const message = `${from}#${number}`;
    this.#owner.trace({ kind: 'drop', from, message, path, type, reason, detail });
  }

  #envelop(
    kind: AlgorithmEnvelope['kind'],
    via: LinkClass,
    path: string,
    type: string,
    content: unknown,
    answers: number,
  ): AlgorithmEnvelope {
    let signed: AnySigned[] | undefined;
    const body = toValue(content, (value) => (signed ??= []).push(value));
    const signing = signed === undefined ? undefined : this.#signatures.sign(signed);
    const bytes = this.#format.size(body);
    if (bytes > MESSAGE_BYTES_MAX) throw new MessageTooLarge(type, bytes, MESSAGE_BYTES_MAX);
    const number = ++this.#owner.counters.messages;
    return {
      kind,
      number,
      answers,
      path,
      type,
      via,
      body,
      bytes,
      signing,
      signed: signed ?? NOTHING_SIGNED,
    };
  }

  #post(to: NodeId, envelope: AlgorithmEnvelope): Promise<void> | undefined {
    if (this.#owner.hasEnded) return undefined;
    this.messagesSent++;
    if (this.#host.trace !== undefined) {
      const { path, type, bytes, body, kind } = envelope;
      const message = `${this.#owner.id}#${envelope.number}`;
      this.#owner.trace({ kind: 'send', to, message, path, type, role: kind, bytes, body });
    }
    return this.#host.send(to, envelope);
  }

  #take(from: NodeId, envelope: AlgorithmEnvelope, body: Value): void {
    if (this.#owner.hasEnded) return;
    const { kind } = envelope;
    if (kind === 'reply' || kind === 'error') this.#takeAnswer(from, envelope, body);
    else this.#takeMessage(from, envelope, body);
  }

  #takeMessage(from: NodeId, envelope: AlgorithmEnvelope, body: Value): void {
    const { path, type, kind } = envelope;
    if (!this.#owner.isLinkedFrom(from)) {
      this.drop(from, envelope, 'unlinked', `${this.#owner.id} is none of its neighbours`);
      return;
    }
    const endpoint = this.#owner.endpoints.get(path);
    const entry = endpoint?.entries.get(type);
    if (endpoint === undefined || entry === undefined || entry.declared.kind !== kind) {
      this.drop(from, envelope, 'undeclared', `there is no ${kind} '${type}' at ${path}`);
      if (kind === 'request') this.#answerError(from, envelope, 'unknown', `no request '${type}'`);
      return;
    }
    const result = check(entry.declared.schema, body);
    if (result.issues !== undefined) {
      const problem = explain(result.issues);
      this.drop(from, envelope, 'schema', problem);
      if (kind === 'request') this.#answerError(from, envelope, 'invalid', problem);
      return;
    }
    if (entry.declared.signed && (!isSigned(body) || body.signer !== from)) {
      this.drop(from, envelope, 'signature', `it is signed by another than its sender`);
      return;
    }
    this.#count(endpoint, from, envelope);
    if (kind === 'cast') this.#handle(entry, from, envelope, result.value);
    else this.#serve(entry, from, envelope, result.value);
  }

  /** Runs the handler of a cast. The commonest path of all: no closure is made unless something goes wrong. */
  #handle(entry: Entry, from: NodeId, envelope: AlgorithmEnvelope, message: unknown): void {
    try {
      const result = entry.handler(from, message);
      if (!isPromise(result)) return;
      this.#host.turn.awaits();
      result.then(undefined, (error: unknown) => this.#owner.fail(handling(envelope, from), error));
    } catch (error) {
      this.#owner.fail(handling(envelope, from), error);
    }
  }

  /** Runs the handler of a request and answers with what it returns or throws. */
  #serve(entry: Entry, from: NodeId, envelope: AlgorithmEnvelope, message: unknown): void {
    const { path, type, number, via } = envelope;
    const answer = (reply: unknown) => {
      try {
        void this.#post(
          from,
          this.#envelop('reply', via, path, type, reply === undefined ? null : reply, number),
        );
      } catch (error) {
        refuse(error);
      }
    };
    const refuse = (error: unknown) => {
      const isRefusal = error instanceof Error && error.name === 'Refusal';
      this.#answerError(from, envelope, isRefusal ? 'refused' : 'failed', steadyMessageOf(error));
      if (!isRefusal) this.#owner.fail(handling(envelope, from), error);
    };
    try {
      const reply = entry.handler(from, message);
      if (!isPromise(reply)) answer(reply);
      else {
        this.#host.turn.awaits();
        reply.then(answer, refuse);
      }
    } catch (error) {
      refuse(error);
    }
  }

  #answerError(
    to: NodeId,
    { path, type, number, via }: AlgorithmEnvelope,
    code: RemoteErrorCode,
    text: string,
  ): void {
    const body = [code, text.slice(0, 1000)];
    void this.#post(to, this.#envelop('error', via, path, type, body, number));
  }

  #takeAnswer(from: NodeId, envelope: AlgorithmEnvelope, body: Value): void {
    const { path, type, kind, answers } = envelope;
    const call = this.#calls.find(answers, from, path, type);
    const endpoint = this.#owner.endpoints.get(path);
    const declared = endpoint?.entries.get(type)?.declared;
    if (call === undefined || endpoint === undefined || declared?.kind !== 'request') {
      this.drop(from, envelope, 'unexpected', 'nobody waits for this answer');
      return;
    }
    if (kind === 'error') {
      const [code, text] = body as [RemoteErrorCode, string];
      this.#count(endpoint, from, envelope);
      call.reject(new RemoteError(from, code, String(text)));
      return;
    }
    const result = checkReply(declared.reply, body);
    if (result.issues !== undefined) {
      const problem = explain(result.issues);
      this.drop(from, envelope, 'schema', problem);
      call.reject(new RemoteError(from, 'invalid', `its reply to '${type}': ${problem}`));
      return;
    }
    this.#count(endpoint, from, envelope);
    call.resolve(result.value);
  }

  #count(
    endpoint: Endpoint,
    from: NodeId,
    { number, path, type, kind, bytes }: AlgorithmEnvelope,
  ): void {
    endpoint.messagesReceived++;
    endpoint.bytesReceived += bytes;
    if (this.#host.trace === undefined) return;
    const message = `${from}#${number}`;
    this.#owner.trace({ kind: 'deliver', from, message, path, type, role: kind, bytes });
  }
}

/** An answer of nothing travels as null: where the schema knows no null, nothing is meant. */
function checkReply(schema: Schema, body: Value): ReturnType<typeof check> {
  const result = check(schema, body);
  if (result.issues === undefined || body !== null) return result;
  const absent = check(schema, undefined);
  return absent.issues === undefined ? absent : result;
}

function handling({ path, type }: AlgorithmEnvelope, from: NodeId): string {
  return `handler '${type}' of ${path}, message from ${from}`;
}

/** A fulfilled promise that marks the turn when someone waits for it. */
function acceptedPromise(turn: Turn): Promise<void> {
  class Accepted extends Promise<void> {
    static override get [Symbol.species]() {
      return Promise;
    }
    // oxlint-disable-next-line no-thenable -- a promise is what it is; to notice who waits is the point
    override then<A = void, B = never>(
      fulfilled?: ((value: void) => A | PromiseLike<A>) | null,
      rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
    ): Promise<A | B> {
      turn.awaits();
      return super.then(fulfilled, rejected);
    }
  }
  return new Accepted((resolve) => resolve());
}
