/**
 * Random faults made explicit: a plan that says "10% are lost" becomes a plan without loss and the list of the messages that were lost.
 * What is left of the plan is what no choice can say: latencies, liars, wrong clocks, slow disks, twins.
 */

import type { Choice, MessageChoice } from '../../core/choices/choices.ts';
import type { Distribution } from '../../core/faults/distribution.ts';
import type { Faults, Lies, LinkFaults, Spread, Twin, When } from '../../core/faults/faults.ts';
import { LIE_KINDS, type LieKind } from '../../core/faults/kinds.ts';
import type { FaultPlan, LiesPlan, TwinPlan } from '../../core/faults/plan.ts';
import { resolveFaults } from '../../core/faults/resolve.ts';
import type { RunPlan } from '../plan.ts';
import type { Attempt } from './attempt.ts';

/** The attempt without its random faults and its schedule, with all that they decided as choices. */
export function explicit(attempt: Attempt, decided: readonly Choice[]): Attempt {
  const { plan } = attempt;
  return {
    ...attempt,
    schedule: { kind: 'latency' },
    plan: { ...plan, faults: withoutChance(plan) },
    choices: joined([...attempt.choices.filter(isNoDecision), ...decided]),
  };
}

/** Of what was chosen before, all that is not told again when it comes to pass. */
function isNoDecision(choice: Choice): boolean {
  return 'spare' in choice || 'timer' in choice;
}

/** One choice for each message: a copy that was delivered by itself is one of its arrivals. */
function joined(choices: readonly Choice[]): Choice[] {
  const messages = new Map<string, MessageChoice>();
  const others: Choice[] = [];
  for (const choice of choices) {
    if (!('message' in choice)) {
      others.push(choice);
      continue;
    }
    const key = `${choice.message} ${choice.to}`;
    const known = messages.get(key);
    const arrives = [...(known?.arrives ?? []), ...choice.arrives];
    messages.set(key, { ...choice, arrives });
  }
  return [...others, ...messages.values()];
}

/** The plan's faults as far as they are no matter of choices, with every name that the seed has drawn. */
export function withoutChance({ faults = {}, nodes, seed }: RunPlan): Faults {
  const plan = resolveFaults(
    faults,
    nodes.map(({ id }) => id),
    seed,
  );
  const { latency, disk, heal, progress, clocks } = faults;
  // Drawn parts and times have become choices; what is fixed stays where it is said.
  const fixed = (faults.partitions ?? []).filter(
    ({ split, every }) => split === undefined && every === undefined,
  );
  const links = latenciesOf(faults.links);
  const each = latenciesOf(faults.nodes);
  const byzantine = [...plan.byzantine].map(([id, lies]) => [id, liesOf(lies)] as const);
  const twins = [...plan.twins].map(([id, twin]) => [id, twinOf(twin)] as const);
  return {
    ...(latency === undefined ? {} : { latency }),
    ...(links === undefined ? {} : { links }),
    ...(each === undefined ? {} : { nodes: each }),
    ...(fixed.length === 0 ? {} : { partitions: fixed }),
    ...(disk === undefined ? {} : { disk }),
    ...(clocks === undefined ? {} : { clocks: namedClocks(plan) }),
    ...(byzantine.length === 0 ? {} : { byzantine: Object.fromEntries(byzantine) }),
    ...(twins.length === 0 ? {} : { twins: Object.fromEntries(twins) }),
    ...(heal === undefined ? {} : { heal }),
    ...(progress === undefined ? {} : { progress }),
  };
}

type Places = Readonly<Record<string, LinkFaults & When>>;

/** Of rules about links, what they say of latencies. */
function latenciesOf(places: Places | undefined): Places | undefined {
  const kept = Object.entries(places ?? {}).flatMap(([name, rule]) => {
    const { loss: _l, duplication: _d, reordering: _r, bandwidth: _b, ...rest } = rule;
    return rest.latency === undefined ? [] : [[name, rest] as const];
  });
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

function namedClocks({ clocks }: FaultPlan): NonNullable<Faults['clocks']> {
  return Object.fromEntries(
    Array.from(clocks, ([id, { offsetMs, drift, atMs }]) => [
      id,
      { offset: offsetMs, drift, ...(atMs === 0 ? {} : { at: atMs }) },
    ]),
  );
}

function liesOf(plan: LiesPlan): Lies {
  const lies: { [kind in LieKind]?: object } = {};
  for (const kind of LIE_KINDS) {
    const lie = plan[kind];
    if (lie === undefined || lie.share === 0 || lie.to.size === 0) continue;
    lies[kind] = {
      share: lie.share,
      to: [...lie.to],
      ...(lie.types === undefined ? {} : { types: [...lie.types] }),
      ...(lie.by === undefined ? {} : { by: spreadOf(lie.by) }),
    };
  }
  return lies;
}

function twinOf({ first, second }: TwinPlan): Twin {
  return { first: [...first], second: [...second] };
}

function spreadOf(distribution: Distribution): Spread {
  switch (distribution.kind) {
    case 'constant':
      return distribution.value;
    case 'uniform':
      return { min: distribution.min, max: distribution.max };
    case 'exponential':
      return { exponential: distribution.mean, ...boundsOf(distribution) };
    case 'normal':
      return {
        normal: distribution.mean,
        deviation: distribution.deviation,
        ...boundsOf(distribution),
      };
  }
}

function boundsOf({ min, max }: { readonly min: number; readonly max: number }): object {
  return { ...(min === 0 ? {} : { min }), ...(max === Infinity ? {} : { max }) };
}
