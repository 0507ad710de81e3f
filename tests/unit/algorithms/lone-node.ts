/** One node without a runtime: its peers write down what they are sent and answer as the test says. */

import type { AlgorithmClass, AnyAlgorithm } from '../../../src/core/algorithm.ts';
import type { NodeContext } from '../../../src/core/context.ts';
import type { NodeId } from '../../../src/core/id.ts';
import type { CallOptions } from '../../../src/core/message.ts';
import { Random } from '../../../src/core/random.ts';
import { fieldsSchema, parse } from '../../../src/core/schema.ts';
import { signedValue } from '../../../src/core/signed.ts';
import { toValue, type ValueMap } from '../../../src/core/value.ts';

/** What a peer was sent. */
export interface Sent {
  readonly to: NodeId;
  readonly type: string;
  readonly message: any;
  readonly options: CallOptions | undefined;
}

/** What a test says of the node. */
export interface LoneNodeOptions {
  readonly neighbours?: readonly NodeId[];
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly children?: Readonly<Record<string, unknown>>;
  /** What a peer answers; undefined unless given. */
  readonly answer?: (sent: Sent) => unknown;
}

/** An algorithm on its own. */
export interface LoneNode<A> {
  readonly algorithm: A;
  readonly sent: Sent[];
  readonly delivered: { readonly type: string; readonly message: any }[];
  readonly log: string[];
  /** How often it called `terminate`. */
  terminations: number;
}

const SILENT = async (): Promise<never> => {
  throw new Error('there is no such thing here');
};

/** Builds a node called n1. */
export function loneNode<C extends AlgorithmClass>(
  algorithm: C,
  { neighbours = [], settings = {}, children = {}, answer = () => undefined }: LoneNodeOptions,
): LoneNode<InstanceType<C>> {
  const { definition } = algorithm;
  const sent: Sent[] = [];
  const delivered: { type: string; message: any }[] = [];
  const log: string[] = [];
  const write = (text: string) => void log.push(text);
  const peer = (id: NodeId) => ({
    id,
    ...Object.fromEntries(
      Object.keys(definition.messages).map((type) => [
        type,
        async (message: unknown, options?: CallOptions) => {
          const entry = { to: id, type, message, options };
          sent.push(entry);
          return answer(entry);
        },
      ]),
    ),
  });
  const node = { sent, delivered, log, terminations: 0 } as unknown as LoneNode<AnyAlgorithm>;
  const context: NodeContext = {
    id: 'n1',
    nodes: new Set(['n1', ...neighbours]),
    path: definition.name,
    peers: new Map(neighbours.map((id) => [id, peer(id)])),
    toAll: {},
    settings: parse(fieldsSchema(definition.settings), settings, 'settings') as object,
    children,
    deliver: Object.fromEntries(
      Object.keys(definition.delivers).map((type) => [
        type,
        async (message: unknown) => void delivered.push({ type, message }),
      ]),
    ),
    clock: { now: () => 0, after: () => ({ cancel: () => {} }) },
    log: { trace: write, debug: write, info: write, warn: write, error: write },
    random: Random.stream(1, 'lone node'),
    store: {
      kind: 'silent',
      survives: 'nothing',
      get: SILENT,
      put: SILENT,
      putAll: SILENT,
      delete: SILENT,
      entries: SILENT,
    },
    restarted: false,
    sleep: SILENT,
    sign: (schema, fields) =>
      signedValue({
        type: schema.signedType,
        path: definition.name,
        signer: 'n1',
        fields: toValue(fields) as ValueMap,
        signature: undefined,
      }),
    terminate: () => void node.terminations++,
  };
  return Object.assign(node, { algorithm: new algorithm(context) }) as LoneNode<InstanceType<C>>;
}

/** An answer that the test gives when it likes. */
export class Later<T> {
  readonly promise: Promise<T>;
  resolve!: (value: T) => void;
  reject!: (error: Error) => void;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }
}

/** Lets everything run that does not wait for the test. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
