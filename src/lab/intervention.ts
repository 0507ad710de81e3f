/**
 * Interventions: what somebody does by hand to a simulated run at a moment of it. The run up to there stays what it was; from there it
 * goes another way. An intervention is a choice, or a partition in the plan of faults, so that what was done can be replayed and sent as a link.
 */

import type { Choice } from '../core/choices/choices.ts';
import { describeChoice } from '../core/choices/choices.ts';
import type { Faults, LinkFaults, Partition, When } from '../core/faults/faults.ts';
import type { LieKind } from '../core/faults/kinds.ts';
import type { NodeId } from '../core/id.ts';
import type { Fork, LinkedRun } from './link/linked-run.ts';
import type { Flight, Recording } from './playback.ts';

/** Something that was done. */
export type Intervention =
  | { readonly kind: 'choice'; readonly choice: Choice }
  /** Nodes of different groups cannot reach each other from a time on; with `one_way` those of the first cannot be heard by the others. */
  | { readonly kind: 'cut'; readonly partition: Partition }
  /** Links of a node are worse for a while. */
  | { readonly kind: 'links'; readonly node: NodeId; readonly links: LinkFaults & When }
  /** A node is a liar, from the beginning on: what it has said until now may be another thing, too. */
  | { readonly kind: 'lies'; readonly node: NodeId; readonly lies: readonly LieKind[] }
  /** Another future of the same past. */
  | { readonly kind: 'fork'; readonly fork: Fork };

/** Deeds to a message on its way. */
export const messageDeeds = {
  /** It never arrives. */
  drop: ({ message, to }: Flight): Choice => ({ message, to, arrives: [] }),
  /** It arrives before anything else happens, whatever was sent before it. */
  deliver: ({ message, to }: Flight, nowMs: number): Choice => ({
    ...{ message, to, arrives: [nowMs] },
    stray: true,
  }),
  /** It takes `byMs` longer than it would have. */
  delay: ({ message, to, arrivedAt }: Flight, nowMs: number, byMs: number): Choice => ({
    ...{ message, to, arrives: [Math.max(arrivedAt ?? nowMs, nowMs) + byMs] },
    stray: true,
  }),
  /** A copy of it comes `behindMs` after it. */
  double: ({ message, to, arrivedAt }: Flight, nowMs: number, behindMs: number): Choice => {
    const first = Math.max(arrivedAt ?? nowMs, nowMs);
    return { message, to, arrives: [first, first + behindMs] };
  },
} as const;

/**
 * The run in which `done` happens at `nowMs`, and everything before that as in `run`. What had been done at a later time is forgotten: it
 * belonged to a future that does not come about.
 */
export function intervene(
  run: LinkedRun,
  recording: Recording,
  nowMs: number,
  done: Intervention,
): LinkedRun {
  const past = (run.choices ?? []).filter((choice) => isBefore(choice, recording, nowMs));
  if (done.kind === 'choice') {
    const others = past.filter((choice) => subjectOf(choice) !== subjectOf(done.choice));
    return another(run, [...others, done.choice], run.faults);
  }
  if (done.kind === 'fork') return { ...another(run, past, run.faults), fork: done.fork };
  return another(run, past, withPart(run.faults ?? {}, done));
}

/** The run with one choice or partition less. */
export function withoutIntervention(run: LinkedRun, done: Intervention): LinkedRun {
  if (done.kind === 'choice') {
    const choices = (run.choices ?? []).filter((choice) => choice !== done.choice);
    return another(run, choices, run.faults);
  }
  if (done.kind === 'fork') {
    const { fork: _fork, ...rest } = run;
    return another(rest, run.choices ?? [], run.faults);
  }
  return another(run, run.choices ?? [], withoutPart(run.faults ?? {}, done));
}

/** The faults with what was done. */
function withPart(faults: Faults, done: FaultIntervention): Faults {
  if (done.kind === 'cut') {
    return { ...faults, partitions: [...(faults.partitions ?? []), done.partition] };
  }
  if (done.kind === 'links') {
    return { ...faults, nodes: { ...faults.nodes, [done.node]: done.links } };
  }
  return { ...faults, byzantine: { ...faults.byzantine, [done.node]: done.lies } };
}

/** The faults without it. */
function withoutPart(faults: Faults, done: FaultIntervention): Faults {
  if (done.kind === 'cut') {
    return {
      ...faults,
      partitions: faults.partitions?.filter((one) => one !== done.partition) ?? [],
    };
  }
  const part = done.kind === 'links' ? 'nodes' : 'byzantine';
  const { [done.node]: _gone, ...others } = (faults[part] ?? {}) as Record<string, unknown>;
  return { ...faults, [part]: others };
}

