/** Layers that the configuration chooses: `sampling: { algorithm: cyclon }` puts that sampler under the application. */

import type { AlgorithmClass, ChildRecord } from '../algorithm.ts';
import { nearest } from '../nearest-name.ts';
import { withParts } from '../parts.ts';
import { readNodeEntries } from './node-entries.ts';
import { CONFIG_TEXT_LENGTH_MAX } from './parse-yaml.ts';
import { ProblemList } from './problem-list.ts';
import { CHOICE_KEY } from './settings.ts';
import { entryRange, isNull, textOf, type YamlEntry } from './yaml-tree.ts';

/**
 * The algorithm with the layers that a configuration chooses; itself where it leaves nothing open, or nobody chooses.
 *
 * @param text the configuration; whatever else is wrong in it is for `loadConfig` to say
 * @throws {ConfigError} with the place, when a choice is none, or two nodes choose differently
 */
export function withChosenLayers(
  algorithm: AlgorithmClass,
  text: string,
  file: string,
): AlgorithmClass {
  const { children, choices } = algorithm.definition;
  if (choices === undefined) return algorithm;
  const nodes = [...readNodeEntries(text, new ProblemList(file, head(text))).values()];
  const problems = new ProblemList(file, head(text));
  const chosen: Record<string, AlgorithmClass> = { ...children };
  for (const [child, options] of Object.entries(choices)) {
    const written = nodes.flatMap((node) => choiceOf(node, child) ?? []);
    const name = agreed(written, child, options, problems);
    if (name !== undefined) chosen[child] = options[name]!;
  }
  problems.finish();
  const isSame = Object.entries(children).every(([child, one]) => chosen[child] === one);
  return isSame ? algorithm : withParts(algorithm, chosen);
}

function choiceOf({ value }: YamlEntry, child: string): YamlEntry | undefined {
  const block = value.kind === 'map' ? value.entries.get(child)?.value : undefined;
  const entry = block?.kind === 'map' ? block.entries.get(CHOICE_KEY) : undefined;
  return entry === undefined || isNull(entry.value) ? undefined : entry;
}

function agreed(
  written: readonly YamlEntry[],
  child: string,
  options: ChildRecord,
  problems: ProblemList,
): string | undefined {
  const names = Object.keys(options);
  let first: string | undefined;
  for (const entry of written) {
    const name = entry.value.kind === 'scalar' ? textOf(entry.value) : undefined;
    const place = `'${child}.${CHOICE_KEY}'`;
    if (name === undefined || !Object.hasOwn(options, name)) {
      problems.error(entryRange(entry), `${place} is one of ${names.join(', ')}`, () =>
        nearest(name ?? '', names),
      );
    } else if (first !== undefined && options[name] !== options[first]) {
      problems.error(
        entryRange(entry),
        `${place}: all nodes of a run have the same, and an earlier one has ${first}`,
      );
    } else {
      first = name;
    }
  }
  return first;
}

function head(text: string): string {
  return text.slice(0, CONFIG_TEXT_LENGTH_MAX);
}
