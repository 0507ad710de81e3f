/** The room that this tab is in: how others come in, who is there, and who starts. */

import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { LabModel } from '../app/lab-model.ts';
import { presenterHash } from '../app/route.ts';
import type { JoinRoomOptions, RoomEnding, RoomSession } from '../../lab/lab-service.ts';
import { copyIcon } from '../kit/icons.ts';
import '../kit/parley-qr.ts';
import { base, controls } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import './parley-directions.ts';
import './parley-members.ts';
import { roomStyles } from './room-styles.ts';
import { TabOpener, TABS } from './tab-opener.ts';
import { WORDS } from './words.ts';

/** `<parley-room .session=… .model=…>`. */
export class ParleyRoom extends LitElement {
  static override properties = {
    session: { attribute: false },
    model: { attribute: false },
    copied: { state: true },
  };
  static override styles = [base, controls, roomStyles];
  declare session: RoomSession | undefined;
  declare model: LabModel | undefined;
  declare copied: string;
  readonly #tabs = new TabOpener(this);

  constructor() {
    super();
    this.copied = '';
    new Subscription(this, () => this.session);
    new Subscription(this, () => this.model);
  }

  protected override render(): unknown {
    const { session } = this;
    if (session === undefined) return nothing;
    return html`
      <h2>${WORDS.room}</h2>
      <div class="ways">
        <div>
          <p class="code">${session.code}</p>
          <button class="line" @click=${() => void this.#copy(session.link)}>
            ${copyIcon} ${WORDS.copyLink}
          </button>
          <p class="dim" role="status">${this.copied}</p>
        </div>
        <parley-qr .text=${session.link} label=${WORDS.qr}></parley-qr>
      </div>
      ${access(session)} ${this.#connection(session)} ${notices(session)}
      ${session.ending === undefined ? this.#next(session) : this.#ending(session.ending)}
      ${
        session.mayDirect
          ? html`<p>
              <a class="button line" href=${presenterHash(session.link)}>${WORDS.present}</a>
            </p>`
          : nothing
      }
      <h2>${WORDS.members}</h2>
      <parley-members .session=${session}></parley-members>
      ${canOpenTabs(session) ? this.#more(session) : nothing}
      <parley-directions .session=${session}></parley-directions>
    `;
  }

  /** More nodes from this machine. */
  #more(session: RoomSession): TemplateResult {
    return html`<button class="line" @click=${() => this.#tabs.open(session)}>
        ${WORDS.openTabs(TABS)}
      </button>
      <p role="status">${this.#tabs.wordsFor(session)}</p>`;
  }

  #connection({ connection, problem }: RoomSession): TemplateResult | typeof nothing {
    if (problem !== undefined) return html`<p class="bad">${problem}</p>`;
    if (connection === 'connecting') return html`<p class="dim">${WORDS.connecting}</p>`;
    if (connection === 'open') return nothing;
    return html`<p class="bad">${WORDS.lost}</p>`;
  }

  /** This tab is no longer in the room. */
  #ending({ kind, text }: RoomEnding): TemplateResult {
    const isSuperseded = kind === 'superseded';
    return html`<p class="bad" role="alert">${text}</p>
      <div class="back">
        ${
          kind === 'kicked'
            ? nothing
            : html`<button class="primary" @click=${this.#rejoin({})}>
                ${isSuperseded ? WORDS.takeOver : WORDS.comeBack}
              </button>`
        }
        ${
          isSuperseded
            ? html`<button class="line" @click=${this.#rejoin({ asNew: true })}>
                ${WORDS.asNew}
              </button>`
            : nothing
        }
      </div>`;
  }

  #rejoin(detail: JoinRoomOptions): () => void {
    return () => {
      this.dispatchEvent(
        new CustomEvent('parley-rejoin', { detail, bubbles: true, composed: true }),
      );
    };
  }

  #next(session: RoomSession): TemplateResult {
    const busy = session.run !== undefined && session.run.phase !== 'ended';
    if (busy) return html`<p>${WORDS.isOn}</p>`;
    if (!session.mayDirect) {
      return html`<p>${WORDS.waits}</p>`;
    }
    const present = session.members.filter((one) => one.present).length;
    return html`<button
        class="primary start"
        ?disabled=${session.connection !== 'open'}
        @click=${() => void this.model?.start()}
      >
        ${WORDS.start}
      </button>
      ${present < 2 ? html`<p>${WORDS.alone}</p>` : html`<p>${WORDS.seats}</p>`}`;
  }

  async #copy(link: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(link);
      this.copied = WORDS.copied;
    } catch {
      // Pages without https may not write to the clipboard: show the link to be copied by hand.
      this.copied = link;
    }
  }
}

/** More tabs are of use to whoever chooses what runs; where a passphrase is asked for, each would ask for it. */
function canOpenTabs({ mayDirect, access: kind, ending }: RoomSession): boolean {
  return mayDirect && kind !== 'passphrase' && ending === undefined;
}

/** Who can come in, and whom that leaves out. */
function access({ access: kind, reach }: RoomSession): TemplateResult {
  return html`<p>${WORDS.access[kind]}</p>
    ${reach === 'server' ? nothing : html`<p class="bad">${WORDS.noServer}</p>`}`;
}

function notices(session: RoomSession): readonly TemplateResult[] {
  return session.notices.map(
    ({ id, severity, text }) =>
      html`<p class="notice ${severity === 'warning' ? 'bad' : ''}" role="status">
        ${text}
        <button class="small" aria-label=${WORDS.dismiss(text)} @click=${() => session.dismiss(id)}>
          <span aria-hidden="true">✕</span>
        </button>
      </p>`,
  );
}

customElements.define('parley-room', ParleyRoom);

declare global {
  interface HTMLElementTagNameMap {
    'parley-room': ParleyRoom;
  }
}
