/**
 * From modules to chapters: what a module's exports offer to run, and which of many modules a name means.
 *
 * Pure, and the same in Node, in the page and in workers: they differ only in where the modules come from (`src/cli/chapters.ts`
 * reads folders, the page imports `virtual:parley-chapters`).
 */

import { isAlgorithmClass, type AlgorithmClass } from '../core/algorithm.ts';
import type { Chapter } from '../core/chapter.ts';
import { nearest, sameName } from '../core/nearest-name.ts';

/** What importing a module gives, by the names of its exports. */
export type ModuleExports = Readonly<Record<string, unknown>>;

/** Modules with chapters, each with what imports it, by name (`echo`) or path (`./mine.ts`). */
export type ChapterModules = Readonly<Record<string, () => Promise<ModuleExports>>>;

/** A chapter, and the reference under which every other place of the run finds the same one. */
export interface FoundChapter {
  /** Key of the module, and behind a `#` the export where the key alone would not do: `./mine.ts#Gossip`. */
  readonly reference: string;
  readonly chapter: Chapter;
}

/** A name that means no algorithm, or several. The message lists those that there are. */
export class ChapterError extends Error {
  override readonly name = 'ChapterError';
}

/** One thing to run in a module. */
interface Candidate {
  /** What it may be called, the name for lists first. */
  readonly names: readonly [string, ...string[]];
  readonly chapter: Chapter;
  /** True for a layer of another candidate: it runs only when it is asked for by name. */
  readonly isLayer: boolean;
}

/**
 * The chapter that `reference` means: a module's key, a class or algorithm that one of the modules exports, or both with a `#`
 * between (`./mine.ts#Gossip`). Case, underscores and hyphens do not matter in names.
 *
 * @throws {ChapterError} with the nearest name, when there is none
 */
export async function findChapter(
  reference: string,
  modules: ChapterModules,
): Promise<FoundChapter> {
  const [moduleName, pick] = splitReference(reference);
  const keys = Object.keys(modules);
  // A module with several algorithms may stand in the record once for each, as `./mine.ts#Gossip`.
  const key =
    keys.find((one) => one === reference) ??
    keys.find((one) => one === moduleName) ??
    keys.find((one) => sameName(one, moduleName));
  if (key === undefined) return findByExport(reference, modules);
  const origin = splitReference(key)[0];
  const candidates = candidatesIn(await modules[key]!(), origin);
  return found(origin, candidates, choose(candidates, origin, pick));
}

/**
 * The one thing to run that a module's exports offer, or of several the one called `pick`.
 *
 * That is an exported {@link Chapter}, or a class made with `defineAlgorithm`; classes that are only layers of another exported
 * class do not count. Where the module has a single class, its exports `invariants`, `scenarios`, `faults`, `bugs`, `smallWorlds` and `view`
 * belong to it.
 *
 * @param origin names the module in errors
 * @throws {ChapterError} listing the candidates, when there are none or several
 */
export function chapterFrom(exports: ModuleExports, origin: string, pick?: string): Chapter {
  return choose(candidatesIn(exports, origin), origin, pick).chapter;
}

/** Names of what a module offers to run, layers left out: for lists. */
export function namesIn(exports: ModuleExports, origin: string): readonly string[] {
  return offered(candidatesIn(exports, origin)).map(({ names }) => names[0]);
}

function splitReference(reference: string): readonly [module: string, pick: string | undefined] {
  const at = reference.lastIndexOf('#');
  return at < 0 ? [reference, undefined] : [reference.slice(0, at), reference.slice(at + 1)];
}

/** The name is no module's: perhaps it is that of a class in one of them. */
async function findByExport(name: string, modules: ChapterModules): Promise<FoundChapter> {
  const known = new Set(Object.keys(modules));
  for (const [key, load] of Object.entries(modules)) {
    const candidates = candidatesIn(await load(), key);
    const called = candidates.find((candidate) => isCalled(candidate, name));
    if (called !== undefined) return found(key, candidates, called);
    for (const { names } of candidates) for (const one of names) known.add(one);
  }
  const list = Object.keys(modules).join(', ') || 'none';
  throw new ChapterError(`there is no algorithm '${name}'${hint(name, known)}. There are: ${list}`);
}

function found(key: string, candidates: readonly Candidate[], chosen: Candidate): FoundChapter {
  const isOnly = offered(candidates).every((candidate) => candidate === chosen);
  return { reference: isOnly ? key : `${key}#${chosen.names[0]}`, chapter: chosen.chapter };
}

