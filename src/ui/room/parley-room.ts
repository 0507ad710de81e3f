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
      <h2>Room</h2>
      <div class="ways">
        <div>
          <p class="code">${session.code}</p>
          <button class="line" @click=${() => void this.#copy(session.link)}>
            ${copyIcon} Copy the link
          </button>
          <p class="dim" role="status">${this.copied}</p>
        </div>
        <parley-qr .text=${session.link} label="QR code of the link to this room"></parley-qr>
      </div>
      ${access(session)} ${this.#connection(session)} ${notices(session)}
      ${session.ending === undefined ? this.#next(session) : this.#ending(session.ending)}
      ${
        session.mayDirect
          ? html`<p>
              <a class="button line" href=${presenterHash(session.link)}>Present to a class</a>
            </p>`
          : nothing
      }
      <h2>In the room</h2>
      <parley-members .session=${session}></parley-members>
      ${canOpenTabs(session) ? this.#more(session) : nothing}
      <parley-directions .session=${session}></parley-directions>
    `;
  }

  /** More nodes from this machine. */
  #more(session: RoomSession): TemplateResult {
    return html`<button class="line" @click=${() => this.#tabs.open(session)}>
        Open ${TABS} more tabs
      </button>
      <p role="status">${this.#tabs.wordsFor(session)}</p>`;
  }

  #connection({ connection, problem }: RoomSession): TemplateResult | typeof nothing {
    if (problem !== undefined) return html`<p class="bad">${problem}</p>`;
    if (connection === 'connecting') return html`<p class="dim">Connecting …</p>`;
    if (connection === 'open') return nothing;
    return html`<p class="bad">
      The connection to the signaling server is lost; it is tried again by itself. Nodes that are
      connected go on talking.
    </p>`;
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
                ${isSuperseded ? 'Take over here' : 'Come back'}
              </button>`
        }
        ${
          isSuperseded
            ? html`<button class="line" @click=${this.#rejoin({ asNew: true })}>
                Join as someone new
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
    if (busy)
      return html`<p>The run is on. Whoever closes the tab departs, and all see it at once.</p>`;
    if (!session.mayDirect) {
      return html`<p>
        The first member chooses what runs and starts it. Leave this tab open: it will be one of the
        nodes.
      </p>`;
    }
    const present = session.members.filter((one) => one.present).length;
    return html`<button
        class="primary start"
        ?disabled=${session.connection !== 'open'}
        @click=${() => void this.model?.start()}
      >
        Start the run
      </button>
      ${
        present < 2
          ? html`<p>
              You are alone. Let others scan the code, or open more tabs: each becomes a node.
            </p>`
          : html`<p>
              Nodes are given out in the order in which members came; with fewer tabs than nodes, a
              tab runs several.
            </p>`
      }`;
  }

  async #copy(link: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(link);
      this.copied = 'Copied.';
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
  const who = {
    open: 'Open: whoever has the code can come in, and the server can read along.',
    key: 'Closed: only who has this link can come in or read along.',
    passphrase: 'Closed: only who knows the passphrase can come in or read along.',
  }[kind];
  return html`<p>${who}</p>
    ${
      reach === 'server'
        ? nothing
        : html`<p class="bad">
            No signaling server answers: only tabs of this browser can meet here.
          </p>`
    }`;
}

function notices(session: RoomSession): readonly TemplateResult[] {
  return session.notices.map(
    ({ id, severity, text }) =>
      html`<p class=${severity === 'warning' ? 'notice bad' : 'notice'} role="status">
        ${text}
        <button class="small" aria-label="Dismiss: ${text}" @click=${() => session.dismiss(id)}>
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
