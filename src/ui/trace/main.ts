/** Where an exported page begins: the trace stands in it, a line an event, and is shown. */

import type { TraceEvent } from '../../core/trace.ts';
import './parley-trace-page.ts';
import type { TraceFactsShown } from './recorded-run.ts';

const page = document.createElement('parley-trace-page');
document.body.append(page);
const lines = textOf('trace').split('\n').filter(Boolean);
page.show(
  lines.map((line) => JSON.parse(line) as TraceEvent),
  JSON.parse(textOf('facts')) as TraceFactsShown,
);

function textOf(id: string): string {
  return document.getElementById(id)!.textContent;
}
