/**
 * Interventions: what somebody does by hand to a simulated run at a moment of it. The run up to there stays what it was; from there it
 * goes another way. An intervention is a choice, or a partition in the plan of faults, so that what was done can be replayed and sent as a link.
 */

import type { Choice } from '../core/choices/choices.ts';
import { describeChoice } from '../core/choices/choices.ts';
import type { Faults, Partition } from '../core/faults/faults.ts';
import type { NodeId } from '../core/id.ts';
import type { LinkedRun } from './link/linked-run.ts';
import type { Flight, Recording } from './playback.ts';

/** Something that was done. */
export type Intervention =
  | { readonly kind: 'choice'; readonly choice: Choice }
  /** Nodes of different groups cannot reach each other from a time on; with `one_way` those of the first cannot be heard by the others. */
  | { readonly kind: 'cut'; readonly partition: Partition };

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
  const { faults = {} } = run;
  const partitions = [...(faults.partitions ?? []), done.partition];
  return another(run, past, { ...faults, partitions });
}

/** The run with one choice or partition less. */
export function withoutIntervention(run: LinkedRun, done: Intervention): LinkedRun {
  if (done.kind === 'choice') {
    const choices = (run.choices ?? []).filter((choice) => choice !== done.choice);
    return another(run, choices, run.faults);
  }
  const partitions = (run.faults?.partitions ?? []).filter((one) => one !== done.partition);
  return another(run, run.choices ?? [], { ...run.faults, partitions });
}

/** The run in which a partition that was made by hand ends at `nowMs`. */
export function healed(run: LinkedRun, partition: Partition, nowMs: number): LinkedRun {
  const partitions = (run.faults?.partitions ?? []).map((one) =>
    one === partition ? { ...one, for: Math.max(nowMs - Number(one.at), 0.001) } : one,
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
  return [
    ...choices.map((choice): Intervention => ({ kind: 'choice', choice })),
    ...cuts.map((partition): Intervention => ({ kind: 'cut', partition })),
  ];
}

/** An intervention in words. */
export function describeIntervention(done: Intervention): string {
  if (done.kind === 'choice') return describeChoice(done.choice);
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
  const { partitions, ...rest } = faults ?? {};
  const left = partitions === undefined || partitions.length === 0 ? rest : { ...rest, partitions };
  return {
    ...run,
    ...(choices.length === 0 ? {} : { choices }),
    ...(Object.keys(left).length === 0 ? {} : { faults: left }),
  };
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
