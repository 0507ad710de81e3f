/**
 * A room of tabs: each tab that opens the link is a member, becomes a node in the order of joining, and the first one starts the run.
 *
 * Members talk through signaling here; what the nodes say to each other goes over their own links.
 */

import type { NodeId } from '../core/id.ts';
import { messageOf } from '../core/errors.ts';
import { keyPairFrom } from '../net/ed25519.ts';
import { toHex } from '../net/hex.ts';
import { LOST_MEMBER_GRACE_MS } from '../net/limits.ts';
import type { MemberDescription } from '../net/signaling/protocol.ts';
import type { Departure, Signaling } from '../net/signaling/signaling.ts';
import type { EarlySignal, HostedNode } from '../runtime/live/hosted-node.ts';
import type { FromWorker } from '../runtime/live/worker-protocol.ts';
import { host } from './hosting.ts';
import { nextIdentity, rememberRun, type Identity } from './identity.ts';
import type { RoomMember, RoomSession } from './lab-service.ts';
import { LiveCollector } from './live-run.ts';
import { pageChapter } from './page-chapters.ts';
import {
  readRoomMessage,
  type Manifest,
  type RoomChoice,
  type RoomMessage,
} from './room-messages.ts';
import { SERVICE_MS } from './run-in-workers.ts';
import { RunRecord, runNodes } from './run-record.ts';
import { planOf, type RunSpec } from './run-spec.ts';
import { readTraceLines } from './trace-schema.ts';
import { TraceShare } from './trace-share.ts';

/** A run of this room, as this tab takes part in it. */
interface RoomRun {
  readonly manifest: Manifest;
  readonly record: RunRecord;
  readonly collector: LiveCollector;
  readonly share: TraceShare;
  node: HostedNode<RunSpec> | undefined;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** Signals kept for a node that is still being made. */
const EARLY_SIGNALS_MAX = 1000;

/** This tab's membership. */
export class Room implements RoomSession {
  readonly code: string;
  readonly link: string;
  readonly #signaling: Signaling;
  readonly #identity: Identity;
  readonly #listeners = new Set<() => void>();
  /** Everyone who was ever here, by order of joining. */
  readonly #everyone = new Map<string, MemberDescription & { isPresent: boolean }>();
  readonly #early: EarlySignal[] = [];
  #run: RoomRun | undefined;
  choice: RoomChoice | undefined;
  problem: string | undefined;

