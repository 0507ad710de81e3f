/**
 * What one can do to the run on show: to a node, to a message on its way, to the network. In a simulation a deed makes a branch of the
 * run at the moment that is shown; a live run suffers it really. Buttons, menus and keys all take their deeds from here.
 */

import type { Choice } from '../../core/choices/choices.ts';
import type { LieKind } from '../../core/faults/kinds.ts';
import type { NodeId } from '../../core/id.ts';
import { cutBetween, messageDeeds, type Intervention } from '../../lab/intervention.ts';
import type { Flight } from '../../lab/playback.ts';
import type { RoomSession } from '../../lab/lab-service.ts';
import type { HeldDeed, LiveHands } from '../../lab/run.ts';
import { printTime } from '../kit/print-number.ts';
import type { Viewer } from '../stage/viewer.ts';
import type { Branches } from './branches.ts';
import { SEED_MAX } from './setup.ts';

/** Something that can be done now. */
export interface Deed {
  readonly name: string;
  /** What it means, where its name does not say it. */
  readonly story?: string;
  readonly run: () => void;
}

/** A cut of the network at the moment that is shown. */
export interface NetworkCut {
  readonly groups: readonly (readonly NodeId[])[];
  /** Only what the first group sends is cut off. */
  readonly isOneWay: boolean;
  /** Lets messages pass again; undefined where that cannot be done from here. */
  readonly heal: (() => void) | undefined;
}

/** How long something lasts that is done by hand, in usual journeys of a message: long enough to matter, short enough to watch. */
const JOURNEYS = 10;
/** Links of a node that is slowed down take so many usual journeys. */
const SLOW_JOURNEYS = 5;
/** Assumed where no message has arrived yet, in milliseconds. */
const JOURNEY_FALLBACK_MS = 5;

const LIES: readonly (readonly [LieKind, string, string])[] = [
  ['equivocate', 'Let it equivocate', 'It tells different nodes different things'],
  ['forge', 'Let it forge', 'It makes messages up'],
  ['withhold', 'Let it withhold', 'It keeps messages back'],
];

/** What becomes of a message that is held back in a live run. */
const HELD_DEEDS: readonly (readonly [HeldDeed, string])[] = [
  ['deliver', 'Deliver now'],
  ['drop', 'Drop'],
  ['delay', 'Let it come after the others'],
  ['double', 'Deliver twice'],
];

/** Whom the deeds are done to. */
export interface DeedsHost {
  readonly viewer: Viewer;
  readonly branches: Branches;
  readonly session: RoomSession | undefined;
  readonly busy: boolean;
  readonly nodeIds: readonly NodeId[];
}

/** The deeds of one lab. */
export class Deeds {
  readonly #host: DeedsHost;

  constructor(host: DeedsHost) {
    this.#host = host;
  }

  /** True when something can be done to the run on show. */
  get isOpen(): boolean {
    return this.#host.branches.isOpen || this.#hands !== undefined;
  }

  /** True when time stands still for a live run at the wish of somebody. */
  get isHeld(): boolean | undefined {
    return this.#hands?.isHeld;
  }

  /** Since when deliveries of a live run are held back, in milliseconds of the run. */
  get heldSinceMs(): number | undefined {
    const { run } = this.#host.viewer;
    const live = this.#host.session?.run === run ? this.#host.session?.run : run?.hands;
    return this.#host.busy ? live?.heldSinceMs : undefined;
  }

  /** Holds all deliveries of a live run back, or lets them come. */
  hold(isHeld: boolean): void {
    this.#hands?.hold(isHeld);
  }

  /** What can be done to a node. */
  toNode(node: NodeId): readonly Deed[] {
    const others = this.#host.nodeIds.filter((id) => id !== node);
    const cuts: Deed[] =
      others.length === 0
        ? []
        : [
            { name: 'Cut off', run: () => this.cut([node], others, false) },
            { name: 'Nobody hears it', run: () => this.cut([node], others, true) },
          ];
    const hands = this.#hands;
    if (hands !== undefined) return [{ name: 'Kill', run: () => hands.kill(node) }, ...cuts];
    if (!this.#host.branches.isOpen) return [];
    const { nowMs } = this.#host.branches;
    const lastsMs = this.#journeys(JOURNEYS);
    const slow = { latency: this.#journeys(SLOW_JOURNEYS), at: nowMs, for: lastsMs };
    return [
      this.#choice('Crash', { crash: node, at: nowMs }),
      this.#choice(`Crash for ${printTime(lastsMs)}`, { crash: node, at: nowMs, for: lastsMs }),
      this.#choice(`Stand still for ${printTime(lastsMs)}`, {
        ...{ pause: node, at: nowMs, for: lastsMs },
      }),
      {
        ...{ name: `Slow down for ${printTime(lastsMs)}` },
        story: `All that it sends and hears takes ${printTime(slow.latency)}`,
        run: () => this.#do({ kind: 'links', node, links: slow }),
      },
      ...cuts,
      ...LIES.map(([lie, name, story]) => ({
        ...{ name, story: `${story}, from the beginning of the run on` },
        run: () => this.#do({ kind: 'lies', node, lies: [lie] }),
      })),
    ];
  }

  /** What can be done to a message; nothing when it is not on its way. */
  toMessage(flight: Flight): readonly Deed[] {
    if (!this.isUnderWay(flight)) return [];
    const hands = this.#hands;
    if (hands !== undefined) {
      return HELD_DEEDS.map(([deed, name]) => ({ name, run: () => hands.grab(flight, deed) }));
    }
    const { nowMs } = this.#host.branches;
    const lastsMs = this.#journeys(JOURNEYS);
    return [
      this.#choice('Deliver now', messageDeeds.deliver(flight, nowMs)),
      this.#choice('Drop', messageDeeds.drop(flight)),
      this.#choice(`Delay by ${printTime(lastsMs)}`, messageDeeds.delay(flight, nowMs, lastsMs)),
      this.#choice('Deliver twice', messageDeeds.double(flight, nowMs, lastsMs / JOURNEYS)),
    ];
  }

