/** This tab's part in a run of the room: its nodes, if it has any, and everything that it hears of the others'. */

import type { NodeId } from '../../core/id.ts';
import { messageOf } from '../../core/errors.ts';
import { nothingDone, type NodeResult } from '../../core/result.ts';
import type { MemberDescription } from '../../net/signaling/protocol.ts';
import type { Signaling } from '../../net/signaling/signaling.ts';
import type { HostedNode } from '../../runtime/live/hosted-node.ts';
import type { FromWorker } from '../../runtime/live/worker-protocol.ts';
import type { host } from '../live/hosting.ts';
import type { Identity } from '../identity.ts';
import { LiveCollector, pageLines } from '../live/live-run.ts';
import { runNodes } from '../run-record.ts';
import type { RunSpec } from '../run-spec.ts';
import { readTraceLines } from '../trace-schema.ts';
import { controlEvents, cutOffFrom, newGrabs, untouched } from './control.ts';
import { EventGaps, EventGatherer } from './event-stream.ts';
import { checkManifest, type CheckedRun, type ManifestCheck } from './manifest.ts';
import type { Bodies, Control, Manifest, Seat } from './messages.ts';
import { relayFactory, seatLane } from './relay-lanes.ts';
import { RoomRunRecord } from './room-run-record.ts';
import { seatName, SeatSignaling, type SeatSignal } from './seat-signaling.ts';

/** What a part needs of its room. */
export interface RunPartHost {
  readonly room: string;
  readonly identity: Identity;
  readonly signaling: Signaling;
  readonly check: ManifestCheck;
  /** Makes one node of this page. */
  readonly makeNode: typeof host;
  /** Of a closed room: what only its members can know. */
  readonly membershipKey: Uint8Array | undefined;
  /** Milliseconds that this clock is ahead of the one that the manifest was written by. */
  readonly clockAheadMs: number;
  /** Whether a member's nodes are to be talked to. */
  readonly isWelcome: (member: string) => boolean;
  /** Whether a member is here, or may be back at once. */
  isExpected(member: string): boolean;
  say(said: RunStatement): void;
  /** The run is to be ended: everywhere, or only here, as this tab may. */
  stop(): void;
  /** This tab has nodes in the run. */
  takesPart(): void;
  changed(): void;
}

/** What a part says to everybody. */
export type RunStatement = {
  [K in 'events' | 'result' | 'declined']: { readonly kind: K; readonly body: Bodies[K] };
}['events' | 'result' | 'declined'];

/** A signal between nodes, and whom it came from. */
export interface HeardSignal {
  readonly from: string;
  readonly fromIncarnation: number;
  readonly signal: SeatSignal;
}

interface OwnNode {
  readonly hosted: HostedNode<RunSpec>;
  readonly signaling: SeatSignaling;
  readonly closeRelay: () => void;
  /** It was told what directors did so far. */
  isTold: boolean;
}

/** Signals kept for nodes that are still being made: a few for each link. */
const EARLY_SIGNALS_MAX = 2000;

/** Lanes of the relay; a page that is still in the run before has another one. */
const LANES = 255;