function choose(candidates: readonly Candidate[], origin: string, pick?: string): Candidate {
  if (pick !== undefined && pick !== '') {
    const called = candidates.find((candidate) => isCalled(candidate, pick));
    if (called !== undefined) return called;
    const names = candidates.map((candidate) => candidate.names[0]);
    const list = names.length === 0 ? '' : `. It exports: ${names.join(', ')}`;
    throw new ChapterError(`${origin} exports no algorithm '${pick}'${hint(pick, names)}${list}`);
  }
  const [first, ...others] = offered(candidates);
  if (first === undefined) {
    throw new ChapterError(
      `${origin} exports no algorithm: export a class that extends defineAlgorithm(…), by its name`,
    );
  }
  if (others.length === 0) return first;
  const list = [first, ...others].map(({ names }) => `${origin}#${names[0]}`).join(', ');
  throw new ChapterError(`${origin} exports several algorithms: choose one of ${list}`);
}

function offered(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.filter(({ isLayer }) => !isLayer);
}

function isCalled({ names }: Candidate, name: string): boolean {
  return names.some((candidate) => sameName(candidate, name));
}

function hint(name: string, candidates: Iterable<string>): string {
  const suggestion = nearest(name, candidates);
  return suggestion === undefined ? '' : ` (did you mean '${suggestion}'?)`;
}

/** Everything in a module that can be run. A class that has a chapter is that chapter, under the class's name too. */
function candidatesIn(exports: ModuleExports, origin: string): readonly Candidate[] {
  const classes = Object.entries(exports).filter((entry): entry is [string, AlgorithmClass] =>
    isAlgorithmClass(entry[1]),
  );
  const chapters = Object.entries(exports).flatMap(([exportName, value]) => {
    if (!isChapter(value)) return [];
    return [{ exportName, chapter: { ...plainChapter(value.algorithm, origin), ...value } }];
  });
  if ('chapter' in exports && !isChapter(exports['chapter'])) {
    throw new ChapterError(`${origin}: its export 'chapter' has no 'algorithm' to run`);
  }
  const layers = new Set([
    ...classes.flatMap(([, algorithm]) => [...layersOf(algorithm)]),
    ...chapters.flatMap(({ chapter }) => [...layersOf(chapter.algorithm)]),
  ]);
  const hasOneTop = classes.filter(([, algorithm]) => !layers.has(algorithm)).length === 1;
  const told = new Set(chapters.map(({ chapter }) => chapter.algorithm));
  return [
    ...chapters.map(({ exportName, chapter }): Candidate => {
      const own = classes.filter(([, algorithm]) => algorithm === chapter.algorithm);
      const names = [...own.map(([name]) => name), chapter.name, chapter.algorithm.definition.name];
      return { names: [exportName, ...names], chapter, isLayer: false };
    }),
    ...classes
      .filter(([, algorithm]) => !told.has(algorithm))
      .map(([exportName, algorithm]): Candidate => {
        const isLayer = layers.has(algorithm);
        // Invariants of an algorithm say nothing of its layers, nor of another one beside it.
        const own = chapters.length === 0 && hasOneTop && !isLayer ? exports : {};
        return {
          names: [exportName, algorithm.definition.name],
          chapter: plainChapter(algorithm, origin, own),
          // A module that says which chapter it is offers that one.
          isLayer: isLayer || 'chapter' in exports,
        };
      }),
  ];
}

function layersOf(algorithm: AlgorithmClass): ReadonlySet<AlgorithmClass> {
  const layers = new Set<AlgorithmClass>();
  for (const child of Object.values(algorithm.definition.children)) {
    layers.add(child);
    for (const below of layersOf(child)) layers.add(below);
  }
  return layers;
}

function isChapter(value: unknown): value is Pick<Chapter, 'algorithm'> & Partial<Chapter> {
  return (
    typeof value === 'object' &&
    value !== null &&
    isAlgorithmClass((value as Partial<Chapter>).algorithm)
  );
}

function plainChapter(
  algorithm: AlgorithmClass,
  origin: string,
  exports: ModuleExports = {},
): Chapter {
  const { name } = algorithm.definition;
  const { invariants, scenarios, faults, bugs, smallWorlds, view } = exports as Partial<Chapter>;
  return {
    name,
    title: titleOf(name),
    summary: `From ${origin}.`,
    algorithm,
    invariants: Array.isArray(invariants) ? (invariants as Chapter['invariants']) : [],
    scenarios: Array.isArray(scenarios) ? (scenarios as Chapter['scenarios']) : [],
    ...(typeof faults === 'object' && faults !== null ? { faults } : {}),
    ...(Array.isArray(bugs) ? { bugs: bugs as NonNullable<Chapter['bugs']> } : {}),
    ...(Array.isArray(smallWorlds)
      ? { smallWorlds: smallWorlds as NonNullable<Chapter['smallWorlds']> }
      : {}),
    ...(typeof view === 'function' ? { view } : {}),
  };
}

function titleOf(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
