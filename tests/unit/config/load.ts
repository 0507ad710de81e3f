/** What the tests of configurations share. */

import * as v from 'valibot';
import {
  defineAlgorithm,
  type AnyDefinition,
  type ChildClass,
  type ChildRecord,
} from '../../../src/core/algorithm.ts';
import { loadConfig, type RunConfig } from '../../../src/core/config/load-config.ts';
import { ConfigError, printProblem } from '../../../src/core/config/config-error.ts';
import type { Fields } from '../../../src/core/schema.ts';

/** A definition made as algorithms make theirs. */
export function define(
  name: string,
  settings: Fields = {},
  children: Record<string, AnyDefinition> = {},
): AnyDefinition {
  const classes = Object.entries(children).map(([child, definition]) => {
    return [child, { definition } as unknown as ChildClass] as const;
  });
  const record: ChildRecord = Object.fromEntries(classes);
  return defineAlgorithm(name, { settings, children: record }).definition;
}

/** An algorithm without settings. */
export const BARE = define('bare');

/** One optional setting of each type. */
export const ANY = define('any', {
  flag: v.optional(v.boolean(), false),
  hops: v.optional(v.number(), 7),
  text: v.optional(v.string()),
  words: v.optional(v.array(v.string()), []),
});

/** Loads what must load. */
export function load(text: string, definition = BARE, strict = false): RunConfig {
  return loadConfig(text, definition, { file: 'a.yaml', strict });
}

/** The problems of a text as a terminal prints them, warnings of one that loads included. */
export function problemsOf(text: string, definition = BARE, strict = false): readonly string[] {
  return errorOf(() => load(text, definition, strict))?.message.split('\n') ?? warningsOf();

  function warningsOf() {
    return load(text, definition, strict).warnings.map(printProblem);
  }
}

/** The ConfigError that `action` throws. */
export function errorOf(action: () => unknown): ConfigError | undefined {
  try {
    action();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  return undefined;
}

/** The settings of the first node. */
export function settingsOf(text: string, definition: AnyDefinition): Record<string, unknown> {
  return { ...load(text, definition).nodes[0]!.settings.own };
}
