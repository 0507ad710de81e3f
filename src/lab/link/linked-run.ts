/** A run as a link carries it: plain data, checked when it is read, and made into something that can be run. */

import * as v from 'valibot';
import type { Breakable } from '../../core/bug.ts';
import type { Choice } from '../../core/choices/choices.ts';
import { readChoices } from '../../core/choices/read-choices.ts';
import { readSchedule, type Schedule } from '../../core/choices/schedule.ts';
import { CONFIG_TEXT_LENGTH_MAX } from '../../core/config/parse-yaml.ts';
import type { Faults } from '../../core/faults/faults.ts';
import { TIME_MS_MAX } from '../../core/faults/quantities.ts';
import { resolveFaults } from '../../core/faults/resolve.ts';
import type { NodeId } from '../../core/id.ts';
import type { Invariant } from '../../core/invariant.ts';
import type { FormatName } from '../../core/result.ts';
import { parse } from '../../core/schema.ts';
import type { Attempt } from '../../runtime/explore/attempt.ts';
import { withoutNode } from '../../runtime/explore/shrink.ts';
import type { Latency } from '../../runtime/simulator.ts';
import { planOf } from '../run-spec.ts';
import { specOf } from './plain-run.ts';

/** Everything that determines a run of the simulator, and what is expected of it. */
export interface LinkedRun {
  /** Name of the chapter, or of the module as it was given to the command line. */
  readonly algorithm: string;
  /** SHA-256 in hexadecimal of its sources, so that a changed algorithm is noticed. */
  readonly hash?: string;
  /** Text of the module, where it is nobody's but the sender's. */
  readonly source?: string;
  /** Names of the chapter's bugs that were put into it. */
  readonly breaks?: readonly string[];
  readonly runId: string;
  /** YAML. */
  readonly config: string;
  /** Nodes of the configuration that are left out. */
  readonly without?: readonly NodeId[];
  readonly format: FormatName;
  readonly seed: number;
  readonly faults?: Faults;
  readonly choices?: readonly Choice[];
  readonly schedule?: Schedule;
  /** From a moment on chance is drawn from the streams of another seed: another future of the same past. */
  readonly fork?: Fork;
  readonly latencyMs?: Latency;
  readonly timeoutMs: number;
  readonly serviceMs: number;
  /** What it breaks; absent for a run in which all is well. */
  readonly property?: string;
  /** SHA-256 in hexadecimal of its trace. */
  readonly trace?: string;
}

/** Where a run leaves the future that its seed has. */
export interface Fork {
  /** Virtual milliseconds. */
  readonly atMs: number;
  readonly seed: number;
}

/** What a link carries cannot be run. The message says where it is wrong. */
export class LinkError extends Error {
  override readonly name = 'LinkError';
}

/** Letters of a module's source: more is no program that somebody sends around. */
export const SOURCE_LENGTH_MAX = 256 * 1024;

const NAME_LENGTH_MAX = 1000;
const LIST_LENGTH_MAX = 10_000;

const text = v.pipe(v.string(), v.maxLength(NAME_LENGTH_MAX));
const hex = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hexadecimal'));
const ms = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(TIME_MS_MAX));
const seed = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const texts = v.pipe(v.array(text), v.maxLength(LIST_LENGTH_MAX));

const schema = v.strictObject({
  algorithm: text,
  hash: v.optional(hex),
  source: v.optional(v.pipe(v.string(), v.maxLength(SOURCE_LENGTH_MAX))),
  breaks: v.optional(texts),
  runId: text,
  config: v.pipe(v.string(), v.maxLength(CONFIG_TEXT_LENGTH_MAX)),
  without: v.optional(texts),
  format: v.picklist(['json', 'msgpack']),
  seed,
  // These are read against the nodes of the run: see attemptOf.
  faults: v.optional(v.record(v.string(), v.unknown())),
  choices: v.optional(v.array(v.unknown())),
  schedule: v.optional(v.unknown()),
  fork: v.optional(v.strictObject({ atMs: ms, seed })),
  latencyMs: v.optional(v.strictObject({ min: ms, max: ms })),
  timeoutMs: ms,
  serviceMs: ms,
  property: v.optional(text),
  trace: v.optional(hex),
});

/**
 * Reads what a link carries. Faults, choices and schedule are checked against the run's nodes, by {@link attemptOf}.
 *
 * @throws {LinkError} with the place
 */
export function readLinkedRun(data: unknown): LinkedRun {
  try {
    return parse(schema, data, 'the link') as LinkedRun;
  } catch (error) {
    throw new LinkError((error as Error).message, { cause: error });
  }
}

/**
 * Makes a run of the simulator.
 *
 * @throws {LinkError} with what cannot be, and where: configuration, faults, choices
 */
export function attemptOf(
  linked: LinkedRun,
  chapter: Breakable & { readonly invariants: readonly Invariant[] },
): Attempt {
  try {
    const { timeoutMs, serviceMs, latencyMs, fork, without = [] } = linked;
    const { plan } = planOf(specOf(linked), chapter);
    const { faults, ...calm } = plan;
    let attempt: Attempt = {
      plan: calm,
      invariants: chapter.invariants,
      choices: [],
      schedule: readSchedule(linked.schedule ?? { kind: 'latency' }),
      timeoutMs,
      serviceMs,
      ...(latencyMs === undefined ? {} : { latencyMs }),
      ...(fork === undefined ? {} : { reseed: fork }),
    };
    for (const id of without) attempt = withoutNode(attempt, id);
    if (attempt.plan.nodes.length === 0) throw new LinkError('no node is left');
    const ids = attempt.plan.nodes.map(({ id }) => id);
    const choices = readChoices(linked.choices ?? [], ids);
    if (faults === undefined) return { ...attempt, choices };
    resolveFaults(faults, ids, plan.seed);
    return { ...attempt, choices, plan: { ...attempt.plan, faults } };
  } catch (error) {
    if (error instanceof LinkError) throw error;
    if (!(error instanceof Error)) throw error;
    throw new LinkError(`the run of the link cannot be made\n${error.message}`, { cause: error });
  }
}

/** A linked run, changed as an exploration or a shrinking has changed the attempt that was made of it. */
export function linkedAs(linked: LinkedRun, before: Attempt, after: Attempt): LinkedRun {
  const { faults: _f, choices: _c, schedule: _s, without = [], ...rest } = linked;
  const { plan, choices, schedule } = after;
  const { faults = {} } = plan;
  const left = new Set(plan.nodes.map(({ id }) => id));
  const gone = before.plan.nodes.map(({ id }) => id).filter((id) => !left.has(id));
  const all = [...without, ...gone];
  return {
    ...rest,
    ...(all.length === 0 ? {} : { without: all }),
    ...(Object.keys(faults).length === 0 ? {} : { faults }),
    ...(choices.length === 0 ? {} : { choices }),
    ...(schedule.kind === 'latency' ? {} : { schedule }),
  };
}