/** One tab's part in one run. */
export class RunPart {
  readonly manifest: Manifest;
  readonly record: RoomRunRecord;
  readonly #host: RunPartHost;
  readonly #collector: LiveCollector;
  readonly #gatherer: EventGatherer;
  readonly #seats: ReadonlyMap<NodeId, Seat>;
  readonly #nodes = new Map<NodeId, OwnNode>();
  readonly #gaps = new Map<string, EventGaps>();
  readonly #early: HeardSignal[] = [];
  readonly #gone = new Set<NodeId>();
  readonly #startedAtMs: number;
  #control: Control;
  #isMade = false;
  #isClosed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(manifest: Manifest, host: RunPartHost) {
    const { spec, seats } = manifest;
    this.manifest = manifest;
    this.#host = host;
    this.#control = untouched(spec.runId);
    this.#seats = new Map(seats.map((seat) => [seat.node, seat]));
    const members = new Map(seats.map(({ node, member }) => [node, member]));
    this.record = new RoomRunRecord(spec.algorithm, spec.seed, members, () => host.stop());
    const nodes = seats.map(({ node }) => node);
    this.#startedAtMs = manifest.startedAtMs + host.clockAheadMs;
    this.#collector = new LiveCollector(this.record, spec, 'network', nodes, this.#startedAtMs);
    const { incarnation } = host.identity;
    this.#gatherer = new EventGatherer((batch) =>
      host.say({ kind: 'events', body: { runId: spec.runId, incarnation, ...batch } }),
    );
  }

  get runId(): string {
    return this.manifest.spec.runId;
  }

  get control(): Control {
    return this.#control;
  }

  /** Checks the manifest and makes this tab's nodes, unless the run is over; says so when it cannot. Never rejects. */
  async begin(makesNodes: boolean): Promise<void> {
    const { seats } = this.manifest;
    const own = seats.filter(({ member }) => makesNodes && member === this.#host.identity.member);
    try {
      const checked = await checkManifest(this.manifest, this.#host.check);
      if (this.#isClosed) return;
      this.record.plan(runNodes(checked.plan.nodes));
      this.#make(own, checked);
    } catch (error) {
      if (this.#isClosed) return;
      const reason = messageOf(error);
      this.close();
      this.record.end(undefined, reason);
      if (own.length > 0) {
        this.#host.say({ kind: 'declined', body: { runId: this.runId, reason } });
      }
    }
    this.settle();
    this.#host.changed();
  }

  /** A director did something. */
  apply(control: Control): void {
    const time = Math.max(0, this.#nowMs);
    this.#collector.events(controlEvents(this.#control, control, time));
    const grabs = newGrabs(this.#control, control);
    this.#control = control;
    this.record.isHeld = control.isHeld;
    this.record.heldSinceMs = control.isHeld ? (this.record.heldSinceMs ?? time) : undefined;
    this.record.cut = control.cut;
    this.record.isOneWay = control.isOneWay ?? false;
    for (const [id, node] of this.#nodes) if (node.isTold) this.#obey(id, node);
    for (const { to, message, deed } of grabs) this.#nodes.get(to)?.hosted.grab(message, deed);
    this.record.changed();
  }

  /** Ends this tab's nodes. */
  stopOwn(why: string): void {
    for (const { hosted } of this.#nodes.values()) hosted.stop('stopped', why);
  }

  // What is heard.

  signalled(heard: HeardSignal): void {
    if (!this.#isMade) {
      if (this.#early.length < EARLY_SIGNALS_MAX) this.#early.push(heard);
      return;
    }
    const { from, fromIncarnation, signal } = heard;
    this.#nodes.get(signal.to)?.signaling.heard(from, fromIncarnation, signal);
  }

  /** Events of another tab's nodes. A member speaks for its own nodes alone. */
  heardEvents(by: string, { incarnation, first, lines }: Bodies['events']): void {
    const read = readTraceLines(lines);
    const gaps = this.#gaps.get(by) ?? new EventGaps();
    this.#gaps.set(by, gaps);
    const known = gaps.take(incarnation, first, read.events.length + read.refused);
    const news = read.events.slice(known);
    this.#collector.events(news.filter(({ node }) => this.#seats.get(node)?.member === by));
    this.record.hiddenEvents = sum(Array.from(this.#gaps.values(), ({ missing }) => missing));
  }

  /** What a node came to; false when whoever says so does not run it. */
  heardResult(by: string, { node, result }: Bodies['result']): boolean {
    if (this.#seats.get(node)?.member !== by) return false;
    this.#collector.ended(node, result);
    this.settle();
    return true;
  }

  /** A member takes no part, although it has seats. */
  heardDeclined(by: string, { reason }: Bodies['declined']): boolean {
    const nodes = this.#nodesOf(by);
    for (const node of nodes) this.#giveUp(node, nothingDone('failed', reason));
    this.settle();
    return nodes.length > 0;
  }

  /** A member's tab is gone; it may come back. */
  memberLeft(member: string): void {
    for (const node of this.#nodesOf(member)) this.#collector.left(node);
    this.settle();
  }

  /** A member was sent away, and its nodes with it. */
  memberKicked(member: string): void {
    for (const node of this.#nodesOf(member)) {
      this.#giveUp(node, nothingDone('departed', 'its tab was sent away'));
    }
    this.settle();
  }

  /** When everybody who can still report has done so, those who are gone are given up. */
  settle(): void {
    const { awaited } = this.#collector;
    const someoneReports = awaited.some((node) => {
      const { member } = this.#seats.get(node)!;
      return this.#nodes.has(node) || this.#host.isExpected(member);
    });
    if (someoneReports) return;
    for (const node of awaited) this.#collector.departed(node);
  }

  /** This tab takes no part any more. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#gatherer.flush();
    for (const { hosted, signaling, closeRelay } of this.#nodes.values()) {
      hosted.close();
      signaling.close();
      closeRelay();
    }
    this.#nodes.clear();
  }

  // This tab's nodes.

  #make(own: readonly Seat[], { chapter, plan }: CheckedRun): void {
    const { identity, room, membershipKey } = this.#host;
    const { spec, seats, timeoutSeconds } = this.manifest;
    const hosting = {
      ...{ spec, plan, room, startedAtMs: this.#startedAtMs, startupDelayMs: 0, trace: true },
      ...(membershipKey === undefined ? {} : { membershipKey }),
      seats: new Map(seats.map((seat) => [seat.node, seatName(seat)])),
      report: (node: NodeId, message: FromWorker) => this.#report(node, message),
    };
    for (const seat of own) {
      // Whoever was killed stays so, even if its tab is reloaded.
      if (this.#control.killed.includes(seat.node)) continue;
      const { signaling: inner, isWelcome } = this.#host;
      const signaling = new SeatSignaling(inner, spec.runId, seat, seats, isWelcome);
      for (const node of this.#gone) signaling.gone(node);
      const relay = this.#relayFor(seat);
      const hosted = this.#host.makeNode(
        seat.node,
        { ...identity, member: seatName(seat) },
        { ...hosting, relay: relay.make },
        signaling,
        (member) => this.#seatedOf(member),
        [],
      );
      this.#nodes.set(seat.node, { hosted, signaling, closeRelay: relay.close, isTold: false });
    }
    this.#isMade = true;
    for (const heard of this.#early.splice(0)) this.signalled(heard);
    if (own.length > 0) this.#host.takesPart();
    const isService = chapter.algorithm.definition.service;
    this.#timer = setTimeout(() => {
      for (const { hosted } of this.#nodes.values()) hosted.stop(isService ? 'stopped' : 'timeout');
    }, timeoutSeconds * 1000);
  }

  /** Which node somebody is, whoever announces it: one in its seat, with its key. */
  #seatedOf({ node = '', publicKey }: MemberDescription): NodeId | undefined {
    const seat = this.#seats.get(node);
    if (seat === undefined || seat.key !== publicKey || this.#gone.has(node)) return undefined;
    return this.#host.isWelcome(seat.member) ? node : undefined;
  }

  #relayFor(own: Seat): ReturnType<typeof relayFactory> {
    const seats = this.manifest.seats.map((seat, index) => ({
      ...{ name: seatName(seat), member: seat.member, index },
    }));
    const index = this.manifest.seats.indexOf(own);
    const lane = 1 + (Number.parseInt(this.runId.slice(0, 4), 16) % LANES || 0);
    return relayFactory(this.#host.signaling, seatLane(lane, index, seats), (node) =>
      seatName(this.#seats.get(node)!),
    );
  }

  get #nowMs(): number {
    return performance.timeOrigin + performance.now() - this.#startedAtMs;
  }

  #report(id: NodeId, message: FromWorker): void {
    this.#collector.report(id, message);
    const node = this.#nodes.get(id);
    if (node?.isTold === false) {
      // It listens from now on.
      node.isTold = true;
      this.#obey(id, node);
    }
    if (message.kind === 'trace') this.#gatherer.add(message.events);
    if (message.kind === 'log') this.#gatherer.add(pageLines(id, message, this.#nowMs));
    if (message.kind === 'problem') this.#sayResult(id, nothingDone('failed', message.text));
    if (message.kind === 'ended') {
      this.#sayResult(id, message.result);
      this.settle();
    }
    this.#host.changed();
  }

  #obey(id: NodeId, { hosted }: OwnNode): void {
    const { isHeld, cut, isOneWay, killed, isStopped } = this.#control;
    if (hosted.hasEnded) return;
    if (killed.includes(id)) return hosted.kill('a director killed it');
    hosted.hold(isHeld);
    hosted.cut(cutOffFrom(id, cut, isOneWay));
    if (isStopped) hosted.stop('stopped', 'the run was ended');
  }

  #sayResult(node: NodeId, result: NodeResult): void {
    this.#gatherer.flush();
    // Values of the domain, signed ones among them, become plain JSON.
    const plain = JSON.parse(JSON.stringify(result)) as NodeResult;
    this.#host.say({ kind: 'result', body: { runId: this.runId, node, result: plain } });
  }

  #giveUp(node: NodeId, result: NodeResult): void {
    this.#gone.add(node);
    for (const { signaling } of this.#nodes.values()) signaling.gone(node);
    this.#collector.ended(node, result);
  }

  #nodesOf(member: string): readonly NodeId[] {
    return this.manifest.seats.filter((seat) => seat.member === member).map(({ node }) => node);
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
