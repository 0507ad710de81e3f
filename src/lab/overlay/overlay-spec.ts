/** What a large overlay is to be: every choice, checked. */

import { checkRules, VIEW_SIZE_MAX } from '../../algorithms/gbps/policy.ts';
import { sharesOf } from '../../algorithms/brahms/rounds.ts';
import type { Written } from '../../algorithms/roster.ts';
import type { OnFailed } from './gbps-engine.ts';
import type { Start } from './engine.ts';

/** The samplers. */
export const SAMPLERS = ['gbps', 'cyclon', 'brahms', 'basalt', 'hyparview'] as const;
/** Name of a sampler. */
export type SamplerName = (typeof SAMPLERS)[number];

/** Share of the living that dies after so many cycles. */
export interface Kill {
  readonly share: number;
  readonly cycle: number;
}

/** What may be chosen; what is left out has a value that the sampler's paper uses. */
export interface OverlayOptions {
  readonly sampler?: SamplerName;
  readonly nodes?: number;
  readonly viewSize?: number;
  readonly cycles?: number;
  readonly start?: Start;
  readonly kill?: Kill;
  /** Share of Byzantine nodes. */
  readonly byzantine?: number;
  /** Pushes of each of them a cycle. */
  readonly force?: number;
  readonly seed?: number;
  // gbps
  readonly heal?: number;
  readonly swap?: number;
  readonly selection?: 'rand' | 'old';
  readonly propagation?: 'push' | 'pushpull';
  readonly onFailed?: OnFailed;
  // basalt, and brahms that gives out its samples as basalt does
  readonly refresh?: number;
  /** Cycles between two refreshes. */
  readonly refreshEvery?: number;
  // basalt
  /** Without hit counters. */
  readonly uncounted?: boolean;
  // brahms
  /** Pushes, and pulls, of a round; 0 for what alpha and beta say. */
  readonly messages?: number;
  readonly samplerSize?: number;
  readonly alpha?: number;
  readonly beta?: number;
  readonly unlimited?: boolean;
}

/** The same, complete. */
export type OverlaySpec = Required<Omit<OverlayOptions, 'kill'>> & { readonly kill?: Kill };

/** The choices make no overlay. The message says which and why. */
export class OverlayError extends Error {
  override readonly name = 'OverlayError';
}

/** Nodes above which the arrays of one process would be too large to be made. */
const NODES_MAX = 10_000_000;
/** Slots of all views together: 2³¹ bytes of peers is what one typed array holds everywhere. */
const SLOTS_MAX = 500_000_000;

/** Which options are whose; those that are not named here are everybody's. */
const OWNERS: Partial<Record<keyof OverlayOptions, readonly SamplerName[]>> = {
  heal: ['gbps'],
  swap: ['gbps'],
  selection: ['gbps'],
  propagation: ['gbps', 'cyclon'],
  onFailed: ['gbps', 'cyclon'],
  refresh: ['basalt', 'brahms'],
  refreshEvery: ['basalt', 'brahms'],
  uncounted: ['basalt'],
  messages: ['brahms'],
  samplerSize: ['brahms'],
  alpha: ['brahms'],
  beta: ['brahms'],
  unlimited: ['brahms'],
  byzantine: ['gbps', 'cyclon', 'brahms', 'basalt'],
  force: ['gbps', 'cyclon', 'brahms', 'basalt'],
};

/** As the command line writes them. */
const FLAGS: Partial<Record<keyof OverlayOptions, string>> = {
  viewSize: '--view-size',
  samplerSize: '--sampler-size',
  onFailed: '--failed',
  refreshEvery: '--refresh-every',
};

/**
 * Fills in what was left out and checks the whole.
 *
 * @throws {OverlayError} naming the option as the command line does
 */
export function overlaySpec(options: OverlayOptions): OverlaySpec {
  const sampler = options.sampler ?? 'gbps';
  for (const [key, owners] of Object.entries(OWNERS)) {
    if (options[key as keyof OverlayOptions] === undefined || owners.includes(sampler)) continue;
    throw new OverlayError(`${flag(key)} means nothing to ${sampler}: ${reason(key, sampler)}`);
  }
  const viewSize = options.viewSize ?? (sampler === 'hyparview' ? 5 : 30);
  const heal = options.heal ?? 0;
  const spec: OverlaySpec = {
    sampler,
    viewSize,
    heal,
    nodes: options.nodes ?? 10_000,
    cycles: options.cycles ?? 100,
    start: options.start ?? (sampler === 'hyparview' ? 'growing' : 'random'),
    byzantine: options.byzantine ?? 0,
    force: options.force ?? 1,
    seed: options.seed ?? 1,
    swap: options.swap ?? Math.max(0, Math.floor(viewSize / 2) - heal),
    selection: options.selection ?? (sampler === 'cyclon' ? 'old' : 'rand'),
    propagation: options.propagation ?? 'pushpull',
    onFailed: options.onFailed ?? 'skip',
    refresh: options.refresh ?? (sampler === 'basalt' ? 1 : 0),
    refreshEvery: options.refreshEvery ?? 1,
    uncounted: options.uncounted ?? false,
    messages: options.messages ?? 0,
    samplerSize: options.samplerSize ?? viewSize,
    alpha: options.alpha ?? 0.45,
    beta: options.beta ?? 0.45,
    unlimited: options.unlimited ?? false,
    ...(options.kill === undefined ? {} : { kill: options.kill }),
  };
  checkSizes(spec);
  checkAdversary(spec, options);
  checkSampler(spec);
  return spec;
}

