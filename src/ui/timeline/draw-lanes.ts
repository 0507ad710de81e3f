/** What the space-time diagram draws inside its window of time: lines of messages, and marks of what happened at a node. */

import { svg, type TemplateResult } from 'lit';
import type { NodeId } from '../../core/id.ts';
import type { TraceEvent } from '../../core/trace.ts';
import { countWhere, type Flight } from '../../lab/playback.ts';
import { sentence } from '../inspect/describe.ts';
import type { Scene } from '../stage/scene.ts';
import type { Span } from './parley-minimap.ts';

/** Lines and marks drawn at most; beyond that every second, fourth … one, and the reader is told. */
const DRAWN_MAX = 500;

/** The window of time on its sheet of pixels. */
export interface Sheet {
  readonly scene: Scene;
  readonly span: Span;
  readonly x: (time: number) => number;
  readonly y: (node: NodeId) => number | undefined;
  /** What is lit: undefined lights everything. */
  readonly isLit: ((index: number, node: NodeId) => boolean) | undefined;
}

/** The messages of a window, thinned out when they are too many. */
export function flightsIn({ scene, span }: Sheet): { flights: Flight[]; every: number } {
  const all = [...scene.viewer.recording.flightsBetween(span.from, span.to)];
  // Which ones are left out depends on the message alone, so that nothing flickers while the window moves.
  let every = 1;
  while (all.length > DRAWN_MAX * every) every *= 2;
  return { flights: every === 1 ? all : all.filter((one) => scatter(one) % every === 0), every };
}

/** The messages of a window in the future that was left, but for those that this one has as well. */
export function ghostsIn({ scene, span }: Sheet): Flight[] {
  const { ghost, viewer } = scene;
  if (ghost === undefined || span.to < ghost.fromMs) return [];
  const from = Math.max(span.from, ghost.fromMs);
  const result: Flight[] = [];
  for (const flight of ghost.recording.flightsBetween(from, span.to)) {
    const same = viewer.recording.flight(flight.message, flight.to);
    if (same?.sentAt === flight.sentAt && same.arrivedAt === flight.arrivedAt) continue;
    result.push(flight);
    if (result.length >= DRAWN_MAX) break;
  }
  return result;
}

/** A message of the future that was left: to be seen, and not to be touched. */
export function drawGhost({ scene, x, y }: Sheet, flight: Flight): TemplateResult | undefined {
  const [from, to] = [y(flight.from), y(flight.to)];
  if (from === undefined || to === undefined || flight.arrivedAt === undefined) return undefined;
  const colour = scene.palette.colour(flight.type);
  return svg`<path
    class="ghost"
    d="M${x(flight.sentAt)} ${from}L${x(flight.arrivedAt)} ${to}"
    stroke=${colour}
  />`;
}

/** A number that is as good as random, the same for the same message. */
function scatter({ sendIndex }: Flight): number {
  return Math.imul(sendIndex + 1, 0x9e_37_79_b1) >>> 16;
}

/** A message as a line from its sending to its arrival. */
export function drawLine(sheet: Sheet, flight: Flight): TemplateResult | undefined {
  const { scene, x, y } = sheet;
  const { viewer, palette } = scene;
  const [from, to] = [y(flight.from), y(flight.to)];
  if (from === undefined || to === undefined) return undefined;
  const arrived = flight.arrivedAt !== undefined;
  // A message that has not arrived ends half-way, in nothing.
  const usual = viewer.recording.typicalJourney();
  const endTime = flight.arrivedAt ?? flight.sentAt + usual * 0.5;
  const [x1, x2] = [x(flight.sentAt), x(endTime)];
  const y2 = arrived ? to : (from + to) / 2;
  const selected = viewer.isSelected(flight);
  const colour = palette.colour(flight.type);
  const line =
    from === to
      ? `M${x1} ${from}Q${(x1 + x2) / 2} ${from - 16} ${x2} ${from}`
      : `M${x1} ${from}L${x2} ${y2}`;
  return svg`<g
    class="message ${emphasis(sheet, flight)} ${selected ? 'selected' : ''}"
    @click=${() => viewer.selectFlight(flight)}
  >
    <title>${flight.type} from ${flight.from} to ${flight.to}</title>
    <path class="target" d=${line} />
    <path
      class="line"
      d=${line}
      stroke=${colour}
      stroke-dasharray=${arrived ? palette.dashes(flight.type) : '2 4'}
    />
    <circle cx=${x1} cy=${from} r="2.6" fill=${colour} />
    ${
      flight.dropped !== undefined
        ? svg`<path class="cross" d="M${x2 - 4} ${y2 - 4}l8 8m0-8l-8 8" />`
        : arrived
          ? svg`<circle class="arrival" cx=${x2} cy=${y2} r="2.6" stroke=${colour} />`
          : undefined
    }
  </g>`;
}

function emphasis(sheet: Sheet, flight: Flight): 'future' | 'lit' | 'dim' | '' {
  const { step } = sheet.scene.viewer.cursor;
  if (flight.sendIndex >= step) return 'future';
  if (sheet.isLit === undefined) return '';
  const { arriveIndex, sendIndex } = flight;
  const lit =
    sheet.isLit(sendIndex, flight.from) &&
    arriveIndex !== undefined &&
    sheet.isLit(arriveIndex, flight.to);
  return lit ? 'lit' : 'dim';
}

/** Indexes of the events of a window that get a mark at their lane: outputs, timers, ends, complaints, violations. */
export function marksIn({ scene, span }: Sheet): number[] {
  const { recording } = scene.viewer;
  const from = countWhere(recording.length, (index) => recording.events[index]!.time < span.from);
  const to = recording.stepAt(span.to);
  const result: number[] = [];
  for (let index = from; index < to && result.length < DRAWN_MAX; index++) {
    if (markShape(recording.events[index]!) !== undefined) result.push(index);
  }
  return result;
}

/** Draws a mark. */
export function drawMark({ scene, x, y }: Sheet, index: number): TemplateResult {
  const { recording, cursor } = scene.viewer;
  const event = recording.events[index]!;
  return svg`<g
    class="mark ${event.kind} ${index >= cursor.step ? 'future' : ''}"
    transform="translate(${x(event.time)} ${y(event.node) ?? -20})"
    @click=${() => scene.viewer.selectEvent(index)}
  >
    <title>${sentence(recording, index)}</title>
    <path d=${markShape(event)} />
  </g>`;
}

function markShape(event: TraceEvent): string | undefined {
  switch (event.kind) {
    case 'output':
      return 'M0-6L6 0 0 6-6 0z';
    case 'timer':
      return 'M0-5V5';
    case 'fault':
    case 'violation':
      return 'M-6-6L6 6M6-6L-6 6';
    case 'status':
      return event.status === 'running' ? undefined : 'M-3.5-3.5h7v7h-7z';
    case 'log':
      return event.level === 'warn' || event.level === 'error' ? 'M0-9L4-3H-4z' : undefined;
    case 'send':
    case 'deliver':
    case 'drop':
    case 'state':
      return undefined;
  }
}
