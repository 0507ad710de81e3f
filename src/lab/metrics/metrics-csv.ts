/** The numbers of a run as a table for other programs: RFC 4180. */

import { csvCell } from '../trace/csv-cell.ts';
import type { MetricTable } from './run-metrics.ts';

/** One row a point, one column a line: `time_ms`, then `Latency (ms) p50` and so on; charts of a dashboard bear its name before theirs. */
export function metricsCsv({ times, metrics, measures, dashboards, fields }: MetricTable): string {
  const grouped = dashboards.flatMap((group) =>
    group.metrics.map((metric) => ({ ...metric, name: `${group.name}: ${metric.name}` })),
  );
  const columns = [...metrics, ...measures, ...grouped, ...fields].flatMap(
    ({ name, unit, lines }) =>
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
