/** From what people write to a plan: every problem is found, and what is left open is drawn or filled in. */

import type { NodeId } from '../id.ts';
import { nearest } from '../nearest-name.ts';
import type { Faults } from './faults.ts';
import { FAULT_KINDS, LIE_KINDS, type FaultKind } from './kinds.ts';
import { Place, printPath, type PlaceProblem } from './place.ts';
import type { CrashPlan, FaultPlan } from './plan.ts';
import { readDuration, readSpread } from './quantities.ts';
import { readByzantine, readTwins } from './read-byzantine.ts';
import { LINK_KEYS, readRules } from './read-links.ts';
import { readClocks, readCrashes, readPauses } from './read-nodes.ts';
import { readPartitions } from './read-partitions.ts';
import type { FaultWorld } from './selectors.ts';

/** Faults that cannot happen in this run. `message` has one line for each problem. */
export class FaultsError extends Error {
  override readonly name = 'FaultsError';
  readonly problems: readonly PlaceProblem[];

  constructor(problems: readonly PlaceProblem[]) {
    super(problems.map(printed).join('\n'));
    this.problems = problems;
  }
}

function printed({ path, message, suggestion }: PlaceProblem): string {
  const hint = suggestion === undefined ? '' : ` (did you mean '${suggestion}'?)`;
  return `${path.length === 0 ? 'faults' : printPath(path)}: ${message}${hint}`;
}

/**
 * The plan that `faults` are for these nodes and this seed.
 *
 * @throws {FaultsError} with every problem, each with its place
 */
export function resolveFaults(faults: Faults, nodes: readonly NodeId[], seed: number): FaultPlan {
  const problems: PlaceProblem[] = [];
  const plan = readFaults(faults, { nodes, seed }, problems);
  if (problems.length > 0) throw new FaultsError(problems);
  return plan;
}

const KEYS = [
  ...LINK_KEYS,
  'links',
  'nodes',
  'partitions',
  'crashes',
  'pauses',
  'disk',
  'clocks',
  'byzantine',
  'twins',
  'heal',
  'progress',
  'expect',
] as const satisfies readonly (keyof Faults)[];

/** Reads a plan from data of any kind; what is wrong goes to `problems`. */
export function readFaults(data: unknown, world: FaultWorld, problems: PlaceProblem[]): FaultPlan {
  const place = new Place(data ?? {}, [], problems);
  const fields = place.fields(KEYS);
  const healMs = readDuration(place.field('heal')) ?? Infinity;
  if (healMs === 0) place.field('heal').problem('nothing could go wrong before 0');
  const progressMs = readDuration(place.field('progress'));
  if (progressMs !== undefined && healMs === Infinity) {
    place.field('progress').key.problem(`'progress' is counted from 'heal', which is missing`);
  }
  for (const key of ['links', 'nodes', 'clocks', 'byzantine'] as const) {
    if (fields !== undefined && !fields[key].isMissing && !fields[key].isMap) {
      fields[key].problem(key === 'links' ? 'a map: n1->n2: { loss: 10% }' : 'a map, by node');
    }
  }
  const diskSyncMs = readDisk(place.field('disk'));
  const syncs = diskSyncMs !== undefined;
  const rules = readRules(place, world, healMs);
  const parts = {
    partitions: readPartitions(place.field('partitions'), world, healMs),
    crashes: readCrashes(place.field('crashes'), world, { healMs, syncs }),
    pauses: readPauses(place.field('pauses'), world, healMs),
    clocks: readClocks(place.field('clocks'), world),
    byzantine: readByzantine(place.field('byzantine'), world),
    twins: readTwins(place.field('twins'), world),
  };
  const draft = {
    ...world,
    latency: rules[0]!.latency,
    rules,
    ...parts,
    diskSyncMs,
    healMs,
    progressMs,
  };
  checkNodesLeft(place, draft);
  const kinds = kindsOf(draft);
  return { ...draft, kinds, expected: readExpected(place.field('expect'), kinds) };
}

function readDisk(place: Place): FaultPlan['diskSyncMs'] {
  if (place.isMissing) return undefined;
  const fields = place.fields(['sync']);
  if (fields === undefined) return undefined;
  if (fields.sync.isMissing)
    return place.problem('say how long a write takes: disk: { sync: 1-10 }');
  return readSpread(fields.sync);
}

type Draft = Omit<FaultPlan, 'kinds' | 'expected'>;

/** A run needs a correct node that stays. */
function checkNodesLeft(place: Place, { nodes, byzantine, twins, crashes, healMs }: Draft): void {
  const liars = new Set([...byzantine.keys(), ...twins.keys()]);
  if (nodes.length > 0 && nodes.every((id) => liars.has(id))) {
    const key = byzantine.size > 0 ? 'byzantine' : 'twins';
    return place.field(key).key.problem('every node would be Byzantine: leave a correct one');
  }
  const gone = new Set(crashes.flatMap((crash) => (isForGood(crash, healMs) ? crash.nodes : [])));
  if (nodes.length > 0 && nodes.every((id) => liars.has(id) || gone.has(id))) {
    place
      .field('crashes')
      .key.problem('no correct node would be left: let one come back (for: 1s)');
  }
  for (const [index, crash] of crashes.entries()) {
    const twin = crash.nodes.find((id) => twins.has(id));
    if (twin === undefined) continue;
    place.field('crashes').items()[index]?.problem(`${twin} has a twin: it cannot crash as well`);
  }
}

function isForGood({ schedule }: CrashPlan, healMs: number): boolean {
  return schedule.forMs === undefined && healMs === Infinity;
}

function kindsOf(plan: Draft): FaultKind[] {
  const { rules, partitions, crashes, pauses, clocks, byzantine, twins, healMs } = plan;
  const planned = new Set<FaultKind>();
  for (const { loss = 0, duplication = 0, reordering = 0, bytesPerSecond } of rules) {
    if (loss > 0) planned.add('loss');
    if (duplication > 0) planned.add('duplication');
    if (reordering > 0) planned.add('reordering');
    if (bytesPerSecond !== undefined) planned.add('bandwidth');
  }
  if (partitions.length > 0) planned.add('partition');
  for (const crash of crashes) {
    if (crash.nodes.length === 0) continue;
    planned.add('crash');
    if (crash.schedule.forMs !== undefined || healMs < Infinity) planned.add('restart');
    if (crash.disk !== 'kept') planned.add(crash.disk);
  }
  if (pauses.some(({ nodes }) => nodes.length > 0)) planned.add('pause');
  if ([...clocks.values()].some(({ offsetMs, drift }) => offsetMs !== 0 || drift !== 0)) {
    planned.add('clock');
  }
  for (const lies of byzantine.values()) {
    for (const kind of LIE_KINDS) if ((lies[kind]?.share ?? 0) > 0) planned.add(kind);
  }
  if (twins.size > 0) planned.add('twins');
  return FAULT_KINDS.filter((kind) => planned.has(kind));
}

function readExpected(place: Place, planned: readonly FaultKind[]): FaultKind[] {
  if (place.value === 'fired') {
    if (planned.length === 0) place.problem('there is no fault in this plan that could fire');
    return [...planned];
  }
  return place.items().flatMap((item) => {
    const kind = FAULT_KINDS.find((each) => each === item.value);
    if (kind !== undefined && planned.includes(kind)) return [kind];
    const list = planned.join(', ') || 'none';
    const what = kind === undefined ? 'no fault is called' : 'this plan has no';
    const text = `${what} '${item.word}'; write fired, or of these: ${list}`;
    return item.problem(text, nearest(item.word, [...planned, 'fired'])) ?? [];
  });
}