  private constructor(code: string, link: string, signaling: Signaling, identity: Identity) {
    this.code = code;
    this.link = link;
    this.#signaling = signaling;
    this.#identity = identity;
    signaling.on('joined', (member) => this.#memberCame(member));
    signaling.on('left', (departure) => this.#memberLeft(departure));
    signaling.on('signal', (signal) => this.#signalled(signal));
    signaling.on('broadcast', ({ from, payload }) => this.#heard(from, payload));
    signaling.on('state', ({ state, error }) => {
      this.problem =
        state === 'closed' || state === 'reconnecting' ? error && messageOf(error) : undefined;
      this.#changed();
    });
    signaling.on('problem', (error) => {
      if (error.code !== 'unknown-member') this.problem = messageOf(error);
      this.#changed();
    });
  }

  /**
   * Enters a room.
   * @throws {SignalingError} with what to do
   */
  static async enter(code: string, link: string, signaling: Signaling): Promise<Room> {
    const identity = nextIdentity(code);
    const room = new Room(code, link, signaling, identity);
    const { member, token, incarnation } = identity;
    const publicKey = toHex(keyPairFrom(identity.secretKey).publicKey);
    const welcome = await signaling.join({ room: code, member, token, incarnation, publicKey });
    for (const one of [welcome.you, ...welcome.members]) room.#note(one);
    room.#changed();
    return room;
  }

  get connection(): RoomSession['connection'] {
    const { state } = this.#signaling;
    if (state === 'joined') return 'open';
    return state === 'closed' ? 'lost' : 'connecting';
  }

  get run(): RunRecord | undefined {
    return this.#run?.record;
  }

  get members(): readonly RoomMember[] {
    const seats = new Map(this.#run?.manifest.seats);
    return [...this.#everyone.values()]
      .toSorted((a, b) => a.order - b.order)
      .map(({ member, order, name, isPresent }) => {
        const node = seats.get(member);
        return {
          member,
          order: order + 1,
          present: isPresent,
          me: member === this.#identity.member,
          ...(node === undefined ? {} : { node }),
          ...(name === undefined ? {} : { name }),
        };
      });
  }

  get isStarter(): boolean {
    return this.#first()?.member === this.#identity.member;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  propose(choice: {
    algorithm: string;
    config: string;
    format?: 'json' | 'msgpack';
    timeoutSeconds?: number;
  }): void {
    this.choice = { format: 'json', timeoutSeconds: 30, ...choice };
    this.#broadcast({ parley: 'choice', choice: this.choice });
    this.#changed();
  }

  start(): void {
    void this.#start().catch((error: unknown) => this.#fail(messageOf(error)));
  }

  leave(): void {
    this.#endRun();
    this.#signaling.close();
    this.#changed();
  }

  // Members.

  #note(member: MemberDescription): void {
    this.#everyone.set(member.member, { ...member, isPresent: true });
  }

  #first(): MemberDescription | undefined {
    return [...this.#everyone.values()]
      .filter(({ isPresent }) => isPresent)
      .toSorted((a, b) => a.order - b.order)[0];
  }

  #memberCame(member: MemberDescription): void {
    this.#note(member);
    // Whoever was here first tells a newcomer, or one who reloaded, what is going on.
    const others = [...this.#everyone.values()].filter(
      (one) => one.isPresent && one.member !== member.member,
    );
    const teller = others.toSorted((a, b) => a.order - b.order)[0];
    if (teller?.member === this.#identity.member) this.#tellAll(member.member);
    this.#changed();
  }

  #tellAll(member: string): void {
    const tell = (message: RoomMessage) => this.#signaling.signal(member, message);
    if (this.choice !== undefined) tell({ parley: 'choice', choice: this.choice });
    const run = this.#run;
    if (run !== undefined && run.record.phase !== 'ended') {
      tell({ parley: 'run', manifest: run.manifest });
    }
  }

  #memberLeft({ member, reason }: Departure): void {
    const known = this.#everyone.get(member);
    if (known !== undefined && reason !== 'superseded') known.isPresent = false;
    const settle = () => this.#settleMember(member);
    // The server lost sight of a tab that may come back at once; its node lives meanwhile.
    if (reason === 'lost') setTimeout(settle, LOST_MEMBER_GRACE_MS);
    else settle();
    this.#changed();
  }

  /** A member stays away. */
  #settleMember(member: string): void {
    if (this.#everyone.get(member)?.isPresent === true) return;
    const node = new Map(this.#run?.manifest.seats).get(member);
    // Its node may come back under the same name; only when the others have ended is it known that it did not.
    if (node !== undefined) {
      this.#run?.collector.left(node);
      this.#settleDeparted();
    }
    this.#changed();
  }

  /** When this tab's node has ended, nodes whose tabs are gone will not report any more. */
  #settleDeparted(): void {
    const run = this.#run;
    if (run === undefined || (run.node !== undefined && !run.node.hasEnded)) return;
    for (const [member, node] of run.manifest.seats) {
      if (this.#everyone.get(member)?.isPresent !== true) run.collector.departed(node);
    }
  }

  // Messages.

  #signalled(signal: EarlySignal): void {
    const message = readRoomMessage(signal.payload);
    if (message !== undefined) this.#take(signal.from, message);
    else if (this.#early.length < EARLY_SIGNALS_MAX) this.#early.push(signal);
  }

  #heard(from: string, payload: unknown): void {
    const message = readRoomMessage(payload);
    if (message !== undefined) this.#take(from, message);
  }

  #take(from: string, message: RoomMessage): void {
    if (message.parley === 'choice') {
      if (this.#mayDirect(from)) this.choice = message.choice;
    } else if (message.parley === 'run') {
      if (this.#mayDirect(from) && message.manifest.spec.runId !== this.#run?.manifest.spec.runId) {
        void this.#enterRun(message.manifest).catch((error: unknown) =>
          this.#fail(messageOf(error)),
        );
      }
    } else this.#takeReport(from, message);
    this.#changed();
  }

  /** Only the first of the others that are here says what is run. */
  #mayDirect(from: string): boolean {
    const others = [...this.#everyone.values()].filter(
      ({ isPresent, member }) => isPresent && member !== this.#identity.member,
    );
    return others.toSorted((a, b) => a.order - b.order)[0]?.member === from;
  }

