/**
 * A Parley algorithm as a node of Maelstrom's protocol: one class speaks it in our simulator and, through `parley maelstrom-node`, to Maelstrom.
 *
 * A request `read: request({}, v.object({ messages }))` is the RPC `{type: "read", msg_id}` with the answer `{type: "read_ok", in_reply_to,
 * messages}`, whoever asks; a cast is a message without `msg_id`. A `Refusal` whose text begins with the name of one of the protocol's
 * errors (`precondition-failed: …`) is that error. A layer's messages bear its path: `broadcast.data`.
 */

import type { AlgorithmClass } from '../core/algorithm.ts';
import type { RemoteErrorCode } from '../core/errors.ts';
import type { NodeId } from '../core/id.ts';
import type { Store } from '../core/ports.ts';
import type { AnySigned } from '../core/signed.ts';
import type { Value } from '../core/value.ts';
import { loadConfig } from '../core/config/load-config.ts';
import type { AlgorithmEnvelope, Envelope } from '../runtime/envelope.ts';
import { IdealSignatures } from '../runtime/ideal-signer.ts';
import { NodeRunner, type NodeHost } from '../runtime/node.ts';
import type { RunPlan } from '../runtime/plan.ts';
import { answeredBy, numberOf, ProtocolError, type Body, type Message } from './message.ts';
import type { Port, Program } from './program.ts';
import { errorKind, errorKindNamed } from './rpc-errors.ts';
import { WireForm, type Address } from './wire-form.ts';

/** What an algorithm's node is made of. */
export interface AlgorithmSettings {
  readonly algorithm: AlgorithmClass;
  /** Settings of every node, as the YAML of one: `period_ms: 100`; empty for the algorithm's own. */
  readonly settings: string;
  readonly seed: number;
}

/** An answer is awaited from so many requests; those before them will hardly get one. */
const REQUESTS_MAX = 10_000;

/** Newer than any table that a node has of its own, so that nobody is asked for another. */
const BARRIER_VERSION = 1_000_000_000;

/** One node. It begins with its `init`. */
export class AlgorithmProgram implements Program {
  readonly #port: Port;
  readonly #made: AlgorithmSettings;
  readonly #wire: WireForm;
  #runner: NodeRunner | undefined;
  /** Requests that have no answer yet, by their numbers. */
  readonly #asked = new Map<number, Address>();

  constructor(port: Port, made: AlgorithmSettings) {
    this.#port = port;
    this.#made = made;
    this.#wire = new WireForm(made.algorithm);
  }

  /** @throws {ProtocolError} when the node was not initialised, or is initialised badly */
  receive({ src, body }: Message): void {
    if (body.type === 'init') this.#init(src, body);
    else if (this.#runner === undefined) {
      throw new ProtocolError(`'${body.type}' came from ${src} before 'init'`);
    } else if (answeredBy(body) !== undefined) this.#takeAnswer(src, body, answeredBy(body)!);
    else this.#takeMessage(src, body);
  }

