/** Runs nodes of a run in this page: each has a worker, an identity and a place in the room. */

import type { NodeId } from '../../core/id.ts';
import { LINKS_PER_NODE_MAX, NODES_PER_PAGE_MAX } from '../../net/limits.ts';
import type { LinkKind, PeerServer } from '../../net/rtc/transport.ts';
import { provenBy } from '../../net/signaling/ed25519-proof.ts';
import type { MemberDescription } from '../../net/signaling/protocol.ts';
import type { Signaling } from '../../net/signaling/signaling.ts';
import type { RelayFactory } from '../../runtime/live/carrier.ts';
import { relayBetween } from '../../runtime/live/relay-between.ts';
import { linkPlanOf } from '../../runtime/link-plan.ts';
import type { EarlySignal } from '../../runtime/live/early-signals.ts';
import { HostedNode } from '../../runtime/live/hosted-node.ts';
import type { FromWorker } from '../../runtime/live/worker-protocol.ts';
import type { RunPlan } from '../../runtime/plan.ts';
import type { Latency } from '../../runtime/simulator.ts';
import { nextIdentity, rememberIdentity, type Identity } from '../identity.ts';
import type { RunSpec } from '../run-spec.ts';

/** What all nodes of a page have in common. */
export interface Hosting {
  readonly spec: RunSpec;
  readonly plan: RunPlan;
  readonly room: string;
  readonly startedAtMs: number;
  readonly startupDelayMs: number;
  readonly latencyMs?: Latency;
  readonly trace: boolean;
  /** Whether everything that happens to the nodes is recorded. */
  readonly records?: boolean;
  /** How connections are negotiated; as the spec says unless given. */
  readonly link?: LinkKind;
  /** Where a server speaks the PeerServer protocol; `peerjs` needs it. */
  readonly peerServer?: PeerServer;
  /** Of a closed room: what only its members can know. */
  readonly membershipKey?: Uint8Array;
  /** The way through the server, for nodes between which there is no direct one. */
  readonly relay?: RelayFactory;
  /** Members who were there when the run began, by node. */
  readonly seats?: ReadonlyMap<NodeId, string>;
  /** Nodes that nobody waits for: they may come while the run goes on, or never. */
  readonly latecomers?: ReadonlySet<NodeId>;
  /** Public keys in hexadecimal, of the nodes that must have a certain one. */
  readonly pinnedKeys?: ReadonlyMap<NodeId, string>;
  report(node: NodeId, message: FromWorker): void;
}

/** A node of this page with the signaling that it joined by itself. */
export interface PinnedNode {
  readonly hosted: HostedNode<RunSpec>;
  readonly signaling: Signaling;
}

/**
 * Brings nodes into a room, each as a member of its own that is pinned to its node id.
 *
 * @throws {RangeError} when the page would hold too many; {@link SignalingError} when one cannot join; nothing is left running then
 */
export async function hostPinned(
  nodes: readonly NodeId[],
  hosting: Hosting,
  connect: () => Signaling,
): Promise<readonly PinnedNode[]> {
  if (nodes.length > NODES_PER_PAGE_MAX) {
    throw new RangeError(
      `a page holds at most ${NODES_PER_PAGE_MAX} nodes, not ${nodes.length}: use fewer nodes, the simulator, or further pages`,
    );
  }
  const hosted: PinnedNode[] = [];
  const nodeOf = ({ node, publicKey }: MemberDescription) => {
    const pinned = node === undefined ? undefined : hosting.pinnedKeys?.get(node);
    return pinned === undefined || pinned === publicKey ? node : undefined;
  };
  try {
    for (const id of nodes) {
      const identity = nextIdentity(`${hosting.room}/${id}`);
      const signaling = connect();
      const relayed = { ...hosting, relay: relayBetween(signaling) };
      const node = host(id, identity, relayed, signaling, nodeOf, []);
      hosted.push({ hosted: node, signaling });
      const { member, token, incarnation } = identity;
      const key = provenBy(identity.secretKey);
      await signaling.join({ room: hosting.room, member, token, incarnation, node: id, ...key });
      rememberIdentity(`${hosting.room}/${id}`, { lastRunId: hosting.spec.runId });
      node.meetAll();
    }
  } catch (error) {
    for (const { hosted: node, signaling } of hosted) {
      node.close();
      signaling.close();
    }
    throw error;
  }
  return hosted;
}

/** Makes one node of this page. */
export function host(
  id: NodeId,
  identity: Identity,
  hosting: Hosting,
  signaling: Signaling,
  nodeOf: (member: MemberDescription) => NodeId | undefined,
  earlySignals: readonly EarlySignal[],
): HostedNode<RunSpec> {
  const { spec, room, startedAtMs, startupDelayMs, latencyMs, trace, membershipKey } = hosting;
  const { records } = hosting;
  return new HostedNode<RunSpec>({
    spec,
    runId: spec.runId,
    seat: {
      id,
      room,
      incarnation: identity.incarnation,
      restarted: identity.lastRunId === spec.runId,
      secretKey: identity.secretKey,
      startedAtMs,
      trace,
      ...(records === undefined ? {} : { records }),
      frameAuth: spec.frameAuth ?? 'signature',
      ...(membershipKey === undefined ? {} : { membershipKey }),
      ...(latencyMs === undefined ? {} : { latencyMs }),
    },
    links: linksOf(id, hosting.plan),
    choosesLinks: linkPlanOf(hosting.plan).isChosen,
    link: hosting.link ?? spec.link ?? 'simple-peer',
    ...(hosting.peerServer === undefined ? {} : { peerServer: hosting.peerServer }),
    ...(hosting.relay === undefined ? {} : { relay: hosting.relay }),
    member: identity.member,
    signaling,
    earlySignals,
    seats: hosting.seats ?? new Map(),
    ...(hosting.latecomers === undefined ? {} : { latecomers: hosting.latecomers }),
    nodeOf,
    createWorker: () =>
      new Worker(new URL('./node-worker.ts', import.meta.url), { type: 'module', name: id }),
    // Those of the signaling server, none unless it was told of some: an unreachable STUN server
    // would delay every connection of an offline LAN by 40 s. Read at every dial: rejoining renews
    // credentials.
    get iceServers() {
      return signaling.iceServers;
    },
    startupDelayMs,
    report: (message) => hosting.report(id, message),
  });
}

/** To whom a node is linked; of two nodes the one that stands first in the configuration dials. */
function linksOf(id: NodeId, plan: RunPlan): ReadonlyMap<NodeId, 'dial' | 'accept'> {
  const order = plan.nodes.map((node) => node.id);
  const { possible, isChosen } = linkPlanOf(plan);
  const others = [...possible.get(id)!];
  if (!isChosen && others.length > LINKS_PER_NODE_MAX) {
    throw new RangeError(
      `${id} would have ${others.length} links; a node has at most ${LINKS_PER_NODE_MAX}. Give it fewer neighbours, or use the simulator`,
    );
  }
  const place = order.indexOf(id);
  return new Map(others.map((other) => [other, place < order.indexOf(other) ? 'dial' : 'accept']));
}
