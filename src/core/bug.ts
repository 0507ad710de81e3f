/**
 * Bugs: named mistakes that can be made in an algorithm on purpose, to see what breaks and whether the checks notice. A bug puts other
 * functions in the place of some of the algorithm's rules; the algorithm's own code knows nothing of it.
 */

import type { AlgorithmClass } from './algorithm.ts';
import type { Scenario } from './chapter.ts';
import { nearest, sameName } from './nearest-name.ts';
import { withParts } from './parts.ts';
import type { Rules } from './rules.ts';

/** A mistake that people make, and where it shows. */
export interface Bug {
  /** As it is typed, e.g. `skip-echo-quorum`. */
  readonly name: string;
  /** A few words for lists, e.g. `One echo is enough`. */
  readonly title: string;
  /** What goes wrong and what it teaches, in a sentence or two. */
  readonly story: string;
  /** Whose rules it replaces: the chapter's algorithm or one of its layers. */
  readonly algorithm: AlgorithmClass;
  readonly replaces: Rules;
  /** What breaks: the sentence of one of the chapter's invariants, or {@link GOOD_END}. */
  readonly violates: string;
  readonly shows: Exhibit;
  /** It shows within so many seeds. */
  readonly seeds: number;
}

/**
 * Where a bug shows, and the algorithm without it does not fail. A scenario of the chapter will do where its end holds under faults.
 * Faults are the chapter's unless given; the end is that every correct node terminates unless something else is said.
 */
export type Exhibit = Pick<Scenario, 'config' | 'latencyMs' | 'timeoutSeconds' | 'faults'> &
  Partial<Pick<Scenario, 'ends'>>;

/** What a run violates when no invariant broke, and it still did not end as it should. */
export const GOOD_END = 'Every run comes to a good end';

/** A bug that the chapter does not have, or two that do not go together. The message says what there is. */
export class BugError extends Error {
  override readonly name = 'BugError';
}

/**
 * Declares a bug of an algorithm; what it replaces must be rules of that algorithm, of the same types.
 *
 * @throws {TypeError} when the name is none, or there is no such rule
 */
export function bug<A extends AlgorithmClass>(
  algorithm: A,
  declared: Omit<Bug, 'algorithm' | 'replaces'> & {
    readonly replaces: Partial<A['definition']['rules']>;
  },
): Bug {
  const { name, rules } = algorithm.definition;
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(declared.name)) {
    throw new TypeError(`${name}: a bug is named in kebab-case, not '${declared.name}'`);
  }
  const replaced = Object.keys(declared.replaces);
  const unknown = replaced.find((rule) => !Object.hasOwn(rules, rule));
  if (unknown !== undefined || replaced.length === 0) {
    const has = Object.keys(rules).join(', ') || 'none';
    throw new TypeError(
      `${declared.name} replaces ${unknown ?? 'no rule'}, and ${name} has: ${has}`,
    );
  }
  return { ...declared, algorithm, replaces: declared.replaces as Rules };
}

/** What has bugs: a chapter. */
export interface Breakable {
  readonly name: string;
  readonly algorithm: AlgorithmClass;
  readonly bugs?: readonly Bug[];
}

/**
 * The bugs of a chapter that are meant, each once.
 *
 * @throws {BugError} with the nearest name, when there is none
 */
export function findBugs({ name, bugs = [] }: Breakable, wanted: readonly string[]): Bug[] {
  const found = wanted.map((one) => {
    const known = bugs.find((candidate) => sameName(candidate.name, one));
    if (known !== undefined) return known;
    const names = bugs.map((candidate) => candidate.name);
    const suggestion = nearest(one, names);
    const hint = suggestion === undefined ? '' : ` (did you mean '${suggestion}'?)`;
    const list = names.length === 0 ? 'It has none' : `It has: ${names.join(', ')}`;
    throw new BugError(`${name} has no bug '${one}'${hint}. ${list}`);
  });
  return [...new Set(found)];
}

/**
 * The algorithm with bugs in it: the class itself when there are none, otherwise one like it.
 *
 * @throws {BugError} when two replace the same rule, or one belongs to another algorithm
 */
export function withBugs(algorithm: AlgorithmClass, bugs: readonly Bug[]): AlgorithmClass {
  const parts = new Set(partsOf(algorithm));
  const replaced = new Map<AlgorithmClass, Rules>();
  for (const { name, algorithm: part, replaces } of bugs) {
    if (!parts.has(part)) {
      throw new BugError(`${name} belongs to no part of ${algorithm.definition.name}`);
    }
    const before = replaced.get(part) ?? {};
    const twice = Object.keys(replaces).find((rule) => rule in before);
    if (twice !== undefined) {
      const others = bugs.filter((other) => other.algorithm === part && twice in other.replaces);
      const names = others.map((other) => other.name).join(' and ');
      throw new BugError(`${names} do not go together: both replace the rule '${twice}'`);
    }
    replaced.set(part, { ...before, ...replaces });
  }
  return replacing(algorithm, replaced);
}

function* partsOf(algorithm: AlgorithmClass): Iterable<AlgorithmClass> {
  yield algorithm;
  for (const child of Object.values(algorithm.definition.children)) yield* partsOf(child);
}

/** A class with other rules, or with layers below that have; the same one where nothing changes. */
function replacing(
  algorithm: AlgorithmClass,
  replaced: ReadonlyMap<AlgorithmClass, Rules>,
): AlgorithmClass {
  const { definition } = algorithm;
  const below = Object.entries(definition.children);
  const children = Object.fromEntries(
    below.map(([field, child]) => [field, replacing(child, replaced)]),
  );
  const own = replaced.get(algorithm);
  if (own === undefined && below.every(([field, child]) => children[field] === child)) {
    return algorithm;
  }
  return withParts(algorithm, children, { ...definition.rules, ...own });
}