  #takeReport(from: string, message: Extract<RoomMessage, { runId: string }>): void {
    const run = this.#run;
    const node = new Map(run?.manifest.seats).get(from);
    if (run === undefined || node === undefined || message.runId !== run.manifest.spec.runId)
      return;
    if (message.parley === 'result') run.collector.ended(node, message.result);
    else {
      const { events } = readTraceLines(message.lines);
      run.collector.events(events.filter((event) => event.node === node));
    }
  }

  // Runs.

  async #start(): Promise<void> {
    const { choice } = this;
    if (choice === undefined || !this.isStarter) return;
    const { algorithm, config, format, timeoutSeconds } = choice;
    const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
    const runId = toHex(crypto.getRandomValues(new Uint8Array(8)));
    const spec = {
      runId,
      algorithm,
      config,
      configFile: 'configuration',
      strict: false,
      format,
      seed,
    };
    const { chapter } = await pageChapter(algorithm);
    const { plan } = planOf(spec, chapter.algorithm);
    const present = [...this.#everyone.values()]
      .filter(({ isPresent }) => isPresent)
      .toSorted((a, b) => a.order - b.order);
    const lacking = plan.nodes.length - present.length;
    if (lacking > 0) {
      const tabs = lacking === 1 ? 'one more tab' : `${lacking} more tabs`;
      throw new Error(
        `The configuration has ${plan.nodes.length} nodes and ${present.length} ${present.length === 1 ? 'tab is' : 'tabs are'} here: open the link in ${tabs}, or take out nodes.`,
      );
    }
    const manifest: Manifest = {
      spec,
      startedAtMs: performance.timeOrigin + performance.now(),
      timeoutSeconds,
      seats: plan.nodes.map(({ id }, i) => [present[i]!.member, id]),
    };
    this.#broadcast({ parley: 'run', manifest });
    await this.#enterRun(manifest);
  }

  async #enterRun(manifest: Manifest): Promise<void> {
    this.#endRun();
    this.problem = undefined;
    const { spec, seats, timeoutSeconds, startedAtMs } = manifest;
    const record = new RunRecord('room', spec.algorithm, spec.seed, () =>
      this.#run?.node?.stop('stopped', 'this tab ended its part'),
    );
    const collector = new LiveCollector(
      record,
      spec,
      'network',
      seats.map(([, node]) => node),
      startedAtMs,
    );
    const share = new TraceShare((lines) =>
      this.#broadcast({ parley: 'events', runId: spec.runId, lines }),
    );
    const run: RoomRun = { manifest, record, collector, share, node: undefined, timer: undefined };
    this.#run = run;
    this.#changed();
    const { chapter } = await pageChapter(spec.algorithm);
    const { plan } = planOf(spec, chapter.algorithm);
    record.plan(runNodes(plan.nodes));
    const nodeOf = new Map(seats);
    const own = nodeOf.get(this.#identity.member);
    if (this.#run !== run || own === undefined) return;
    run.node = host(
      own,
      this.#identity,
      {
        spec,
        plan,
        room: this.code,
        startedAtMs,
        startupDelayMs: 0,
        trace: true,
        seats: new Map(seats.map(([member, node]) => [node, member])),
        report: (node, message) => this.#report(run, node, message),
      },
      this.#signaling,
      ({ member }) => nodeOf.get(member),
      this.#early.splice(0),
    );
    rememberRun(this.code, spec.runId);
    const isService = chapter.algorithm.definition.service;
    run.timer = setTimeout(
      () => run.node?.stop(isService ? 'stopped' : 'timeout'),
      isService ? SERVICE_MS : timeoutSeconds * 1000,
    );
  }

  #report(run: RoomRun, node: NodeId, message: FromWorker): void {
    run.collector.report(node, message);
    if (message.kind === 'trace') run.share.add(message.events);
    if (message.kind === 'ended') {
      run.share.flush();
      this.#broadcast({ parley: 'result', runId: run.manifest.spec.runId, result: message.result });
      clearTimeout(run.timer);
      this.#settleDeparted();
    }
    this.#changed();
  }

  #endRun(): void {
    clearTimeout(this.#run?.timer);
    this.#run?.node?.close();
    this.#run = undefined;
  }

  #broadcast(message: RoomMessage): void {
    // Results and events hold values of the domain; JSON makes plain objects of signed ones.
    this.#signaling.broadcast(JSON.parse(JSON.stringify(message)));
  }

  #fail(problem: string): void {
    this.problem = problem;
    this.#changed();
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