  #init(src: NodeId, body: Body): void {
    const { node_id: id, node_ids: ids } = body;
    if (typeof id !== 'string' || !Array.isArray(ids) || !ids.includes(id)) {
      throw new ProtocolError(`'init' needs node_id, and node_ids with node_id among them`);
    }
    const nodes = ids.map(String);
    const others = nodes.filter((node) => node !== id);
    const { incarnation } = this.#port;
    const entry = { incarnation, restarted: incarnation > 0, overlay: others.slice(0, 1) };
    const runner = new NodeRunner(this.#plan(nodes), id, entry, this.#host(id));
    this.#runner = runner;
    runner.start();
    // Maelstrom starts the load when every node has answered its init: that is the barrier.
    const rows = others.map((node) => [node, 0, 'running', ''] as const);
    if (others.length > 0) {
      const table = { version: BARRIER_VERSION, seen: BARRIER_VERSION, rows };
      runner.receiveLifecycle(others[0]!, table);
    }
    const number = numberOf(body);
    this.#port.send(src, {
      type: 'init_ok',
      ...(number === undefined ? {} : { in_reply_to: number }),
    });
  }

  #plan(nodes: readonly NodeId[]): RunPlan {
    const { algorithm, settings, seed } = this.#made;
    const indented = settings.trim() === '' ? ' {}' : `\n${settings.replaceAll(/^/gm, '  ')}`;
    const yaml = nodes.map((node) => `${node}:${indented}`).join('\n');
    const config = loadConfig(yaml, algorithm.definition, { file: 'settings', strict: true });
    const { nodes: planned } = config;
    // Maelstrom's clients are no nodes, and ask all of them.
    const guests = { takesGuests: true };
    return { runId: 'maelstrom', algorithm, nodes: planned, format: 'json', seed, ...guests };
  }

  #host(id: NodeId): NodeHost {
    const port = this.#port;
    return {
      clock: { now: () => port.now(), after: (delayMs, callback) => port.after(delayMs, callback) },
      turn: port.turn,
      signer: new IdealSignatures(this.#made.seed).signerOf(id),
      trace: undefined,
      store: (path) => storeUnder(port.store, path),
      log: (level, path, text) => {
        if (level !== 'trace' && level !== 'debug') port.log(`${level} ${path}: ${text}`);
      },
      send: (to, envelope) => this.#send(to, envelope),
      post: (event) => void port.after(0, event),
      standingChanged: (who, { status, error }) => {
        if (who === id && status === 'failed') port.fail(`${id} failed: ${error ?? ''}`);
      },
    };
  }

  #send(to: NodeId, envelope: Envelope): undefined {
    if (envelope.kind === 'lifecycle') return;
    const { kind, number, answers, path, type, body } = envelope;
    const address = { path, type };
    switch (kind) {
      case 'cast':
        this.#port.send(to, this.#wire.message(address, body));
        return;
      case 'request':
        this.#remember(number, address);
        this.#port.send(to, { ...this.#wire.message(address, body), msg_id: number });
        return;
      case 'reply':
        if (answers < 0) return;
        this.#port.send(to, { ...this.#wire.reply(address, body), in_reply_to: answers });
        return;
      case 'error':
        if (answers < 0) return;
        this.#port.send(to, { ...errorBody(body), in_reply_to: answers });
    }
  }

  #remember(number: number, address: Address): void {
    this.#asked.set(number, address);
    if (this.#asked.size <= REQUESTS_MAX) return;
    for (const oldest of this.#asked.keys()) {
      this.#asked.delete(oldest);
      return;
    }
  }

  #takeMessage(src: NodeId, body: Body): void {
    const number = numberOf(body);
    const { address, kind, content } = this.#wire.readMessage(body, number !== undefined);
    this.#receive(src, kind, number ?? NO_ANSWER, 0, address, content);
  }

  #takeAnswer(src: NodeId, body: Body, number: number): void {
    const address = this.#asked.get(number);
    // It was given up, or somebody answers twice.
    if (address === undefined) return;
    this.#asked.delete(number);
    if (body.type === 'error') {
      this.#receive(src, 'error', 0, number, address, remoteError(body));
    } else this.#receive(src, 'reply', 0, number, address, this.#wire.readReply(address, body));
  }

  #receive(
    src: NodeId,
    kind: AlgorithmEnvelope['kind'],
    number: number,
    answers: number,
    { path, type }: Address,
    body: Value,
  ): void {
    const envelope: AlgorithmEnvelope = {
      kind,
      number,
      answers,
      path,
      type,
      via: 'data',
      body,
      bytes: 0,
      signed: NOTHING_SIGNED,
      signing: undefined,
    };
    this.#runner!.receive(src, envelope, body, NOTHING_SIGNED);
  }
}

const NOTHING_SIGNED: readonly AnySigned[] = [];

/** The number of a request whose sender wants no answer. */
const NO_ANSWER = -1;

/** What a refusal, or a failure, is in the protocol. */
function errorBody(body: Value): Body {
  const [code, text] = body as readonly [RemoteErrorCode, string];
  const named = code === 'refused' ? errorKindNamed(text) : undefined;
  return { type: 'error', code: named?.code ?? CODES[code], text };
}

/** `refused` has done nothing; of what failed in the middle nobody knows. */
const CODES: Readonly<Record<RemoteErrorCode, number>> = {
  refused: 14,
  failed: 13,
  unknown: 10,
  invalid: 12,
};

function remoteError(body: Body): Value {
  const { code, name, isDefinite } = errorKind(body['code']);
  const kinds: Readonly<Record<number, RemoteErrorCode>> = { 10: 'unknown', 12: 'invalid' };
  const text = typeof body['text'] === 'string' ? body['text'] : name;
  return [kinds[code] ?? (isDefinite ? 'refused' : 'failed'), text];
}

function storeUnder(store: Store, path: string): Store {
  const under = (key: string) => `${path}/${key}`;
  return {
    kind: store.kind,
    survives: store.survives,
    get: (key) => store.get(under(key)),
    put: (key, value) => store.put(under(key), value),
    putAll: (entries) =>
      store.putAll(
        Object.fromEntries(Object.entries(entries).map(([key, value]) => [under(key), value])),
      ),
    delete: (key) => store.delete(under(key)),
    entries: async (prefix = '') =>
      (await store.entries(under(prefix))).map(
        ([key, value]) => [key.slice(path.length + 1), value] as const,
      ),
  };
}