/** The run in which a partition that was made by hand ends at `nowMs`; one that is healed when it begins never was. */
export function healed(run: LinkedRun, partition: Partition, nowMs: number): LinkedRun {
  if (nowMs <= Number(partition.at)) return withoutIntervention(run, { kind: 'cut', partition });
  const partitions = (run.faults?.partitions ?? []).map((one) =>
    one === partition ? { ...one, for: nowMs - Number(one.at) } : one,
  );
  return another(run, run.choices ?? [], { ...run.faults, partitions });
}

/** What was done by hand since `base`, the run as it was set up or sent. */
export function interventionsIn(run: LinkedRun, base: LinkedRun): Intervention[] {
  const had = new Set(
    [...(base.choices ?? []), ...(base.faults?.partitions ?? [])].map((one) => JSON.stringify(one)),
  );
  const isNew = (one: Choice | Partition) => !had.has(JSON.stringify(one));
  const choices = (run.choices ?? []).filter(isNew);
  const cuts = (run.faults?.partitions ?? []).filter(isNew);
  const entriesOf = (part: 'nodes' | 'byzantine') =>
    Object.entries(run.faults?.[part] ?? {}).filter(
      ([node, one]) => JSON.stringify(base.faults?.[part]?.[node]) !== JSON.stringify(one),
    );
  return [
    ...choices.map((choice): Intervention => ({ kind: 'choice', choice })),
    ...cuts.map((partition): Intervention => ({ kind: 'cut', partition })),
    ...entriesOf('nodes').map(([node, links]): Intervention => ({
      kind: 'links',
      node,
      links: links as LinkFaults & When,
    })),
    ...entriesOf('byzantine').map(([node, lies]): Intervention => ({
      kind: 'lies',
      node,
      lies: lies as readonly LieKind[],
    })),
    ...(run.fork === undefined || JSON.stringify(run.fork) === JSON.stringify(base.fork)
      ? []
      : [{ kind: 'fork', fork: run.fork } as const]),
  ];
}

/** An intervention in words. */
export function describeIntervention(done: Intervention): string {
  if (done.kind === 'choice') return describeChoice(done.choice);
  if (done.kind === 'fork') return `another future from ${done.fork.atMs} ms`;
  if (done.kind === 'lies') return `${done.node} lies: ${done.lies.join(', ')}`;
  if (done.kind === 'links') {
    const { latency, at, for: lastsMs } = done.links;
    const how = typeof latency === 'number' ? `takes ${latency} ms` : 'is slow';
    return `all that ${done.node} sends and hears ${how}, from ${at} ms for ${String(lastsMs)} ms`;
  }
  const { groups = [], at, for: lasts, one_way } = done.partition as CutByHand;
  const sides = groups.map((group) => group.join(', '));
  const way = one_way === true ? ' cannot be heard by ' : ' is cut off from ';
  const end = lasts === undefined ? '' : ` for ${lasts} ms`;
  return `${sides.join(way)} from ${at} ms${end}`;
}

/** A partition into two groups of named nodes. */
export function cutBetween(
  first: readonly NodeId[],
  second: readonly NodeId[],
  atMs: number,
  isOneWay: boolean,
): Partition {
  const groups = [first, second] as const;
  return { groups, at: atMs, ...(isOneWay ? { one_way: true } : {}) };
}

type FaultIntervention = Exclude<Intervention, { readonly kind: 'choice' | 'fork' }>;

interface CutByHand {
  readonly groups?: readonly (readonly NodeId[])[];
  readonly at?: number;
  readonly for?: number;
  readonly one_way?: boolean;
}

/** What nobody expects any more: neither its trace nor what breaks in it are known. */
function another(
  { trace: _trace, property: _property, choices: _choices, faults: _faults, ...run }: LinkedRun,
  choices: readonly Choice[],
  faults: Faults | undefined,
): LinkedRun {
  const left = Object.fromEntries(
    Object.entries(faults ?? {}).filter(([, part]) => !isEmpty(part)),
  ) as Faults;
  return {
    ...run,
    ...(choices.length === 0 ? {} : { choices }),
    ...(Object.keys(left).length === 0 ? {} : { faults: left }),
  };
}

/** A list or a map with nothing in it says nothing. */
function isEmpty(part: unknown): boolean {
  return typeof part === 'object' && part !== null && Object.keys(part).length === 0;
}

/** Two choices about the same thing cannot both be. */
function subjectOf(choice: Choice): string {
  if ('message' in choice) return `message ${choice.message} ${choice.to}`;
  if ('spare' in choice) return `message ${choice.spare} ${choice.to}`;
  if ('timer' in choice) return `timer ${choice.node} ${choice.timer}`;
  if ('start' in choice) return `start ${choice.start} ${choice.life ?? 0}`;
  return JSON.stringify(choice);
}

/** Whether a choice is about something that had begun by then. */
function isBefore(choice: Choice, recording: Recording, nowMs: number): boolean {
  if ('message' in choice || 'spare' in choice) {
    const flight = recording.flight('message' in choice ? choice.message : choice.spare, choice.to);
    return flight !== undefined && flight.sentAt <= nowMs;
  }
  return choice.at <= nowMs;
}
