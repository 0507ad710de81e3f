/**
 * A trace as one HTML file that shows it: with the code and the styles in it, from a disk, without a network. Its policy forbids the
 * browser to load anything and to run any other script; what peers sent stands in it as data.
 */

import { describeEvent } from '../../check/trace/describe-event.ts';
import type { TraceEvent } from '../../core/trace.ts';
import type { TraceHeader } from '../../runtime/trace-file.ts';
import { KNOWN_KINDS } from './event-shape.ts';
import { TooLongToExport, type TraceExport } from './trace-export.ts';

/** Events that a page draws fluidly. */
export const PAGE_EVENTS_MAX = 200_000;

/** What makes a page of a trace. */
export interface PageCode {
  /** One classic script. */
  readonly script: string;
  /** Its SHA-256, in base64. */
  readonly scriptSha256: string;
  readonly style: string;
}

/** The page. */
export function htmlExport(
  title: string,
  facts: Partial<TraceHeader>,
  { script, scriptSha256, style }: PageCode,
): TraceExport {
  let count = 0;
  let lastMs = 0;
  return {
    begin: () => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-${scriptSha256}'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}</style>
<script type="application/json" id="facts">${inScript(JSON.stringify(facts))}</script>
<script type="application/x-ndjson" id="trace">
`,
    event({ event, line }) {
      if (++count > PAGE_EVENTS_MAX) {
        throw new TooLongToExport(`a page shows up to ${PAGE_EVENTS_MAX} events`);
      }
      // The picture looks events up by their time, so it must never go back.
      lastMs = Math.max(lastMs, event.time);
      const shown = drawable(event, lastMs);
      return `${inScript(shown === event ? line : JSON.stringify(shown))}\n`;
    },
    end: () => `</script>
</head>
<body>
<noscript>The page draws its trace with JavaScript, which is switched off.</noscript>
<script>${script}</script>
</body>
</html>
`,
  };
}

function drawable(event: TraceEvent, time: number): TraceEvent {
  if (KNOWN_KINDS.has(event.kind)) return time === event.time ? event : { ...event, time };
  // A kind that the diagram does not know is shown as a remark.
  const { node, sequence } = event;
  return { time, node, sequence, kind: 'log', path: '', level: 'info', text: describeEvent(event) };
}

/** JSON that cannot end the element it stands in. */
function inScript(json: string): string {
  return json.replaceAll('<', String.raw`\u003c`);
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