  /** True for a message that something can be done to at the moment that is shown. */
  isUnderWay({ sentAt, arrivedAt }: Flight): boolean {
    if (this.#hands !== undefined) return this.#hands.isHeld && arrivedAt === undefined;
    const { branches } = this.#host;
    const { nowMs } = branches;
    return branches.isOpen && sentAt <= nowMs && (arrivedAt === undefined || arrivedAt > nowMs);
  }

  /** The first thing that can be done to the selected node: it crashes, or is killed. */
  crashSelected(): void {
    const node = this.#selectedNode;
    if (node !== undefined) this.toNode(node)[0]?.run();
  }

  /** Cuts the selected node off. */
  cutOffSelected(): void {
    const node = this.#selectedNode;
    if (node === undefined) return;
    this.cut(
      [node],
      this.#host.nodeIds.filter((id) => id !== node),
      false,
    );
  }

  /** Drops the selected message, if it is on its way. */
  dropSelected(): void {
    const { selection, recording } = this.#host.viewer;
    if (selection?.kind !== 'message') return;
    const flight = recording.flight(selection.message, selection.to);
    if (flight !== undefined) this.drop(flight);
  }

  /** Drops a message, if it is on its way. */
  drop(flight: Flight): void {
    if (!this.isUnderWay(flight)) return;
    if (this.#hands !== undefined) return this.#hands.grab(flight, 'drop');
    this.#do({ kind: 'choice', choice: messageDeeds.drop(flight) });
  }

  /** Lets a message arrive now, before everything else, if it is on its way. */
  deliver(flight: Flight): void {
    if (!this.isUnderWay(flight)) return;
    if (this.#hands !== undefined) return this.#hands.grab(flight, 'deliver');
    const choice = messageDeeds.deliver(flight, this.#host.branches.nowMs);
    this.#do({ kind: 'choice', choice });
  }

  /** Cuts the network between two groups. One way the second group cannot hear the first. */
  cut(first: readonly NodeId[], second: readonly NodeId[], isOneWay: boolean): void {
    if (first.length === 0 || second.length === 0) return;
    const hands = this.#hands;
    if (hands !== undefined) return hands.cutInto([first, second], isOneWay);
    const { branches } = this.#host;
    const partition = cutBetween(first, second, branches.nowMs, isOneWay);
    this.#do({ kind: 'cut', partition });
  }

  /** The cuts by hand that the network has at the moment that is shown. */
  get cuts(): readonly NetworkCut[] {
    const { viewer, branches, session, busy } = this.#host;
    const live = session?.run ?? viewer.run?.hands;
    if (live !== undefined && busy) {
      const { cut: groups, isOneWay } = live;
      const hands = this.#hands;
      const heal = hands === undefined ? undefined : () => hands.cutInto([], false);
      return groups.length === 0 ? [] : [{ groups, isOneWay, heal }];
    }
    const { nowMs } = branches;
    return branches.done.flatMap((done) => {
      if (done.kind !== 'cut') return [];
      const { groups = [], at, for: lastsMs, one_way: isOneWay = false } = done.partition;
      const end = lastsMs === undefined ? Infinity : Number(at) + Number(lastsMs);
      if (Number(at) > nowMs || end <= nowMs) return [];
      const sides = groups as readonly (readonly NodeId[])[];
      return [{ groups: sides, isOneWay, heal: () => branches.heal(done.partition) }];
    });
  }

  /** Lets messages pass everywhere again. */
  healAll(): void {
    for (const { heal } of this.cuts) heal?.();
  }

  /** Another future of this moment: chance is drawn anew from here on. */
  fork(): void {
    const { branches } = this.#host;
    if (!branches.isOpen) return;
    const seed = branches.nextForkSeed(SEED_MAX);
    this.#do({ kind: 'fork', fork: { atMs: branches.nowMs, seed } });
  }

  /** Breaks off the run that is made anew for the last deed; undefined when there is none to wait for. */
  get breakOff(): (() => void) | undefined {
    const { branches } = this.#host;
    return branches.mayGoBack ? () => branches.goBack() : undefined;
  }

  get #hands(): LiveHands | undefined {
    const { session, viewer, busy } = this.#host;
    if (!busy) return undefined;
    const { run } = viewer;
    if (session === undefined || run?.place !== 'room') return run?.hands;
    const room = session.run;
    if (room === undefined || !session.mayDirect) return undefined;
    return {
      ...{ isHeld: room.isHeld, heldSinceMs: room.heldSinceMs },
      ...{ cut: room.cut, isOneWay: room.isOneWay },
      hold: (isHeld) => session.hold(isHeld),
      cutInto: (groups, isOneWay) => session.cut(groups, isOneWay),
      kill: (node) => session.kill(node),
      grab: (held, deed) => session.grab(held, deed),
    };
  }

  get #selectedNode(): NodeId | undefined {
    const { selection } = this.#host.viewer;
    return selection?.kind === 'node' ? selection.node : undefined;
  }

  #choice(name: string, choice: Choice): Deed {
    return { name, run: () => this.#do({ kind: 'choice', choice }) };
  }

  #do(done: Intervention): void {
    const { branches } = this.#host;
    if (branches.isOpen) branches.intervene(done);
  }

  /** So many usual journeys, in milliseconds. */
  #journeys(count: number): number {
    const usual = this.#host.viewer.recording.typicalJourney() || JOURNEY_FALLBACK_MS;
    return Math.round(usual * count * 10) / 10;
  }
}
