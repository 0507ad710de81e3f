/** One block of a node against the definition of an algorithm, and the blocks in it against its children's. */

import type { AnyDefinition } from '../algorithm.ts';
import { messageOf } from '../errors.ts';
import { nearest } from '../nearest-name.ts';
import { check, explain, type Schema } from '../schema.ts';
import type { SettingsSeat } from '../settings-check.ts';
import type { ProblemList, TextRange } from './problem-list.ts';
import { readSetting } from './setting-value.ts';
import { entryRange, isNull, type YamlEntry, type YamlMap } from './yaml-tree.ts';

/** The settings of an algorithm at one node, and those of the layers below it. */
export interface SettingsTree {
  /** Validated, defaults filled in. */
  readonly own: Readonly<Record<string, unknown>>;
  /** By the child's name, every child present. */
  readonly children: Readonly<Record<string, SettingsTree>>;
}

/** Where a block belongs, and what becomes of its problems. */
export interface BlockContext {
  readonly seat: SettingsSeat;
  /** Names of the children from the top, joined by dots; '' for the node's own block. */
  readonly path: string;
  /** Where something that is missing ought to be. */
  readonly range: TextRange;
  /** Keys that have a meaning of their own in this block. */
  readonly reserved: readonly string[];
  /** What something odd is that does not keep a run from being: an unknown key, a setting that does not suit the network. */
  readonly oddities: 'error' | 'warning';
  readonly problems: ProblemList;
}

/** Accepted because configurations of older systems have them, never proposed: nodes have no ports. */
const MEANINGLESS_KEYS: ReadonlySet<string> = new Set(['host', 'port']);

/** In the block of a layer that may be chosen: by which name. */
export const CHOICE_KEY = 'algorithm';

/** Checks one block; `block` is undefined when none was written. */
export function checkBlock(
  block: YamlMap | undefined,
  definition: AnyDefinition,
  context: BlockContext,
): SettingsTree {
  checkKeys(block, definition, context);
  const own: Record<string, unknown> = {};
  const { errors } = context.problems;
  let isRead = true;
  for (const [name, schema] of Object.entries(definition.settings)) {
    const entry = block?.entries.get(name);
    const value =
      entry === undefined
        ? missingSetting(name, schema, context)
        : readSetting(entry, schema, joined(context.path, name), context.problems);
    if (value !== undefined) own[name] = value;
    else if (entry !== undefined) isRead = false;
  }
  // Where one is wrong by itself, there is nothing to say of all of them.
  if (isRead && context.problems.errors === errors) checkTogether(own, block, definition, context);
  const children: Record<string, SettingsTree> = {};
  for (const [name, child] of Object.entries(definition.children)) {
    children[name] = checkChild(block?.entries.get(name), child.definition, {
      ...context,
      path: joined(context.path, name),
      reserved: definition.choices?.[name] === undefined ? [] : [CHOICE_KEY],
    });
  }
  return { own, children };
}

/** Settings that are fine one by one. */
function checkTogether(
  own: Readonly<Record<string, unknown>>,
  block: YamlMap | undefined,
  { checkSettings }: AnyDefinition,
  { seat, path, range, oddities, problems }: BlockContext,
): void {
  for (const { setting, text, severity } of checkSettings?.(own, seat) ?? []) {
    const entry = block?.entries.get(setting);
    // A default that does not suit the network is nobody's mistake.
    if (entry === undefined && severity === 'warning') continue;
    const message = path === '' ? text : `'${path}': ${text}`;
    const told = severity === 'error' ? 'error' : oddities;
    problems.add(told, entry === undefined ? range : entryRange(entry), message);
  }
}

function checkChild(
  entry: YamlEntry | undefined,
  definition: AnyDefinition,
  context: BlockContext,
): SettingsTree {
  if (entry === undefined || isNull(entry.value)) return checkBlock(undefined, definition, context);
  const { value, keyRange } = entry;
  if (value.kind === 'map') return checkBlock(value, definition, { ...context, range: keyRange });
  if (value.kind !== 'broken') {
    const message = `'${context.path}' is a layer: write its settings below it, indented`;
    context.problems.error(entryRange(entry), message);
  }
  return { own: {}, children: {} };
}

function checkKeys(
  block: YamlMap | undefined,
  { name, settings, children }: AnyDefinition,
  { path, reserved, oddities, problems }: BlockContext,
): void {
  const names = [...Object.keys(settings), ...Object.keys(children)];
  const known = new Set([...names, ...reserved]);
  const candidates = [...known].filter((key) => !MEANINGLESS_KEYS.has(key));
  for (const { key, keyRange } of block?.entries.values() ?? []) {
    if (known.has(key)) continue;
    const place = path === '' ? '' : ` in '${path}'`;
    const suggestion = nearest(key, candidates);
    const takes = names.length === 0 ? 'no settings' : names.join(', ');
    const help = suggestion === undefined ? `; ${name} takes ${takes}` : '';
    problems.add(oddities, keyRange, `unknown key '${key}'${place}${help}`, () => suggestion);
  }
}

/** The default of a setting that is not written. */
function missingSetting(name: string, schema: Schema, context: BlockContext): unknown {
  const { seat, path, range, problems } = context;
  try {
    const result = check(schema, undefined);
    if (result.issues === undefined) return result.value;
    const message = `${seat.id} lacks the required setting '${joined(path, name)}'`;
    problems.error(range, `${message}: ${explain(result.issues)}`);
  } catch (error) {
    problems.error(range, `'${joined(path, name)}': ${messageOf(error)}`);
  }
  return undefined;
}

function joined(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
