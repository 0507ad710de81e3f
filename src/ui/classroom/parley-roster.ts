/** Every tab of a class with what it runs: its nodes, the parts that they play, and whether it is there. */

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { RoomMember, RoomSession } from '../../lab/lab-service.ts';
import { base, tables } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import type { Scene } from '../stage/scene.ts';
import { WORDS } from './words.ts';

/** `<parley-roster .session=… .scene=…>`. */
export class ParleyRoster extends LitElement {
  static override properties = { session: { attribute: false }, scene: { attribute: false } };
  static override styles = [
    base,
    tables,
    css`
      table {
        font-size: inherit;
      }

      .gone {
        color: var(--parley-ink-3);
      }

      table {
        table-layout: fixed;
      }

      td,
      th {
        overflow-wrap: anywhere;
      }

      td span {
        display: block;
      }

      .answered {
        width: 6.2em;
      }

      i {
        display: inline-block;
        width: 0.6em;
        height: 0.6em;
        margin-right: 0.4em;
        border: 2px solid var(--parley-ok);
        border-radius: 50%;
        background: var(--parley-ok);
        forced-color-adjust: none;
      }

      .gone i {
        border-color: var(--parley-ink-3);
        background: none;
      }
    `,
  ];
  declare session: RoomSession;
  declare scene: Scene;

  constructor() {
    super();
    new Subscription(this, () => this.session);
    new Subscription(this, () => this.scene.viewer);
  }

  protected override render(): TemplateResult {
    const { poll } = this.session.lessons.lesson;
    return html`<table>
      <caption class="hidden">
        ${WORDS.roster}
      </caption>
      <thead>
        <tr>
          <th scope="col">${WORDS.tab}</th>
          <th scope="col">${WORDS.runs}</th>
          ${poll === undefined ? nothing : html`<th scope="col" class="answered">${WORDS.hasAnswered}</th>`}
        </tr>
      </thead>
      <tbody>
        ${this.session.members.map((member) => this.#row(member, poll !== undefined))}
      </tbody>
    </table>`;
  }

  #row(member: RoomMember, hasPoll: boolean): TemplateResult {
    const { order, name = WORDS.nameless(order), me, present, isKicked, mayDirect, nodes } = member;
    const isHere = present && !isKicked;
    const part = mayDirect
      ? WORDS.teaches
      : isKicked
        ? WORDS.sentAway
        : present
          ? ''
          : WORDS.departed;
    const runs = nodes.map((id) => html`<span>${id} ${this.#partOf(id)}</span>`);
    const answered = this.session.lessons.answers.has(member.member);
    return html`<tr class=${isHere ? '' : 'gone'}>
      <th scope="row">
        <i></i
        >${name}${me ? html` <b>${WORDS.you}</b>` : nothing}${part === '' ? nothing : html` · ${part}`}
      </th>
      <td>${runs.length > 0 ? runs : member.isObserver ? WORDS.watches : '–'}</td>
      ${hasPoll ? html`<td>${answered ? WORDS.yes : '–'}</td>` : nothing}
    </tr>`;
  }

  #partOf(id: string): string {
    const { role, status } = this.scene.node(id);
    if (role === undefined) return status;
    return status === 'running' ? role : `${role}, ${status}`;
  }
}

customElements.define('parley-roster', ParleyRoster);

declare global {
  interface HTMLElementTagNameMap {
    'parley-roster': ParleyRoster;
  }
}
