/** What the inspector says of a message and of an event. */

import { html, nothing, type TemplateResult } from 'lit';
import { styleMap } from 'lit/directives/style-map.js';
import type { NodeId } from '../../core/id.ts';
import type { MessageId } from '../../core/trace.ts';
import type { Value } from '../../core/value.ts';
import type { Flight } from '../../lab/playback.ts';
import { plural, printTime } from '../kit/print-number.ts';
import { printValue } from '../kit/print-value.ts';
import type { Scene } from '../stage/scene.ts';
import { DROP_WORDS, eventRow, isMap, sentence } from './describe.ts';
import { signedRows, type ContentRow } from './signed-rows.ts';

type Row = readonly [name: string, value: string];

/** Everything about one message. */
export function inspectMessage(scene: Scene, message: MessageId, to: NodeId): TemplateResult {
  const flight = scene.viewer.recording.flight(message, to);
  if (flight === undefined) return html`<p class="dim">Its sending is not in the trace.</p>`;
  return html`${messageHeading(scene, flight)} ${messageTables(scene, flight)}
  ${messageLinks(scene, flight)}`;
}

function messageHeading(scene: Scene, flight: Flight): TemplateResult {
  return html`<h2 class="title">
      <i class="dot" style=${styleMap({ '--dot': scene.palette.colour(flight.type) })}></i
      >${flight.type}
    </h2>
    <p class="lead">
      <button class="link" @click=${() => selectNode(scene, flight.from)}>${flight.from}</button>
      →
      <button class="link" @click=${() => selectNode(scene, flight.to)}>${flight.to}</button>
      ${ROLE_WORDS[flight.role]}
    </p>`;
}

const ROLE_WORDS = {
  cast: '',
  request: '· awaits an answer',
  reply: '· an answer',
  error: '· a refusal',
} as const;

function messageTables(scene: Scene, flight: Flight): TemplateResult {
  const { recording, ended } = scene.viewer;
  const send = recording.events[flight.sendIndex];
  const body = send?.kind === 'send' ? send.body : undefined;
  const rows: Row[] = [['sent', printTime(flight.sentAt)]];
  if (flight.arrivedAt === undefined) {
    rows.push(['arrives', ended ? 'never: it was lost' : 'not yet']);
  } else {
    const way = printTime(flight.arrivedAt - flight.sentAt);
    rows.push(['arrives', `${printTime(flight.arrivedAt)}, after ${way}`]);
  }
  if (flight.dropped !== undefined) rows.push(['dropped', DROP_WORDS[flight.dropped]]);
  rows.push(['size', plural(flight.bytes, 'byte')], ['id', flight.message]);
  if (flight.path !== '') rows.push(['algorithm', flight.path]);
  return html`${table(rows)}
    <h2>Content</h2>
    ${contentTable(body, flight.dropped === 'signature')}`;
}

function messageLinks(scene: Scene, { sendIndex, arriveIndex }: Flight): TemplateResult {
  const { viewer } = scene;
  return html`<p class="row">
    <button class="line" @click=${() => viewer.goTo(sendIndex + 1)}>To its sending</button>
    ${
      arriveIndex === undefined
        ? nothing
        : html`<button class="line" @click=${() => viewer.goTo(arriveIndex + 1)}>
            To its arrival
          </button>`
    }
  </p>`;
}

/** Everything about one event. */
export function inspectEvent(scene: Scene, index: number): TemplateResult {
  const { recording } = scene.viewer;
  const event = recording.events[index];
  if (event === undefined) return html`<p class="dim">No such event.</p>`;
  const { detail } = eventRow(recording, index);
  const rows: Row[] = [
    ['event', String(index + 1)],
    ['time', printTime(event.time)],
    ['at node', `its number ${event.sequence}`],
  ];
  if ('path' in event && event.path !== '') rows.push(['algorithm', event.path]);
  if (event.kind === 'violation' || event.kind === 'status' || event.kind === 'drop') {
    if (detail !== '') rows.push(['detail', detail]);
  }
  const flight = recording.flightOf(event);
  const content =
    event.kind === 'state' ? event.state : event.kind === 'output' ? event.value : undefined;
  return html`<h2 class="title">${sentence(recording, index)}</h2>
    <p class="lead">
      <button class="link" @click=${() => selectNode(scene, event.node)}>${event.node}</button>
    </p>
    ${table(rows)}
    ${
      content === undefined
        ? nothing
        : html`<h2>${event.kind === 'state' ? 'State after it' : 'Value'}</h2>
            ${contentTable(content)}`
    }
    ${
      flight === undefined
        ? nothing
        : html`<h2>The message</h2>
            ${messageTables(scene, flight)} ${messageLinks(scene, flight)}`
    }`;
}

function contentTable(value: Value | undefined, isWrong = false): TemplateResult {
  return html`<table>
    ${contentRows(value, isWrong).map(contentRow)}
  </table>`;
}

function contentRows(value: Value | undefined, isWrong: boolean): readonly ContentRow[] {
  if (value === undefined) return [{ name: 'content', value: 'not in the trace' }];
  const rows = isMap(value) ? Object.entries(value) : [['value', value] as const];
  if (rows.length === 0) return [{ name: 'content', value: 'empty' }];
  return rows.flatMap(
    ([name, item]) => signedRows(name, item, isWrong) ?? [{ name, value: printValue(item, 800) }],
  );
}

function contentRow({ name, value, isNested, whole }: ContentRow): TemplateResult {
  return html`<tr>
    <th scope="row" class=${isNested === true ? 'nested' : ''}>${name.replaceAll('_', ' ')}</th>
    <td class="mono" title=${whole ?? nothing}>${value}</td>
  </tr>`;
}

function table(rows: readonly Row[]): TemplateResult {
  return html`<table>
    ${rows.map(([name, value]) => contentRow({ name, value }))}
  </table>`;
}

function selectNode(scene: Scene, node: string): void {
  scene.viewer.select({ kind: 'node', node });
}
