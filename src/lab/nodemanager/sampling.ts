/** The sampler of a file: its name, and its parameters, inline or in a file of their own. */

import * as v from 'valibot';
import { SAMPLING } from '../../algorithms/sampling.ts';
import { messageOf } from '../../core/errors.ts';
import type { Block } from './block.ts';
import type { Surroundings } from './read-nodemanager.ts';
import { checkSampling } from './sampling-check.ts';

/** A sampler and its parameters, by our names. */
export interface Sampling {
  readonly algorithm: keyof typeof SAMPLING;
  readonly params: Readonly<Record<string, unknown>>;
}

const NAMES = Object.keys(SAMPLING) as readonly (keyof typeof SAMPLING)[];

/**
 * @param nodes of the run, for which the parameters must be right
 * @param isStatic the file has a topology, and where it says no more that is all there is
 */
export function readSampling(
  file: Block,
  network: Block,
  surroundings: Surroundings,
  nodes: readonly string[],
  isStatic: boolean,
): Sampling {
  const block = network.block('sampling').isThere
    ? network.block('sampling')
    : file.block('sampling');
  const isEnabled = network.setting('enable_sampling', v.optional(v.boolean(), true));
  const written = block.setting(
    'algorithm',
    v.optional(v.pipe(v.string(), v.toLowerCase(), v.picklist(NAMES))),
  );
  const mode = file
    .block('topology')
    .setting('mode', v.optional(v.picklist(['dynamic', 'static'])));
  const given = { ...fromFile(block, surroundings), ...inline(block) };
  const isOff = !isEnabled || mode === 'static' || (isStatic && !block.isThere);
  const algorithm = isOff ? 'static' : (written ?? 'gbps');
  const sampling = { algorithm, params: ofSampler(algorithm, given, block) };
  checkSampling(sampling, block, nodes);
  return sampling;
}

/** Parameters stand in `params`, or beside the name. Those that are written win over those of a file. */
function inline(block: Block): Readonly<Record<string, unknown>> {
  const params = block.block('params').plain();
  const beside = Object.fromEntries(
    Object.entries(block.plain()).filter(
      ([key]) => !['algorithm', 'config_file', 'params'].includes(key),
    ),
  );
  return { ...beside, ...params };
}

/** A file that is not there is no reason to stop: what is written inline, and the defaults, are enough. */
function fromFile(block: Block, { read }: Surroundings): Readonly<Record<string, unknown>> {
  const entry = block.entry('config_file');
  if (entry === undefined) return {};
  const path = block.setting('config_file', v.optional(v.string(), ''));
  const text = read(path);
  if (text === undefined) {
    block.problems.add(
      'warning',
      entry.value.range,
      `there is no file ${path}: what is written here counts, and defaults`,
    );
    return {};
  }
  try {
    const {
      algorithm: _,
      params,
      ...beside
    } = v.parse(v.looseObject({}), JSON.parse(text)) as Record<string, unknown>;
    return { ...beside, ...(typeof params === 'object' ? params : {}) };
  } catch (error) {
    block.problems.error(entry.value.range, `${path} is no JSON object: ${messageOf(error)}`);
    return {};
  }
}

/** A file may have the parameters of all samplers; those of the others count for nothing. */
function ofSampler(
  algorithm: keyof typeof SAMPLING,
  given: Readonly<Record<string, unknown>>,
  block: Block,
): Readonly<Record<string, unknown>> {
  const own = SAMPLING[algorithm].definition.settings;
  const foreign = Object.keys(given).filter((key) => !Object.hasOwn(own, key));
  const entry = block.entry('params') ?? block.entry('algorithm');
  if (foreign.length > 0 && algorithm !== 'static' && entry !== undefined) {
    block.problems.add(
      'warning',
      entry.keyRange,
      `${algorithm} has no ${foreign.join(', ')}: left out`,
    );
  }
  return Object.fromEntries(Object.entries(given).filter(([key]) => Object.hasOwn(own, key)));
}
