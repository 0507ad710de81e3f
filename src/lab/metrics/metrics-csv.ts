/** The numbers of a run as a table for other programs: RFC 4180. */

import { csvCell } from '../trace/csv-cell.ts';
import type { MetricTable } from './run-metrics.ts';

/** One row a point, one column a line: `time_ms`, then `Latency (ms) p50` and so on. */
export function metricsCsv({ times, metrics, fields }: MetricTable): string {
  const columns = [...metrics, ...fields].flatMap(({ name, unit, lines }) =>
    lines.map((line) => ({
      title: `${name}${unit === '' ? '' : ` (${unit})`} ${line.name}`,
      values: line.values,
    })),
  );
  const rows = times.map((time, point) =>
    [time, ...columns.map(({ values }) => values[point] ?? '')].join(','),
  );
  return [['time_ms', ...columns.map(({ title }) => csvCell(title))].join(','), ...rows, ''].join(
    '\r\n',
  );
}
