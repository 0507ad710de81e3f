/** Who is in the room: what they hold, how this tab hears from them, and what whoever manages the room may do about it. */

import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { RoomMember, RoomSession } from '../../lab/lab-service.ts';
import { base, controls } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import { membersStyles } from './members-styles.ts';

const WAYS = {
  direct: { word: 'direct', title: 'Connected from tab to tab' },
  hub: {
    word: 'by way of another',
    title: 'What it says comes through the tab that gathers for all',
  },
  relay: { word: 'relayed', title: 'No direct way was found: encrypted, through the server' },
  server: { word: 'via server', title: 'Only the signaling server connects the two so far' },
  unheard: {
    word: 'not heard from',
    title: 'Neither a connection from tab to tab nor the signaling server leads there now',
  },
  none: { word: '', title: '' },
} as const;

/** `<parley-members .session=…>`. */
export class ParleyMembers extends LitElement {
  static override properties = {
    session: { attribute: false },
  };
  static override styles = [base, controls, membersStyles];
  declare session: RoomSession | undefined;

  constructor() {
    super();
    new Subscription(this, () => this.session);
  }

  protected override render(): unknown {
    const { session } = this;
    if (session === undefined) return nothing;
    return html`<ol aria-label="In the room">
      ${session.members.map((member) => this.#member(session, member))}
    </ol>`;
  }

  #member(session: RoomSession, member: RoomMember): TemplateResult {
    const { order, name, present, me, role, nodes, mayDirect, isKicked } = member;
    const presence = isKicked ? 'sent away' : present ? 'present' : 'departed';
    const called = name ?? `Tab ${order}`;
    return html`<li class=${present && !isKicked ? '' : 'gone'}>
      <span class="order">${order}</span>
      <span class="name">
        ${called}${me ? html` <b>you</b>` : nothing}${
          role === 'member' ? nothing : html` <small>${role}</small>`
        }${mayDirect && role !== 'creator' ? html` <small>directs</small>` : nothing}
      </span>
      <span class="mono">${nodes.join(', ')}</span>
      <span class="presence">${presence}</span>
      <span class="more"
        >${way(session, member)} ${fingerprint(member)}
        ${this.#deeds(session, member, called)}</span
      >
    </li>`;
  }

  #deeds(session: RoomSession, member: RoomMember, called: string): TemplateResult {
    if (member.me) return ownPlace(session, member);
    if (!session.mayManage) return html``;
    const { member: id, isKicked, mayDirect, role } = member;
    return html`<span class="deeds">
      ${
        role === 'creator'
          ? nothing
          : html`<button
              class="small"
              aria-label="${mayDirect ? 'take back' : 'let direct'}: ${called}"
              @click=${() => session.grant(id, !mayDirect)}
            >
              ${mayDirect ? 'take back' : 'let direct'}
            </button>`
      }
      <button
        class="small"
        aria-label="${isKicked ? 'let in' : 'send away'}: ${called}"
        @click=${() => session.kick(id, !isKicked)}
      >
        ${isKicked ? 'let in' : 'send away'}
      </button>
    </span>`;
  }
}

/** What one may change of oneself. */
function ownPlace(session: RoomSession, { name, isObserver }: RoomMember): TemplateResult {
  return html`<span class="deeds">
    <input
      class="small"
      aria-label="Your name in rooms"
      placeholder="your name"
      maxlength="40"
      .value=${name ?? ''}
      @change=${({ target }: Event) => session.setName((target as HTMLInputElement).value)}
    />
    <label class="small"
      ><input
        type="checkbox"
        .checked=${isObserver}
        @change=${({ target }: Event) => session.observe((target as HTMLInputElement).checked)}
      />
      only watch</label
    >
  </span>`;
}

function way({ connection }: RoomSession, { me, present, way: kind }: RoomMember): TemplateResult {
  const leads = kind !== 'server' || connection === 'open';
  const { word, title } = WAYS[leads ? kind : 'unheard'];
  if (me || !present || word === '') return html``;
  return html`<span class="way ${leads ? kind : 'unheard'}" title=${title}>${word}</span>`;
}

function fingerprint({ fingerprint: text }: RoomMember): TemplateResult {
  if (text === undefined) return html``;
  const title =
    'Of the key that signs for this tab. If both of you see the same, nobody sits in between.';
  return html`<span class="key mono" title=${title}>${text}</span>`;
}

customElements.define('parley-members', ParleyMembers);

declare global {
  interface HTMLElementTagNameMap {
    'parley-members': ParleyMembers;
  }
}
