/** A block of a file: its settings are taken one by one, and what nobody has taken at the end is complained of. */

import type { ProblemList } from '../../core/config/problem-list.ts';
import { readSetting } from '../../core/config/setting-value.ts';
import {
  entryRange,
  isNull,
  type YamlEntry,
  type YamlMap,
  type YamlValue,
} from '../../core/config/yaml-tree.ts';
import { nearest } from '../../core/nearest-name.ts';
import { check, type Schema } from '../../core/schema.ts';

/** One block; without a map behind it every setting has its default. */
export class Block {
  readonly #map: YamlMap | undefined;
  readonly #name: string;
  readonly #problems: ProblemList;
  readonly #taken = new Map<string, Block | undefined>();

  constructor(map: YamlMap | undefined, name: string, problems: ProblemList) {
    this.#map = map;
    this.#name = name;
    this.#problems = problems;
  }

  /** True when it was written. */
  get isThere(): boolean {
    return this.#map !== undefined;
  }

  get problems(): ProblemList {
    return this.#problems;
  }

  /** The entry under a key, taken; undefined when there is none or nothing in it. */
  entry(key: string): YamlEntry | undefined {
    const entry = this.#map?.entries.get(key);
    // A block that was made of it remembers what was taken of that.
    if (!this.#taken.has(key)) this.#taken.set(key, undefined);
    return entry === undefined || isNull(entry.value) ? undefined : entry;
  }

  /** The names that nobody has taken yet. */
  get rest(): readonly string[] {
    return [...(this.#map?.entries.keys() ?? [])].filter((key) => !this.#taken.has(key));
  }

  /** A setting, validated; its default where it is not written or wrong. */
  setting<I, O>(key: string, schema: Schema<I, O>): O {
    const entry = this.entry(key);
    const absent = () => (check(schema, undefined) as { readonly value: O }).value;
    if (entry === undefined) return absent();
    return (
      (readSetting(entry, schema, this.#path(key), this.#problems) as O | undefined) ?? absent()
    );
  }

  /** A block in it; an empty one where there is none. The same key gives the same block. */
  block(key: string): Block {
    const known = this.#taken.get(key);
    if (known !== undefined) return known;
    const entry = this.entry(key);
    if (entry !== undefined && entry.value.kind !== 'map' && entry.value.kind !== 'broken') {
      this.#problems.error(
        entryRange(entry),
        `'${this.#path(key)}' is a block: write its settings below it, indented`,
      );
    }
    const map = entry?.value.kind === 'map' ? entry.value : undefined;
    const block = new Block(map, this.#path(key), this.#problems);
    this.#taken.set(key, block);
    return block;
  }

  /** Everything in it as plain data, taken. */
  plain(): Readonly<Record<string, unknown>> {
    for (const key of this.rest) this.#taken.set(key, undefined);
    return this.#map === undefined ? {} : (plain(this.#map) as Record<string, unknown>);
  }

  /** Warns of what is written at this path (`network.yamux`), once, and takes it. */
  ignore(path: readonly string[], why: string): void {
    const [key, ...inner] = path;
    if (inner.length > 0) {
      if (this.#map?.entries.has(key!) === true) this.block(key!).ignore(inner, why);
      return;
    }
    if (this.#taken.has(key!)) return;
    // Taken even where it is not written: it may be what a misspelt key was meant to be.
    const entry = this.entry(key!);
    if (entry !== undefined) this.warn(entry, why);
  }

  /** A warning at an entry. */
  warn(entry: YamlEntry, why: string): void {
    this.#problems.add(
      'warning',
      entry.keyRange,
      `'${this.#path(entry.key)}' has no effect: ${why}`,
    );
  }

  /** Warns of everything that nobody has taken, in this block and those in it. */
  complainOfRest(): void {
    for (const key of this.rest) {
      const { keyRange } = this.#map!.entries.get(key)!;
      const place = this.#name === '' ? '' : ` in '${this.#name}'`;
      this.#problems.add('warning', keyRange, `unknown key '${key}'${place}`, () =>
        nearest(key, this.#taken.keys()),
      );
    }
    for (const block of this.#taken.values()) block?.complainOfRest();
  }

  #path(key: string): string {
    return this.#name === '' ? key : `${this.#name}.${key}`;
  }
}

function plain(value: YamlValue): unknown {
  if (value.kind === 'scalar') return value.value;
  if (value.kind === 'list') return value.items.map(plain);
  if (value.kind === 'broken') return null;
  return Object.fromEntries(
    Array.from(value.entries.values(), (entry) => [entry.key, plain(entry.value)]),
  );
}