function checkSizes({ sampler, nodes, viewSize, cycles, start, kill }: OverlaySpec): void {
  whole('--nodes', nodes, 2, NODES_MAX);
  whole('--view-size', viewSize, 1, VIEW_SIZE_MAX);
  whole('--cycles', cycles, 0, 1_000_000);
  if (viewSize >= nodes) {
    throw new OverlayError(
      `--view-size ${viewSize} is no partial view of ${nodes} nodes: ` +
        `there are only ${nodes - 1} others to know`,
    );
  }
  if (viewSize * nodes > SLOTS_MAX) {
    throw new OverlayError(
      `--nodes ${nodes} with --view-size ${viewSize} are ${nodes * viewSize} links; ` +
        `${SLOTS_MAX} at most fit into one process`,
    );
  }
  if (kill !== undefined) {
    between('--kill', kill.share, 0, 1);
    whole('--kill: the cycle', kill.cycle, 0, cycles);
  }
  if (sampler === 'hyparview' ? start !== 'growing' : false) {
    throw new OverlayError(`--start ${start}: nodes of hyparview join one by one, that is growing`);
  }
  if (start === 'growing' && (sampler === 'brahms' || sampler === 'basalt')) {
    throw new OverlayError(
      `--start growing: nodes of ${sampler} need an unbiased first view to defend, ` +
        `and a newcomer that knows one node has none; use random or lattice`,
    );
  }
}

function checkAdversary({ byzantine, force, nodes }: OverlaySpec, given: OverlayOptions): void {
  between('--byzantine', byzantine, 0, 1);
  whole('--force', force, 0, 10_000);
  const bad = Math.round(byzantine * nodes);
  if (nodes - bad < 2) {
    throw new OverlayError(
      `--byzantine ${byzantine} leaves ${nodes - bad} correct nodes of ${nodes}`,
    );
  }
  if (given.force !== undefined && bad === 0) {
    throw new OverlayError('--force is the strength of Byzantine nodes: say --byzantine SHARE too');
  }
}

function checkSampler(spec: OverlaySpec): void {
  const { sampler, viewSize, heal, swap, selection, samplerSize, alpha, beta } = spec;
  try {
    if (sampler === 'gbps' || sampler === 'cyclon') {
      whole('--heal', heal, 0, viewSize);
      whole('--swap', swap, 0, viewSize);
      checkRules({ viewSize, heal, swap, selection }, onCommandLine);
    } else if (sampler === 'brahms') {
      whole('--sampler-size', samplerSize, 1, VIEW_SIZE_MAX);
      between('--alpha', alpha, 0, 1);
      between('--beta', beta, 0, 1);
      sharesOf({ viewSize, samplerSize, alpha, beta, limited: true }, onCommandLine);
      whole('--messages', spec.messages, 0, viewSize);
      checkRefresh(spec, samplerSize);
    } else if (sampler === 'basalt') {
      checkRefresh(spec, viewSize);
    }
  } catch (error) {
    if (error instanceof RangeError) throw new OverlayError(error.message, { cause: error });
    throw error;
  }
}

const onCommandLine: Written = (setting, value) => `--${setting.replaceAll('_', '-')} ${value}`;

function checkRefresh({ refresh, refreshEvery }: OverlaySpec, slots: number): void {
  whole('--refresh', refresh, 0, slots);
  whole('--refresh-every', refreshEvery, 1, 1_000_000);
}

function whole(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new OverlayError(`${name} must be a whole number from ${min} to ${max}, not ${value}`);
}

function between(name: string, value: number, min: number, max: number): void {
  if (value >= min && value <= max) return;
  throw new OverlayError(`${name} must be a number from ${min} to ${max}, not ${value}`);
}

function flag(key: string): string {
  return FLAGS[key as keyof OverlayOptions] ?? `--${key}`;
}

function reason(key: string, sampler: SamplerName): string {
  if (sampler === 'cyclon') return 'cyclon is gbps with selection old, heal 0 and swap half a view';
  if (key === 'byzantine' || key === 'force') return 'it has no defence to be measured';
  return `it belongs to ${OWNERS[key as keyof OverlayOptions]!.join(' and ')}`;
}
