/** `parley average`: runs it and prints a line a cycle. */

import { AverageError, average, type AverageRow } from '../../lab/overlay/averaging.ts';
import { OverlayError } from '../../lab/overlay/overlay-spec.ts';
import type { AverageCommandOptions } from './average-options.ts';
import { EXIT_STATUS, UsageError } from '../failures.ts';

/** Runs and prints; the exit status. */
export function averageCommand({ json, ...spec }: AverageCommandOptions): number {
  const rows: AverageRow[] = [];
  try {
    for (const row of average(spec)) {
      if (json !== true)
        process.stdout.write(rows.length === 0 ? `${HEADING}${line(row)}` : line(row));
      rows.push(row);
    }
  } catch (error) {
    if (!(error instanceof AverageError || error instanceof OverlayError)) throw error;
    throw new UsageError(error.message, { cause: error });
  }
  const { variance, drift } = rows.at(-1)!;
  const mean_ratio = meanRatio(rows);
  if (json === true) {
    const { rule, nodes, cycles, seed } = spec;
    process.stdout.write(
      `${JSON.stringify({ rule, nodes, cycles, seed, mean_ratio, variance, drift, rows })}\n`,
    );
  } else {
    process.stdout.write(
      `\na cycle leaves ${mean_ratio.toFixed(3)} of the variance; the mean moved by ${drift.toExponential(1)}\n`,
    );
  }
  return EXIT_STATUS.ok;
}

/** The geometric mean of the ratios: what a cycle leaves, on average. */
function meanRatio(rows: readonly AverageRow[]): number {
  const first = rows[0]!.variance / rows[0]!.ratio;
  return Math.pow(rows.at(-1)!.variance / first, 1 / rows.length);
}

const HEADING = ' cycle     variance   ratio        drift\n';

function line({ cycle, variance, ratio, drift }: AverageRow): string {
  const cells = [
    variance.toExponential(3).padStart(12),
    ratio.toFixed(3).padStart(7),
    drift.toExponential(1).padStart(12),
  ];
  return `${String(cycle).padStart(6)} ${cells.join(' ')}\n`;
}
