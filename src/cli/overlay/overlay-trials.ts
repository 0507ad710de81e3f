/** What `parley overlay` tries with a network when its cycles are over: removals, and broadcasts after a crash. */

import { Random } from '../../core/random.ts';
import type { OverlayEngine } from '../../lab/overlay/engine.ts';
import { HyparviewEngine } from '../../lab/overlay/hyparview-engine.ts';
import type { OverlaySpec } from '../../lab/overlay/overlay-spec.ts';
import { reliabilityOf } from '../../lab/overlay/reliability.ts';
import { removeAtRandom } from '../../lab/overlay/removal.ts';
import { UsageError } from '../failures.ts';
import type { OverlayCommandOptions } from './overlay-options.ts';

/** What was found, as `--json` has it. */
interface Found {
  removal?: {
    readonly first_partition: {
      readonly min: number;
      readonly median: number;
      readonly max: number;
    };
    /** Nodes outside the largest part, by the share that is gone. */
    readonly outside: Readonly<Record<string, number>>;
  };
  reliability?: number;
}

/** Trials of one run. */
export interface Trials {
  readonly found: Found;
  run(engine: OverlayEngine): void;
  lines(): string;
}

/** @throws {UsageError} when a trial means nothing to the sampler, or belongs to another option */
export function trialsOf(
  {
    removals = 0,
    crash,
    broadcasts,
    noticing,
  }: Pick<
    { [K in keyof OverlayCommandOptions]: OverlayCommandOptions[K] | undefined },
    'removals' | 'crash' | 'broadcasts' | 'noticing'
  >,
  { sampler, seed }: OverlaySpec,
): Trials {
  if (crash !== undefined && sampler !== 'hyparview') {
    throw new UsageError(
      `--crash is a trial of hyparview, whose views are what messages travel over; ${sampler} has --kill`,
    );
  }
  if (crash === undefined && (broadcasts !== undefined || noticing !== undefined)) {
    throw new UsageError('--broadcasts and --noticing belong to --crash SHARE');
  }
  const found: Found = {};
  return {
    found,
    run(engine) {
      if (removals > 0) {
        const random = Random.stream(seed, 'overlay/removal');
        const { firstPartitions: all, outside } = removeAtRandom(engine, removals, random);
        const first_partition = { min: all[0]!, median: all[all.length >> 1]!, max: all.at(-1)! };
        found.removal = { first_partition, outside };
      }
      if (crash !== undefined && engine instanceof HyparviewEngine) {
        const trial = {
          crash,
          noticing: noticing ?? 'at-once',
          messages: broadcasts ?? 100,
        } as const;
        found.reliability = reliabilityOf(engine, trial, Random.stream(seed, 'overlay/crash'));
      }
    },
    lines() {
      const { removal, reliability } = found;
      const lines: string[] = [];
      if (removal !== undefined) {
        const { min, median, max } = removal.first_partition;
        const outside = Object.entries(removal.outside).map(
          ([share, nodes]) => `${nodes.toFixed(2)} at ${share}`,
        );
        lines.push(
          `first partition when ${percent(min)} to ${percent(max)} are gone, median ${percent(median)}; outside the largest part ${outside.join(', ')}`,
        );
      }
      if (reliability !== undefined)
        lines.push(`a message reaches ${reliability.toFixed(4)} of those who are left`);
      return lines.map((line) => `${line}\n`).join('');
    },
  };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
