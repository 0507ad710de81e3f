/** Reads faults from YAML; every problem has its place in the text. */

import { buildTree } from '../config/build-tree.ts';
import { CONFIG_TEXT_LENGTH_MAX, parseYaml } from '../config/parse-yaml.ts';
import { ProblemList, type TextRange } from '../config/problem-list.ts';
import { entryRange, isNull, type YamlValue } from '../config/yaml-tree.ts';
import type { Faults } from './faults.ts';
import type { PlaceProblem } from './place.ts';
import { readFaults } from './resolve.ts';
import type { FaultWorld } from './selectors.ts';

/** What {@link loadFaults} wants to know beside the text. */
export interface LoadFaultsOptions extends FaultWorld {
  /** Name of the file in messages. */
  readonly file: string;
}

/**
 * Reads faults, and tries them on a run.
 *
 * @returns plain data: what travels to workers, to other tabs and into links
 * @throws {ConfigError} with all problems, each with its place
 */
export function loadFaults(text: string, { file, ...world }: LoadFaultsOptions): Faults {
  const problems = new ProblemList(file, text.slice(0, CONFIG_TEXT_LENGTH_MAX));
  const document = parseYaml(text, problems);
  if (document === undefined) problems.finish();
  const tree = buildTree(document!, problems);
  if (problems.failed) problems.finish();
  if (tree.kind !== 'map' && !isNull(tree)) {
    problems.error(tree.range, 'faults are a map: write loss: 10%, or crashes: and a list below');
    problems.finish();
  }
  const data = toPlain(tree) as Faults | null;
  const found: PlaceProblem[] = [];
  readFaults(data, world, found);
  for (const problem of found) {
    problems.error(placeOf(tree, problem), problem.message, () => problem.suggestion);
  }
  problems.finish();
  return data ?? {};
}

function toPlain(value: YamlValue): unknown {
  if (value.kind === 'scalar') return value.value;
  if (value.kind === 'list') return value.items.map(toPlain);
  if (value.kind === 'broken') return null;
  const entries = Array.from(value.entries.values(), (entry) => [entry.key, toPlain(entry.value)]);
  return Object.fromEntries(entries) as object;
}

/** The place of a problem in the text: of the innermost thing on its path that was written. */
function placeOf(tree: YamlValue, { path, about }: PlaceProblem): TextRange {
  let place = tree;
  let range: TextRange = tree.kind === 'map' ? firstKey(tree) : tree.range;
  for (const [depth, part] of path.entries()) {
    const isLast = depth === path.length - 1;
    if (place.kind === 'list' && place.items[Number(part)] !== undefined) {
      place = place.items[Number(part)]!;
      range = place.range;
      continue;
    }
    const entry = place.kind === 'map' ? place.entries.get(String(part)) : undefined;
    if (entry === undefined) return range;
    place = entry.value;
    range = isLast && about === 'key' ? entry.keyRange : entryRange(entry);
  }
  return range;
}

function firstKey(tree: YamlValue & { readonly kind: 'map' }): TextRange {
  const [first] = tree.entries.values();
  return first?.keyRange ?? tree.range;
}
