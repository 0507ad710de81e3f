/** What a file's parameters are to the sampler that takes them: what is wrong, or odd, with its place in this file. */

import { SAMPLING } from '../../algorithms/sampling.ts';
import type { AnyDefinition } from '../../core/algorithm.ts';
import type { TextRange } from '../../core/config/problem-list.ts';
import { entryRange } from '../../core/config/yaml-tree.ts';
import { check, explain } from '../../core/schema.ts';
import type { Block } from './block.ts';
import type { Sampling } from './sampling.ts';

/** Adds to the block's problems what the sampler says of its parameters, in a network of these nodes. */
export function checkSampling(
  { algorithm, params }: Sampling,
  block: Block,
  nodes: readonly string[],
): void {
  const { settings, checkSettings }: AnyDefinition = SAMPLING[algorithm].definition;
  const [id = '', ...neighbours] = nodes;
  const values: Record<string, unknown> = {};
  let isRead = true;
  for (const [name, schema] of Object.entries(settings)) {
    const { value, issues } = { value: undefined, ...check(schema, params[name]) };
    values[name] = value;
    if (issues === undefined) continue;
    isRead = false;
    block.problems.error(placeOf(name, block), `'${name}': ${explain(issues)}`);
  }
  if (!isRead) return;
  const said = checkSettings?.(values, { id, nodes, neighbours }) ?? [];
  for (const { setting, text, severity } of said) {
    // A default that does not suit the network is nobody's mistake.
    if (severity === 'warning' && !(setting in params)) continue;
    block.problems.add(severity, placeOf(setting, block), text);
  }
}

/** Where a parameter is written: below `params`, beside the name of the sampler, or in the file that is named here. */
function placeOf(setting: string, block: Block): TextRange {
  const written =
    block.block('params').entry(setting) ??
    block.entry(setting) ??
    block.entry('config_file') ??
    block.entry('params') ??
    block.entry('algorithm');
  return written === undefined ? [0, 0] : entryRange(written);
}
