/** Who is in the room: what they hold, how this tab hears from them, and what whoever manages the room may do about it. */

import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { RoomMember, RoomSession } from '../../lab/lab-service.ts';
import { base, controls } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import { membersStyles } from './members-styles.ts';
import { WORDS } from './words.ts';

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
    return html`<ol aria-label=${WORDS.members}>
      ${session.members.map((member) => this.#member(session, member))}
    </ol>`;
  }

  #member(session: RoomSession, member: RoomMember): TemplateResult {
    const { order, name, present, me, role, nodes, mayDirect, isKicked } = member;
    const is = WORDS.presence;
    const presence = isKicked ? is.isKicked : present ? is.present : is.departed;
    const called = name ?? WORDS.nameless(order);
    return html`<li class=${present && !isKicked ? '' : 'gone'}>
      <span class="order">${order}</span>
      <span class="name">
        ${called}${me ? html` <b>${WORDS.you}</b>` : nothing}${
          role === 'member' ? nothing : html` <small>${role}</small>`
        }${mayDirect && role !== 'creator' ? html` <small>${WORDS.directs}</small>` : nothing}
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
    const grant = mayDirect ? WORDS.takeBack : WORDS.letDirect;
    const kick = isKicked ? WORDS.letIn : WORDS.sendAway;
    return html`<span class="deeds">
      ${
        role === 'creator'
          ? nothing
          : html`<button
              class="small"
              aria-label=${WORDS.deedTo(grant, called)}
              @click=${() => session.grant(id, !mayDirect)}
            >
              ${grant}
            </button>`
      }
      <button
        class="small"
        aria-label=${WORDS.deedTo(kick, called)}
        @click=${() => session.kick(id, !isKicked)}
      >
        ${kick}
      </button>
    </span>`;
  }
}

/** What one may change of oneself. */
function ownPlace(session: RoomSession, { name, isObserver }: RoomMember): TemplateResult {
  return html`<span class="deeds">
    <input
      class="small"
      aria-label=${WORDS.yourName}
      placeholder=${WORDS.yourNameExample}
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
      ${WORDS.onlyWatch}</label
    >
  </span>`;
}

function way({ connection }: RoomSession, { me, present, way: kind }: RoomMember): TemplateResult {
  const leads = kind !== 'server' || connection === 'open';
  const { word, title } = WORDS.ways[leads ? kind : 'unheard'];
  if (me || !present || word === '') return html``;
  return html`<span class="way ${leads ? kind : 'unheard'}" title=${title}>${word}</span>`;
}

function fingerprint({ fingerprint: text }: RoomMember): TemplateResult {
  if (text === undefined) return html``;

  return html`<span class="key mono" title=${WORDS.fingerprint}>${text}</span>`;
}

customElements.define('parley-members', ParleyMembers);

declare global {
  interface HTMLElementTagNameMap {
    'parley-members': ParleyMembers;
  }
}
