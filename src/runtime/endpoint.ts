/** One algorithm of one node, with what the runtime keeps of it: its dispatch table, its counters, its place in the tree. */

import type { AlgorithmClass, AnyAlgorithm } from '../core/algorithm.ts';
import type { NodeContext } from '../core/context.ts';
import { Misuse } from '../core/errors.ts';
import type { NodeId } from '../core/id.ts';
import type { CallOptions, Cast, MessageRecord, Request } from '../core/message.ts';
import { parse } from '../core/schema.ts';
import { signedValue, type AnySigned } from '../core/signed.ts';
import { toValue, type ValueMap } from '../core/value.ts';
import { makeBroadcasts, makeCalls, makePeers, type CallTarget } from './peers.ts';
import { isPromise } from './platform.ts';
import type { PlannedNode, SettingsTree } from './plan.ts';

/** What one message type leads to. */
export interface Entry {
  readonly declared: Cast | Request;
  handler: (src: NodeId, message: unknown) => unknown;
}

/** What an endpoint needs of its node. */
export interface EndpointHost {
  readonly nodes: ReadonlySet<NodeId>;
  /** Everything of a context that is the same for all algorithms of the node, or depends on the path alone. */
  services(
    path: string,
  ): Pick<NodeContext, 'clock' | 'log' | 'random' | 'store' | 'restarted' | 'sleep'>;
  send(
    endpoint: Endpoint,
    to: NodeId,
    type: string,
    message: unknown,
    options: CallOptions | undefined,
  ): Promise<unknown>;
  broadcast(endpoint: Endpoint, type: string, message: unknown): Promise<unknown>;
  /** The last of these was made just now and may be sent; those within it come before it. */
  stated?(statements: readonly AnySigned[]): void;
  /** Fulfilled at once; looking at it marks the turn. */
  readonly accepted: Promise<void>;
  /** Something was delivered at the top. */
  output(endpoint: Endpoint, type: string, message: unknown): void;
  /** Runs algorithm code and turns what it throws into the node's failure. */
  guard(what: string, code: () => unknown): unknown;
  terminate(endpoint: Endpoint): void;
}

/** One instance in the tree of algorithms of a node. */
export class Endpoint {
  readonly path: string;
  readonly instance: AnyAlgorithm;
  readonly entries = new Map<string, Entry>();
  readonly children: readonly Endpoint[];
  readonly #host: EndpointHost;
  readonly #name: string;
  // oxlint-disable-next-line prefer-readonly -- set by the parent, when it has made its children
  #parent: Endpoint | undefined;
  messagesReceived = 0;
  bytesReceived = 0;

  /**
   * @param name the field under which it stands in its parent; the algorithm's name at the top
   */
  constructor(
    algorithm: AlgorithmClass,
    node: PlannedNode,
    settings: SettingsTree,
    name: string,
    parentPath: string,
    host: EndpointHost,
  ) {
    const { definition } = algorithm;
    this.#host = host;
    this.#name = name;
    this.path = parentPath === '' ? name : `${parentPath}.${name}`;
    this.children = Object.entries(definition.children).map(
      ([field, child]) =>
        new Endpoint(child, node, settings.children[field] ?? NO_SETTINGS, field, this.path, host),
    );
    for (const child of this.children) child.#parent = this;
    this.instance = new algorithm(this.#context(algorithm, node, settings));
    this.#connect(definition.messages);
  }

  /** This endpoint and all beneath it, parents first. */
  *tree(): Iterable<Endpoint> {
    yield this;
    for (const child of this.children) yield* child.tree();
  }

  /** True at the top. */
  get isRoot(): boolean {
    return this.#parent === undefined;
  }

  #context(algorithm: AlgorithmClass, node: PlannedNode, settings: SettingsTree): NodeContext {
    const { messages, delivers } = algorithm.definition;
    const host = this.#host;
    const target: CallTarget = {
      call: (to, type, message, options) => host.send(this, to, type, message, options),
      broadcast: (type, message) => host.broadcast(this, type, message),
    };
    return {
      ...host.services(this.path),
      id: node.id,
      nodes: host.nodes,
      path: this.path,
      peers: makePeers(messages, node.neighbours, target),
      toAll: makeBroadcasts(messages, target),
      settings: settings.own,
      children: Object.fromEntries(this.children.map((child) => [child.#name, child.instance])),
      deliver: makeCalls(delivers, (type, message) => this.#deliver(delivers, type, message)),
      sign: (schema, fields) => {
        const statements: AnySigned[] = [];
        const value = signedValue({
          type: schema.signedType,
          path: this.path,
          signer: node.id,
          fields: toValue(fields, (within) => statements.push(within)) as ValueMap,
          signature: undefined,
        });
        host.stated?.([...statements, value]);
        return value;
      },
      terminate: () => host.terminate(this),
    };
  }

  /** Binds every declared message to its handler, once: an algorithm cannot grow new ones. */
  #connect(messages: MessageRecord): void {
    const handlers = this.instance.handlers as Record<string, Entry['handler']>;
    for (const [type, declared] of Object.entries(messages)) {
      const handler = handlers?.[type];
      if (typeof handler !== 'function') {
        throw new Misuse(`${this.path}: there is no handler for '${type}'`);
      }
      this.entries.set(type, { declared, handler });
    }
  }

  /** Hands a delivery to the layer above, in the same turn. */
  #deliver(delivers: MessageRecord, type: string, message: unknown): Promise<unknown> {
    const { schema, kind } = delivers[type]!;
    const content = parse(schema, toValue(message ?? {}), `${this.path} delivers '${type}'`);
    const parent = this.#parent;
    if (parent === undefined) {
      this.#host.output(this, type, content);
      return this.#host.accepted;
    }
    const handlers = parent.instance.delivered as
      | Record<string, Record<string, (message: unknown) => unknown>>
      | undefined;
    const handler = handlers?.[this.#name]?.[type];
    if (handler === undefined) {
      throw new Misuse(`${parent.path}: '${type}' of ${this.#name} has no handler`);
    }
    const answer = this.#host.guard(`${parent.path}: '${type}' from ${this.#name}`, () =>
      handler(content),
    );
    if (kind === 'request') return this.#host.accepted.then(() => answer);
    return isPromise(answer) ? answer.then(() => {}) : this.#host.accepted;
  }
}

const NO_SETTINGS: SettingsTree = { own: {}, children: {} };
