/** Events as a file has them, and an export as a text. */

import { CausalClocks, kept } from '../../src/check/trace/causal-clocks.ts';
import type { TraceRecord } from '../../src/check/trace/trace-record.ts';
import type { TraceEvent } from '../../src/core/trace.ts';
import type { TraceExport } from '../../src/lab/trace/trace-export.ts';

/** The lines of a file that holds nothing but these events. */
export function recordsOf(events: readonly TraceEvent[]): TraceRecord[] {
  return events.map((event, at) => ({ event, line: JSON.stringify(event), number: at + 1 }));
}

/** Everything that an export writes. */
export function exported(format: TraceExport, events: readonly TraceEvent[]): string {
  const clocks = new CausalClocks();
  const texts = recordsOf(events).map((record) => {
    const stamp = kept(clocks.take(record.event));
    return format.event({ ...record, clock: () => clocks.named(stamp) });
  });
  return [format.begin(), ...texts, format.end()].join('');
}

/** One event of every kind, with texts that want to be more than texts. */
export const HOSTILE_EVENTS: readonly TraceEvent[] = hostileEvents([
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '=HYPERLINK("http://x")',
  '@enduml\n!include /etc/passwd',
  '%getenv("HOME") [[http://x]] <&bolt> **b**',
  '\u001b[31mred\u0007\u2028\u202e "quoted", \'too\'\r\n',
  '{{x}} ${x} `x` <!-- -->',
]);

function hostileEvents(texts: readonly string[]): TraceEvent[] {
  const events: object[] = [];
  for (const text of texts) {
    const id = text.slice(0, 60);
    const message = `${id}#1`;
    const what = { message, path: text, type: text, role: 'cast', bytes: 3 };
    const at = (sequence: number) => ({ time: events.length, node: id, sequence });
    events.push({ ...at(1), kind: 'send', to: id, body: { [text]: text }, ...what });
    events.push({ ...at(2), kind: 'deliver', from: id, ...what });
    const dropped = { message: `${id}#2`, path: text, type: text, detail: text };
    events.push({ ...at(3), kind: 'drop', from: id, reason: 'schema', ...dropped });
    events.push({ ...at(4), kind: 'timer', path: text, name: text });
    events.push({ ...at(5), kind: 'state', path: text, state: { [text]: text } });
    events.push({ ...at(6), kind: 'output', path: text, type: text, value: text });
    events.push({ ...at(7), kind: 'log', path: text, level: 'warn', text });
    events.push({ ...at(8), kind: 'status', status: 'failed', detail: text });
    events.push({ ...at(9), kind: 'fault', fault: 'loss', detail: text, message });
    events.push({ ...at(10), kind: 'violation', invariant: text, detail: text });
  }
  return events as TraceEvent[];
}
