/** Who is in a chat and who is there, one's own name, and the cable to pull. */

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { PersonView } from '../../../lab/pubsub/chat/chat.ts';
import { NAME_MAX } from '../../../lab/pubsub/chat/words.ts';
import { base, controls } from '../../kit/styles.ts';
import { Subscription } from '../../kit/subscription.ts';
import { appStyles } from '../apps-styles.ts';
import type { ChatSession } from './chat-session.ts';

/** `<parley-people .session=…>`. */
export class ParleyPeople extends LitElement {
  static override properties = { session: { attribute: false } };
  static override styles = [
    base,
    controls,
    appStyles,
    css`
      ul {
        display: grid;
        gap: 6px;
        margin: 0 0 14px;
        padding: 0;
        list-style: none;
      }

      li {
        display: flex;
        gap: 8px;
        align-items: center;
        min-width: 0;
      }

      .name {
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .dot {
        flex: none;
        width: 0.65rem;
        height: 0.65rem;
        border: 2px solid var(--parley-role-gone);
        border-radius: 50%;
      }

      .here .dot {
        border-color: var(--parley-ok);
        background: var(--parley-ok);
      }

      .standing {
        margin-left: auto;
        color: var(--parley-ink-2);
        font-size: var(--parley-small);
      }

      .try {
        margin-top: 14px;
        padding-top: 12px;
        border-top: 1px solid var(--parley-line);
      }

      .try p {
        margin: 6px 0 0;
      }
    `,
  ];
  declare session: ChatSession | undefined;

  constructor() {
    super();
    new Subscription(this, () => this.session);
  }

  protected override render(): unknown {
    const { session } = this;
    if (session === undefined) return nothing;
    const { people, reach } = session.chat;
    return html`<section class="panel" aria-labelledby="people">
      <h2 id="people">Who is there</h2>
      <p role="status" class="hidden">${reach.heard} of ${reach.of} members are heard.</p>
      <ul>
        ${people.map((person) => this.#person(person))}
      </ul>
      ${this.#naming(session)} ${this.#cable(session)}
      ${
        session.isOpen
          ? html`<p class="try dim">
              This chat is open and not encrypted: whoever knows its code can take part, and whoever
              carries a message can read it.
            </p>`
          : nothing
      }
    </section>`;
  }

  #person({ id, name, isMe, isHere, isGuest }: PersonView): TemplateResult {
    const label = name === id ? id : `${name} (${id})`;
    return html`<li class=${isHere ? 'here' : ''}>
      <span class="dot" aria-hidden="true"></span>
      <span class="name" title=${label}
        >${name}${name === id ? nothing : html` <small class="dim">${id}</small>`}</span
      >
      <span class="standing"
        >${isGuest ? 'guest, ' : ''}${isMe ? 'you' : isHere ? 'here' : 'away'}</span
      >
    </li>`;
  }

  #naming({ chat }: ChatSession): TemplateResult {
    return html`<form
      @submit=${(event: SubmitEvent) => {
        event.preventDefault();
        const field = (event.currentTarget as HTMLFormElement).querySelector('input')!;
        chat.rename(field.value.trim());
      }}
    >
      <label
        >Your name
        <input
          name="me"
          maxlength=${NAME_MAX}
          autocomplete="nickname"
          .value=${chat.name}
          @change=${({ target }: Event) => chat.rename((target as HTMLInputElement).value.trim())}
        />
      </label>
    </form>`;
  }

  #cable(session: ChatSession): TemplateResult {
    const { isUnplugged } = session;
    return html`<div class="try">
      <button
        class="line"
        aria-pressed=${isUnplugged}
        ?disabled=${!session.isConnected}
        @click=${() => session.unplug(!isUnplugged)}
      >
        Pull this tab’s cable
      </button>
      <p class="dim">
        ${
          isUnplugged
            ? 'Nothing gets from here to the others, nor back. Press again to plug it in.'
            : 'Go on talking on both sides, plug it in again, and see what becomes of it.'
        }
      </p>
    </div>`;
  }
}

customElements.define('parley-people', ParleyPeople);

declare global {
  interface HTMLElementTagNameMap {
    'parley-people': ParleyPeople;
  }
}
