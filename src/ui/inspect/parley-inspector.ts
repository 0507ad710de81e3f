/** The selected node, message or event, as it is at the cursor. */

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { base, controls, tables } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import { partOf } from '../stage/draw-node.ts';
import type { Scene, SceneNode } from '../stage/scene.ts';
import { inspectEvent, inspectMessage } from './inspect-event.ts';
import { inspectNode } from './inspect-node.ts';

/** `<parley-inspector .scene=…>`. */
export class ParleyInspector extends LitElement {
  static override properties = { scene: { attribute: false } };
  static override styles = [
    base,
    controls,
    tables,
    css`
      h2:not(:first-child) {
        margin-top: 20px;
      }

      .title {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 9px;
        align-items: center;
        margin: 0;
        color: var(--parley-ink);
        font-size: var(--parley-large);
        font-weight: 650;
        overflow-wrap: anywhere;
      }

      .title span {
        padding: 0 8px;
        border: 1.6px solid var(--tone);
        border-radius: 99px;
        font-size: var(--parley-small);
        font-weight: 600;
      }

      .lead {
        margin: 2px 0 14px;
        color: var(--parley-ink-2);
      }

      .lead.bad {
        color: var(--parley-bad);
      }

      th {
        width: 42%;
        overflow-wrap: anywhere;
      }

      th.nested {
        padding-left: 16px;
      }

      td {
        overflow-wrap: anywhere;
      }

      td.new {
        background: var(--parley-accent-soft);
        box-shadow: inset 2px 0 var(--parley-accent);
      }

      td.newish {
        box-shadow: inset 2px 0 var(--parley-line-2);
      }

      .was {
        color: var(--parley-ink-2);
        font-family: var(--parley-sans);
      }

      .was::before {
        content: ' ';
      }

      .complaints {
        margin: 0;
        padding: 0;
        list-style: none;
      }

      .complaints button {
        justify-content: start;
        width: 100%;
        min-height: 0;
        padding: 3px 6px;
        border-left: 2px solid var(--parley-bad);
        border-radius: 0 5px 5px 0;
        color: var(--parley-bad);
        text-align: left;
        white-space: normal;
      }

      .link {
        min-height: 0;
        padding: 0 2px;
        color: var(--parley-accent);
        font-weight: 600;
        text-decoration: underline;
        text-underline-offset: 2px;
      }

      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
      }

      .dot {
        width: 10px;
        height: 10px;
        border-radius: 50%;
        background: var(--dot);
        forced-color-adjust: none;
      }

      .overview {
        margin: 0;
        padding: 0;
        list-style: none;
      }

      .overview button {
        display: grid;
        grid-template-columns: 3.4rem 1fr auto;
        justify-items: start;
        width: 100%;
        border-radius: 0;
        border-bottom-color: var(--parley-line);
        font-size: var(--parley-small);
      }
    `,
  ];
  declare scene: Scene | undefined;

  constructor() {
    super();
    new Subscription(this, () => this.scene?.viewer);
  }

  protected override render(): unknown {
    const { scene } = this;
    if (scene === undefined) return nothing;
    const { selection } = scene.viewer;
    switch (selection?.kind) {
      case 'node':
        return inspectNode(scene, selection.node);
      case 'message':
        return inspectMessage(scene, selection.message, selection.to);
      case 'event':
        return inspectEvent(scene, selection.index);
      case undefined:
        return overview(scene);
    }
  }
}

/** Nothing is selected: all nodes at a glance, each a way in; whoever is gone stands apart. */
function overview(scene: Scene): TemplateResult {
  if (scene.nodes.length === 0) {
    return html`<h2>Inspector</h2>
      <p class="dim">Run something, then choose a node or a message to see what it holds.</p>`;
  }
  const nodes = scene.nodes.map(({ id }) => scene.node(id));
  const gone = nodes.filter(({ isGone }) => isGone);
  const here = nodes.filter(({ isGone }) => !isGone);
  return html`<h2>${gone.length === 0 ? 'All nodes at this moment' : 'Nodes at this moment'}</h2>
    ${glance(scene, here)} ${gone.length === 0 ? nothing : html`<h2>Gone</h2>`}
    ${gone.length === 0 ? nothing : glance(scene, gone)}
    <p class="dim">Choose a node or a message to see what it holds.</p>`;
}

function glance({ viewer }: Scene, nodes: readonly SceneNode[]): TemplateResult {
  return html`<ul class="overview">
    ${nodes.map(
      (node) =>
        html`<li>
          <button @click=${() => viewer.select({ kind: 'node', node: node.id })}>
            <b>${node.id}</b>
            <span>${partOf(node)}</span>
            <span class="dim">${node.isGone ? '' : node.badges.join(' ')}</span>
          </button>
        </li>`,
    )}
  </ul>`;
}

customElements.define('parley-inspector', ParleyInspector);

declare global {
  interface HTMLElementTagNameMap {
    'parley-inspector': ParleyInspector;
  }
}
