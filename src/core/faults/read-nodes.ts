/** Reads what happens to nodes: crashes, pauses, clocks. */

import type { NodeId } from '../id.ts';
import type { DiskFate } from './faults.ts';
import { DISK_FATES } from './kinds.ts';
import type { Place } from './place.ts';
import type { ClockPlan, CrashPlan, PausePlan, Schedule } from './plan.ts';
import { readDuration, readShare, shortest, TIME_MS_MAX } from './quantities.ts';
import { readSchedule, WHEN_KEYS } from './read-schedule.ts';
import { readNodes, readSome, type FaultWorld, type Selection } from './selectors.ts';

/** What else the plan says that crashes and pauses depend on. */
export interface NodePlanContext {
  readonly healMs: number;
  /** Whether writes take time to become durable. */
  readonly syncs: boolean;
}

/** All crashes that are right. */
export function readCrashes(
  place: Place,
  world: FaultWorld,
  { healMs, syncs }: NodePlanContext,
): CrashPlan[] {
  const calendar = new Calendar('is down', healMs);
  return place.items().flatMap((item) => {
    const fields = item.fields(['node', 'nodes', ...WHEN_KEYS, 'disk']);
    if (fields === undefined) return [];
    const schedule = readSchedule(item, { mayBeTimeless: false, mayBeEndless: true, healMs });
    const nodes = readVictims(item, world);
    const disk = fields.disk.isMissing ? 'kept' : readDisk(fields.disk, syncs);
    if (schedule === undefined || schedule.kind === 'always') return [];
    if (nodes === undefined || disk === undefined) return [];
    calendar.add(item, schedule, nodes);
    return [{ name: item.name, schedule, nodes: nodes.ids, disk }];
  });
}

/** All pauses that are right. */
export function readPauses(place: Place, world: FaultWorld, healMs: number): PausePlan[] {
  const calendar = new Calendar('stands still', healMs);
  return place.items().flatMap((item) => {
    if (item.fields(['node', 'nodes', ...WHEN_KEYS]) === undefined) return [];
    const schedule = readSchedule(item, { mayBeTimeless: false, mayBeEndless: false, healMs });
    const nodes = readVictims(item, world);
    if (schedule === undefined || schedule.kind === 'always' || nodes === undefined) return [];
    calendar.add(item, schedule, nodes);
    return [{ name: item.name, schedule, nodes: nodes.ids }];
  });
}

/** `node` or `nodes`; with `every` all nodes take their turns unless told otherwise. */
function readVictims(place: Place, world: FaultWorld): Selection | undefined {
  const [one, some] = [place.field('node'), place.field('nodes')];
  if (!one.isMissing && !some.isMissing) {
    return some.key.problem(`either 'node' or 'nodes'`);
  }
  if (!one.isMissing || !some.isMissing) return readNodes(one.isMissing ? some : one, world);
  if (!place.field('every').isMissing) return { ids: world.nodes, isDrawn: false };
  return place.problem(`say which: node: n1, or nodes: [n1, n2], or node: any 1`);
}

function readDisk(place: Place, syncs: boolean): DiskFate | undefined {
  const fate = DISK_FATES.find((each) => each === place.value);
  if (fate === undefined) return place.problem(`a disk is one of ${DISK_FATES.join(', ')}`);
  if (syncs || fate === 'kept' || fate === 'amnesia') return fate;
  return place.problem(
    `every write is durable at once, ${WITHOUT_TIME[fate]}: give the disk a time, disk: { sync: 1-10 }`,
  );
}

/** What cannot happen to a disk that takes no time. */
const WITHOUT_TIME = {
  unsynced: 'none can be lost',
  torn: 'none can be torn',
  damaged: 'none has a checksum',
  full: 'none can fail',
  refused: 'none can fail',
} as const satisfies Partial<Record<DiskFate, string>>;

/** What is known beforehand of when single nodes are away: they cannot be twice at a time. */
class Calendar {
  readonly #word: string;
  readonly #healMs: number;
  readonly #times = new Map<NodeId, { readonly fromMs: number; readonly toMs: number }[]>();

  constructor(word: string, healMs: number) {
    this.#word = word;
    this.#healMs = healMs;
  }

  add(place: Place, schedule: Schedule, { ids, isDrawn }: Selection): void {
    // What the seed decides cannot be known: an outage of a node that is away is left out then.
    if (schedule.kind !== 'once' || isDrawn) return;
    const { atMs: fromMs, forMs } = schedule;
    const toMs = Math.min(this.#healMs, forMs === undefined ? Infinity : fromMs + shortest(forMs));
    for (const id of ids) {
      const known = this.#times.get(id) ?? [];
      const other = known.find((time) => fromMs < time.toMs && time.fromMs < toMs);
      if (other !== undefined) {
        const until = other.toMs === Infinity ? 'the end' : `${other.toMs} ms`;
        place.problem(`${id} ${this.#word} from ${other.fromMs} ms to ${until} already`);
      }
      this.#times.set(id, [...known, { fromMs, toMs }]);
    }
  }
}

/** All clocks that are right. */
export function readClocks(place: Place, world: FaultWorld): ReadonlyMap<NodeId, ClockPlan> {
  const clocks = new Map<NodeId, ClockPlan>();
  for (const [node, entry] of place.entries()) {
    const ids = readSome(entry.key, node, world)?.ids ?? [];
    const fields = entry.fields(['offset', 'drift', 'at']);
    if (fields === undefined) continue;
    if (fields.offset.isMissing && fields.drift.isMissing) {
      entry.problem('say how it is wrong: offset: 500ms, or drift: 1%');
    }
    const offsetMs = readDuration(fields.offset, -TIME_MS_MAX) ?? 0;
    const drift = readShare(fields.drift, MIN_DRIFT) ?? 0;
    const atMs = readDuration(fields.at) ?? 0;
    for (const id of ids) clocks.set(id, { offsetMs, drift, atMs });
  }
  return clocks;
}

/** A clock that runs slower hardly runs: its timers would outlast the run. */
const MIN_DRIFT = -0.99;
