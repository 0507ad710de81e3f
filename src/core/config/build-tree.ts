/**
 * Resolves aliases and merges.
 *
 * An aliased value is shared, not copied: it keeps the place of its anchor, and its size is counted at every use, so that a
 * few lines of aliases cannot grow into gigabytes (the parser's own `maxAliasCount` counts uses instead, and would refuse a
 * hundred nodes with one template).
 */

import { isAlias, isMap, isScalar, isSeq, type Document, type Scalar, type YAMLMap } from 'yaml';
import { nearest } from '../nearest-name.ts';
import type { ProblemList, TextRange } from './problem-list.ts';
import {
  NESTING_MAX,
  textOf,
  type YamlBroken,
  type YamlEntry,
  type YamlMap,
  type YamlScalar,
  type YamlValue,
} from './yaml-tree.ts';

/** Most values that aliases may add up to; beyond it a small text would fill the memory. */
export const EXPANDED_VALUES_MAX = 1_000_000;

/**
 * Builds the tree of a parsed document; what is wrong in it goes to `problems`.
 *
 * @throws {ConfigError} at once when aliases expand beyond {@link EXPANDED_VALUES_MAX}
 */
export function buildTree(document: Document, problems: ProblemList): YamlValue {
  return new TreeBuilder(problems).value(document.contents, [0, 0]);
}

class TreeBuilder {
  readonly #problems: ProblemList;
  /** Undefined while the anchored value is being built. */
  readonly #anchors = new Map<string, YamlValue | undefined>();
  #expanded = 0;
  #level = 0;

  constructor(problems: ProblemList) {
    this.#problems = problems;
  }

  /** `place` is where a missing value would stand. */
  value(node: unknown, place: TextRange): YamlValue {
    const range = rangeOf(node, place);
    this.#level++;
    const built = isAlias(node) ? this.#alias(node.source, range) : this.#anchored(node, range);
    this.#level--;
    return built;
  }

  #anchored(node: unknown, range: TextRange): YamlValue {
    const anchor = isScalar(node) || isSeq(node) || isMap(node) ? node.anchor : undefined;
    if (anchor !== undefined) this.#anchors.set(anchor, undefined);
    const built = this.#build(node, range);
    if (anchor !== undefined) this.#anchors.set(anchor, built);
    return built;
  }

  #build(node: unknown, range: TextRange): YamlValue {
    if (this.#level > NESTING_MAX) return this.#tooDeep(range);
    if (isScalar(node)) return scalar(node, range);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.value(item, range));
      return { kind: 'list', range, items, ...measure(items) };
    }
    return isMap(node) ? this.#map(node, range) : nothing(range);
  }

  #map(node: YAMLMap, range: TextRange): YamlValue {
    const entries = new Map<string, YamlEntry>();
    const merged: YamlMap[] = [];
    for (const { key: keyNode, value: valueNode } of node.items) {
      const key = this.value(keyNode, range);
      const value = this.value(valueNode, [key.range[1], key.range[1]]);
      if (key.kind === 'broken') continue;
      if (key.kind !== 'scalar') {
        this.#problems.error(key.range, 'a key is a word or a number, not a list or a map');
      } else if (isMergeKey(keyNode)) {
        merged.push(...this.#mergeSources(value, key.range));
      } else {
        this.#addEntry(entries, { key: textOf(key), keyRange: rangeOf(keyNode, range), value });
      }
    }
    // What is written in the block itself wins, then the first of several merged maps.
    for (const source of merged) {
      for (const [key, entry] of source.entries) if (!entries.has(key)) entries.set(key, entry);
    }
    const values = [...entries.values()].map((entry) => entry.value);
    return { kind: 'map', range, entries, ...measure(values) };
  }

  #addEntry(entries: Map<string, YamlEntry>, entry: YamlEntry): void {
    const { key, keyRange } = entry;
    if (entries.has(key)) this.#problems.error(keyRange, `'${key}' is written twice; remove one`);
    else if (key === '__proto__') this.#problems.error(keyRange, "no key may be '__proto__'");
    else entries.set(key, entry);
  }

  #mergeSources(value: YamlValue, keyRange: TextRange): readonly YamlMap[] {
    const sources = value.kind === 'list' ? value.items : [value];
    return sources.filter((source) => {
      if (source.kind !== 'map' && source.kind !== 'broken') {
        const range = source.range[0] === source.range[1] ? keyRange : source.range;
        this.#problems.error(range, "'<<' merges a map or a list of maps: <<: *name");
      }
      return source.kind === 'map';
    }) as readonly YamlMap[];
  }

  #alias(name: string, range: TextRange): YamlValue {
    const target = this.#anchors.get(name);
    if (target === undefined) {
      const inside = this.#anchors.has(name);
      const message = inside
        ? `*${name} stands inside of what it names; move it out`
        : `*${name} names nothing: there is no &${name} above`;
      const suggest = () => (inside ? undefined : nearest(name, this.#anchors.keys()));
      this.#problems.error(range, message, suggest);
      return broken(range);
    }
    if (this.#level - 1 + target.depth > NESTING_MAX) return this.#tooDeep(range);
    this.#expanded += target.size;
    if (this.#expanded > EXPANDED_VALUES_MAX) {
      const message = `the aliases expand to more than ${EXPANDED_VALUES_MAX} values; use fewer`;
      this.#problems.error(range, message);
      this.#problems.finish();
    }
    return target;
  }

  #tooDeep(range: TextRange): YamlBroken {
    this.#problems.error(range, `nested more than ${NESTING_MAX} levels deep`);
    return broken(range);
  }
}

function scalar(node: Scalar, range: TextRange): YamlScalar {
  const { value: read, source = '' } = node;
  const simple = read === null || typeof read === 'boolean' || typeof read === 'number';
  const value = simple || typeof read === 'string' ? read : source;
  return { kind: 'scalar', range, value, source, size: 1, depth: 1 };
}

function nothing(range: TextRange): YamlScalar {
  return { kind: 'scalar', range, value: null, source: '', size: 1, depth: 1 };
}

function broken(range: TextRange): YamlBroken {
  return { kind: 'broken', range, size: 1, depth: 1 };
}

function isMergeKey(node: unknown): boolean {
  return isScalar(node) && node.type === 'PLAIN' && node.value === '<<';
}

function measure(values: readonly YamlValue[]): { readonly size: number; readonly depth: number } {
  let size = 1;
  let depth = 0;
  for (const value of values) {
    size += value.size;
    depth = Math.max(depth, value.depth);
  }
  return { size, depth: depth + 1 };
}

function rangeOf(node: unknown, otherwise: TextRange): TextRange {
  const range = (node as { range?: readonly [number, number, number] | null } | null)?.range;
  return range ? [range[0], range[1]] : otherwise;
}
