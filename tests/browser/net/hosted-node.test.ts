/** Nodes of this page in workers of their own: from joining a room to the end of a run, over every transport. */

import { afterEach, describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import type { NodeId } from '../../../src/core/id.ts';
import type { NodeResult } from '../../../src/core/result.ts';
import { newKeyPair } from '../../../src/net/ed25519.ts';
import { LINK_KINDS, type LinkKind } from '../../../src/net/rtc/transport.ts';
import { provenBy } from '../../../src/net/signaling/ed25519-proof.ts';
import { LocalHub } from '../../../src/net/signaling/hub.ts';
import type { Signaling } from '../../../src/net/signaling/signaling.ts';
import { HostedNode } from '../../../src/runtime/live/hosted-node.ts';
import type { FromWorker } from '../../../src/runtime/live/worker-protocol.ts';
import { ROUNDS } from './chatter.ts';
import { deferred } from '../../support/deferred.ts';
import { nodeIds } from '../../support/simulate.ts';

/** Nodes of one run in this page. */
class Cluster {
  readonly reports: { readonly node: NodeId; readonly message: FromWorker }[] = [];
  /** How links were handed to the workers. */
  readonly handovers = new Set<string>();
  readonly #hub = new LocalHub();
  readonly #nodes: HostedNode<{ nodes: number }>[] = [];
  readonly #ended = deferred();
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  /** Links that opened so far, counted at both ends. */
  get opened(): number {
    return this.reports.filter(({ message }) => message.kind === 'linkOpen').length;
  }

  async start(kinds: readonly LinkKind[], transfers = true): Promise<Record<NodeId, NodeResult>> {
    const ids = nodeIds(this.#size);
    for (const [place, id] of ids.entries()) {
      const signaling = this.#hub.connect();
      const { secretKey } = newKeyPair();
      const member = `member-of-${id}`;
      const links = ids
        .filter((other) => other !== id)
        .map((other) => [other, place < ids.indexOf(other) ? 'dial' : 'accept'] as const);
      const node = new HostedNode({
        spec: { nodes: this.#size },
        runId: 'run',
        seat: {
          id,
          room: 'ROOM',
          incarnation: 1,
          restarted: false,
          secretKey,
          frameAuth: 'signature',
          startedAtMs: performance.timeOrigin + performance.now(),
          trace: false,
        },
        links: new Map(links),
        link: kinds[place % kinds.length]!,
        peerServer: { host: '127.0.0.1', port: inject('signalingPort'), secure: false },
        iceServers: [],
        member,
        signaling,
        seats: new Map(),
        earlySignals: [],
        nodeOf: (other) => other.node,
        createWorker: () => this.#newWorker(transfers),
        startupDelayMs: 0,
        report: (message) => this.#take(id, message),
      });
      this.#nodes.push(node);
      await signaling.join({
        room: 'ROOM',
        member,
        token: `token-of-${id}-as-long-as-it-must-be`,
        incarnation: 1,
        node: id,
        ...provenBy(secretKey),
      });
      node.meetAll();
    }
    await this.#ended.promise;
    return Object.fromEntries(
      this.reports.flatMap(({ node, message }) =>
        message.kind === 'ended' ? [[node, message.result]] : [],
      ),
    );
  }

  close(): void {
    for (const node of this.#nodes) node.close();
    this.#hub.close();
  }

  #newWorker(transfers: boolean): Worker {
    const worker = new Worker(new URL('./hosted-worker.ts', import.meta.url), { type: 'module' });
    const post = worker.postMessage.bind(worker) as (message: unknown, list: unknown) => void;
    worker.postMessage = (message: { kind: string }, list?: unknown) => {
      if (message.kind === 'channels' && !transfers) {
        throw new DOMException('channels cannot be transferred here', 'DataCloneError');
      }
      post(message, list);
      if (message.kind === 'channels' || message.kind === 'ports') this.handovers.add(message.kind);
    };
    return worker;
  }

  #take(node: NodeId, message: FromWorker): void {
    this.reports.push({ node, message });
    if (message.kind === 'problem') this.#ended.reject(new Error(message.text));
    const ended = this.reports.filter(({ message: { kind } }) => kind === 'ended');
    if (ended.length === this.#size) this.#ended.resolve();
  }
}

/** A node whose worker is played by the test. */
function withWorker(signaling: Signaling) {
  const reports: FromWorker[] = [];
  const worker = {
    onmessage: null as ((event: { data: FromWorker }) => void) | null,
    onerror: null,
    postMessage: () => {},
    terminate: () => {},
  };
  const node = new HostedNode({
    ...{ spec: {}, runId: 'run', links: new Map(), link: 'native', iceServers: [], member: 'me' },
    seat: {
      ...{ id: 'n1', room: 'ROOM', incarnation: 1, restarted: false, frameAuth: 'signature' },
      ...{ secretKey: newKeyPair().secretKey, startedAtMs: 0, trace: false },
    },
    peerServer: { host: '127.0.0.1', port: 1, secure: false },
    ...{ signaling, seats: new Map(), earlySignals: [], startupDelayMs: 0 },
    nodeOf: (other) => other.node,
    createWorker: () => worker,
    report: (message) => reports.push(message),
  });
  onTestFinished(() => node.close());
  const says = (data: FromWorker): void => worker.onmessage!({ data });
  const ended = () => reports.find(({ kind }) => kind === 'ended');
  return { node, says, ended };
}

const clusters: Cluster[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const cluster of clusters.splice(0)) cluster.close();
});

function cluster(size: number): Cluster {
  const made = new Cluster(size);
  clusters.push(made);
  return made;
}

function expectAll(results: Record<NodeId, NodeResult>, others: number): void {
  for (const result of Object.values(results)) {
    expect(result).toMatchObject({
      status: 'terminated',
      report: { answers: others * ROUNDS, told: others, rumours: others },
      dropped: {},
    });
  }
}

const RealConnection = globalThis.RTCPeerConnection;
afterEach(() => {
  globalThis.RTCPeerConnection = RealConnection;
});

/** Every connection that the page makes from now on. */
function keepConnections(): RTCPeerConnection[] {
  const kept: RTCPeerConnection[] = [];
  globalThis.RTCPeerConnection = class extends RealConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      kept.push(this);
    }
  };
  return kept;
}

