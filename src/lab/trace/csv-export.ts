/** A trace as a table for spreadsheets and data frames: CSV after RFC 4180, a row an event. */

import type { TraceEvent } from '../../core/trace.ts';
import { csvCell } from './csv-cell.ts';
import type { TraceExport } from './trace-export.ts';

const COLUMNS = [
  ...['time_ms', 'node', 'sequence', 'kind', 'message', 'peer', 'path', 'type', 'role', 'bytes'],
  ...['detail', 'clock'],
] as const;

/** The table, with its head. */
export function csvExport(): TraceExport {
  return {
    begin: () => `${COLUMNS.join(',')}\r\n`,
    event: ({ event, clock }) => `${cellsOf(event, clock()).map(csvCell).join(',')}\r\n`,
    end: () => '',
  };
}

function cellsOf(event: TraceEvent, clock: object): (string | number)[] {
  const fields = event as unknown as Readonly<Record<string, unknown>>;
  const text = (name: string) => {
    const value = fields[name];
    return typeof value === 'string' || typeof value === 'number' ? value : '';
  };
  return [
    ...[event.time, event.node, event.sequence, event.kind],
    ...[text('message'), peerOf(event), text('path'), text('type'), text('role'), text('bytes')],
    ...[detailOf(event), JSON.stringify(clock)],
  ];
}

function peerOf(event: TraceEvent): string {
  if (event.kind === 'send') return event.to;
  return event.kind === 'deliver' || event.kind === 'drop' ? event.from : '';
}

/** What an event says beyond its columns: texts as they are, values as JSON. */
function detailOf(event: TraceEvent): string {
  switch (event.kind) {
    case 'send':
      return JSON.stringify(event.body);
    case 'state':
      return JSON.stringify(event.state);
    case 'output':
      return JSON.stringify(event.value);
    case 'log':
      return `${event.level}: ${event.text}`;
    case 'status':
      return [event.status, event.detail].filter(Boolean).join(': ');
    case 'drop':
      return [event.reason, event.detail].filter(Boolean).join(': ');
    case 'timer':
      return event.name;
    case 'violation':
      return `${event.invariant}: ${event.detail}`;
    case 'deliver':
      return '';
    default: {
      const {
        time: _time,
        node: _node,
        sequence: _sequence,
        kind: _kind,
        ...rest
      } = event as object & TraceEvent;
      return JSON.stringify(rest);
    }
  }
}
