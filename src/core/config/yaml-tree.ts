/** YAML as a tree in which aliases and merges are resolved and every key and value knows where it was written. */

import type { TextRange } from './problem-list.ts';

/** Any value of a configuration. */
export type YamlValue = YamlScalar | YamlList | YamlMap | YamlBroken;

interface Written {
  readonly range: TextRange;
  /** Number of values in it, itself included, aliases expanded. */
  readonly size: number;
  /** Levels in it. */
  readonly depth: number;
}

/** Null, a boolean, a number or a text; `source` is how it was written, without quotes. */
export interface YamlScalar extends Written {
  readonly kind: 'scalar';
  readonly value: null | boolean | number | string;
  readonly source: string;
}

/** A list. */
export interface YamlList extends Written {
  readonly kind: 'list';
  readonly items: readonly YamlValue[];
}

/** A map, merges done. */
export interface YamlMap extends Written {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, YamlEntry>;
}

/** Stands for something that was reported already: nobody complains of it twice. */
export interface YamlBroken extends Written {
  readonly kind: 'broken';
}

/** One key and its value. */
export interface YamlEntry {
  readonly key: string;
  readonly keyRange: TextRange;
  readonly value: YamlValue;
}

/** Deepest nesting accepted. The parser recurses, and an engine that runs out of stack in it can die without an error. */
export const NESTING_MAX = 64;

/** The place of an entry's value, or of its key when nothing is written there. */
export function entryRange({ keyRange, value }: YamlEntry): TextRange {
  return value.range[0] === value.range[1] ? keyRange : value.range;
}

/** True for a value that is missing, `~` or `null`. */
export function isNull(value: YamlValue): boolean {
  return value.kind === 'scalar' && value.value === null;
}

/** A scalar as the text that was written: YAML reads the name `01` as a number. */
export function textOf({ value, source }: YamlScalar): string {
  return typeof value === 'string' ? value : source;
}