describe('nodes in workers', () => {
  test.each(LINK_KINDS)('talk in all classes over links of %s', async (kind) => {
    const run = cluster(3);
    expectAll(await run.start([kind]), 2);
    expect([...run.handovers]).toEqual(['channels']);
  });

  test('talk when some of them negotiate with simple-peer and others without', async () => {
    const run = cluster(4);
    expectAll(await run.start(['native', 'simple-peer']), 3);
  });

  test.each(LINK_KINDS)('lose nothing when every link of %s breaks in the middle', async (kind) => {
    const connections = keepConnections();
    const run = cluster(3);
    const ended = run.start([kind]);
    while (run.opened < 6) await new Promise((resolve) => setTimeout(resolve, 5));
    // A connection that is closed from outside: its own side is told nothing by it.
    for (const connection of connections.splice(0)) connection.close();
    expectAll(await ended, 2);
    expect(connections.length).toBeGreaterThanOrEqual(6);
  });

  test('talk where channels cannot be transferred, through the page', async () => {
    const run = cluster(3);
    expectAll(await run.start(['simple-peer'], false), 2);
    expect([...run.handovers]).toEqual(['ports']);
  });
});

describe('a node that is told to stop', () => {
  const error = (why: string) => ({
    result: { status: 'failed', error: expect.stringContaining(why) as string },
  });

  test('is ended soon if it does not even hear it', () => {
    vi.useFakeTimers();
    const { node, ended } = withWorker(new LocalHub().connect());
    node.stop('stopped');
    vi.advanceTimersByTime(2900);
    expect(ended()).toBeUndefined();
    vi.advanceTimersByTime(200);
    expect(ended()).toMatchObject(error('its code never yields'));
  });

  test('has time for its result once it has heard it, and is ended at last', () => {
    vi.useFakeTimers();
    const { node, says, ended } = withWorker(new LocalHub().connect());
    node.stop('stopped');
    vi.advanceTimersByTime(2900);
    says({ kind: 'stopping' });
    vi.advanceTimersByTime(19_000);
    expect(ended()).toBeUndefined();
    vi.advanceTimersByTime(2000);
    expect(ended()).toMatchObject(error('20 s later it was still at work'));
  });
});
