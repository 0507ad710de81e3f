/** What the inspector says of a node. */

import { html, nothing, type TemplateResult } from 'lit';
import { styleMap } from 'lit/directives/style-map.js';
import type { Value } from '../../core/value.ts';
import type { StateMoment } from '../../lab/picture.ts';
import { printBytes, printCount, printTime } from '../kit/print-number.ts';
import { printValue, sameValue } from '../kit/print-value.ts';
import { STATUS_LOOKS } from '../stage/looks.ts';
import type { Scene, SceneNode } from '../stage/scene.ts';
import { childPath, isMap, sentence } from './describe.ts';

/** Complaints listed; the table of events has them all. */
const COMPLAINTS_MAX = 6;

/** Everything about one node at the cursor. */
export function inspectNode(scene: Scene, id: string): TemplateResult {
  const node = scene.node(id);
  return html`
    ${heading(scene, node)}
    ${
      node.states.length === 0
        ? html`<p class="dim">
            ${node.lastIndex === undefined ? `Nothing has happened to ${id} yet.` : 'Its state is not in the trace.'}
          </p>`
        : node.states.map((moment) => stateTable(scene, moment))
    }
    ${complaints(scene, id)} ${report(scene, id)} ${counts(scene, node)} ${settings(scene, id)}
  `;
}

function heading(scene: Scene, node: SceneNode): TemplateResult {
  const status = STATUS_LOOKS[node.status];
  const { colour } = node.look;
  const failed = node.status === 'failed' || node.status === 'timeout';
  return html`<h2 class="title">
      ${node.id}
      ${node.role === undefined || node.isGone ? nothing : html`<span style=${styleMap({ '--tone': colour })}>${node.role}</span>`}
    </h2>
    <p class=${failed ? 'bad lead' : 'lead'}>
      ${status.sign} ${status.word}${node.detail === undefined ? '' : `: ${node.detail}`}
      ${
        node.lastIndex === undefined
          ? nothing
          : html`<span class="dim">
              ${status.word === '' ? 'Last' : '· last'} event at
              ${printTime(scene.viewer.recording.events[node.lastIndex]!.time)}
            </span>`
      }
    </p>`;
}

function stateTable(scene: Scene, moment: StateMoment): TemplateResult {
  const shown = (state: Value): StateRow[] =>
    stateRows(scene.picture(moment, state)?.rows ?? state);
  const before =
    moment.previous === undefined
      ? undefined
      : new Map(shown(moment.previous).map(({ key, value }) => [key, value]));
  const fresh = moment.index === scene.node(nodeOf(scene, moment)).lastIndex;
  const child = childPath(moment.path);
  // Whoever is gone has no state any more: this is what it said last.
  const title = scene.node(nodeOf(scene, moment)).isGone ? 'Last state' : 'State';
  return html`<h2>${title}${child === '' ? '' : ` of ${child}`}</h2>
    <table>
      ${shown(moment.state).map((row) => stateRow(row, before, fresh))}
    </table>`;
}

function stateRow(
  { key, name, level, value }: StateRow,
  before: ReadonlyMap<string, Value | undefined> | undefined,
  fresh: boolean,
): TemplateResult {
  const label = name.replaceAll('_', ' ');
  if (value === undefined)
    return html`<tr>
      <th scope="row" colspan="2">${label}</th>
    </tr>`;
  const old = before?.get(key);
  const changed = before !== undefined && !sameValue(value, old);
  return html`<tr>
    <th scope="row" class=${level === 1 ? 'nested' : ''}>${label}</th>
    <td class="mono ${changed ? (fresh ? 'new' : 'newish') : ''}">
      ${printValue(value, 400)}
      ${
        changed
          ? html`<span class="was"
              ><span class="hidden">changed,</span> was ${printValue(old, 60)}</span
            >`
          : nothing
      }
    </td>
  </tr>`;
}

function nodeOf(scene: Scene, moment: StateMoment): string {
  return scene.viewer.recording.events[moment.index]!.node;
}

interface StateRow {
  /** The keys that lead to it, joined: unique in the table. */
  readonly key: string;
  readonly name: string;
  /** 1 for an entry of a map that is itself an entry. */
  readonly level: 0 | 1;
  /** Undefined for the heading of nested entries. */
  readonly value: Value | undefined;
}

/** A state as rows; maps in it as rows of their own, once. */
function stateRows(state: Value): StateRow[] {
  if (!isMap(state)) return [{ key: 'value', name: 'value', level: 0, value: state }];
  return Object.entries(state).flatMap(([name, value]): StateRow[] => {
    const level = 0;
    if (!isMap(value) || Object.keys(value).length === 0)
      return [{ key: name, name, level, value }];
    const inner = Object.entries(value);
    return [
      { key: name, name, level, value: undefined },
      ...inner.map(([key, item]): StateRow => ({
        key: `${name} ${key}`,
        name: key,
        level: 1,
        value: item,
      })),
    ];
  });
}

function complaints(scene: Scene, id: string): TemplateResult | typeof nothing {
  const { viewer } = scene;
  const all = viewer.recording.track(id)?.complaints ?? [];
  const happened = all.filter((index) => index < viewer.cursor.step);
  if (happened.length === 0) return nothing;
  return html`<h2>Warnings and errors</h2>
    <ul class="complaints">
      ${happened.slice(-COMPLAINTS_MAX).map(
        (index) =>
          html`<li>
            <button @click=${() => viewer.selectEvent(index)}>
              ${sentence(viewer.recording, index)}
            </button>
          </li>`,
      )}
    </ul>`;
}

function report(scene: Scene, id: string): TemplateResult | typeof nothing {
  const result = scene.viewer.run?.result?.nodes[id];
  if (result === undefined || Object.keys(result.report).length === 0) return nothing;
  return html`<h2>Report at the end</h2>
    <table>
      ${Object.entries(result.report).map(
        ([key, value]) =>
          html`<tr>
            <th scope="row">${key.replaceAll('_', ' ')}</th>
            <td class="mono">${printValue(value, 400)}</td>
          </tr>`,
      )}
    </table>`;
}

function counts(scene: Scene, node: SceneNode): TemplateResult {
  const result = scene.viewer.run?.result?.nodes[node.id];
  const rows: [string, string][] = [
    ['sent', printCount(node.sent)],
    ['received', printCount(node.received)],
  ];
  if (node.dropped > 0) rows.push(['dropped', printCount(node.dropped)]);
  if (result !== undefined) rows.push(['bytes received', printBytes(result.bytes_received)]);
  return html`<h2>Messages so far</h2>
    <table>
      ${rows.map(
        ([name, value]) =>
          html`<tr>
            <th scope="row">${name}</th>
            <td class="mono">${value}</td>
          </tr>`,
      )}
    </table>`;
}

function settings(scene: Scene, id: string): TemplateResult | typeof nothing {
  const node = scene.nodes.find((candidate) => candidate.id === id);
  if (node === undefined) return nothing;
  const rows = Object.entries(node.settings).filter(([, value]) => value !== undefined);
  return html`<h2>Configuration</h2>
    <table>
      <tr>
        <th scope="row">neighbours</th>
        <td class="mono">${node.neighbours.join(', ') || 'none'}</td>
      </tr>
      ${rows.map(
        ([key, value]) =>
          html`<tr>
            <th scope="row">${key.replaceAll('_', ' ')}</th>
            <td class="mono">${printValue(value as Value)}</td>
          </tr>`,
      )}
    </table>`;
}
