/** A chat: topics, what is said in the one that is shown, and a place to write. */

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { TopicView } from '../../../lab/pubsub/chat/chat.ts';
import { nameOf, type Line } from '../../../lab/pubsub/chat/transcript.ts';
import {
  DESCRIPTION_MAX,
  NAME_MAX,
  readTopicName,
  TEXT_MAX,
} from '../../../lab/pubsub/chat/words.ts';
import { base, controls } from '../../kit/styles.ts';
import { Subscription } from '../../kit/subscription.ts';
import { appStyles } from '../apps-styles.ts';
import type { ChatSession } from './chat-session.ts';
import { chatStyles } from './chat-styles.ts';

/** Milliseconds between two lines of one author that share a heading. */
const TOGETHER_MS = 120_000;

/** Pixels from the end within which one reads along. */
const END_PX = 60;

/** `<parley-chat .session=…>`. */
export class ParleyChat extends LitElement {
  static override properties = {
    session: { attribute: false },
    complaint: { state: true },
    busy: { state: true },
    isDescribing: { state: true },
  };
  static override styles = [base, controls, appStyles, chatStyles];
  declare session: ChatSession | undefined;
  /** What is wrong, and with which form. */
  declare complaint: { readonly form: string; readonly text: string } | undefined;
  /** The topic that the members are asked about. */
  declare busy: string | undefined;
  declare isDescribing: boolean;
  /** The first line that had not been seen when the topic was opened. */
  #firstUnread: string | undefined;
  #shown: string | undefined;
  #wasAtEnd = true;

  constructor() {
    super();
    this.complaint = undefined;
    this.busy = undefined;
    this.isDescribing = false;
    new Subscription(this, () => this.session);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('visibilitychange', this.#seen);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.#seen);
  }

  protected override willUpdate(): void {
    const chat = this.session?.chat;
    if (chat === undefined) return;
    const list = this.#list;
    this.#wasAtEnd =
      list === null || list.scrollHeight - list.scrollTop - list.clientHeight < END_PX;
    if (chat.shown === this.#shown) return;
    this.#shown = chat.shown;
    this.#wasAtEnd = true;
    this.#firstUnread = undefined;
  }

  protected override render(): unknown {
    const chat = this.session?.chat;
    if (chat === undefined) return nothing;
    const { topics, shown } = chat;
    const topic = topics.find(({ name }) => name === shown);
    return html`<div class="chat">
      <nav class="topics" aria-labelledby="topics">
        <h2 id="topics">Topics</h2>
        <ul>
          ${topics.map((each) => this.#topic(each, shown))}
        </ul>
        ${this.#joining()}
      </nav>
      ${topic === undefined ? this.#nothingShown() : this.#talk(topic)}
    </div>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const list = this.#list;
    if (list !== null && this.#wasAtEnd) list.scrollTop = list.scrollHeight;
    if (changed.has('isDescribing') && this.isDescribing) {
      this.renderRoot.querySelector<HTMLElement>('.describing input')?.focus();
    }
    this.#seen();
  }

  #topic({ name, isJoined, unread, people }: TopicView, shown: string): TemplateResult {
    const what = isJoined
      ? unread === 0
        ? nothing
        : html`<span class="count">${unread}<span class="hidden"> unread</span></span>`
      : html`<span class="mark">${people.length}<span class="hidden"> people</span> · join</span>`;
    return html`<li>
      <button
        aria-current=${name === shown ? 'true' : nothing}
        ?disabled=${this.busy === name}
        @click=${() => this.#open(name)}
      >
        <span class="name ${isJoined ? '' : 'other'}"># ${name}</span>${what}
      </button>
    </li>`;
  }

  #joining(): TemplateResult {
    return html`<form novalidate @submit=${this.#join}>
      <label
        >Join or begin a topic
        <input name="topic" maxlength=${NAME_MAX + 1} autocomplete="off" spellcheck="false" />
      </label>
      <button class="line" ?disabled=${this.busy !== undefined}>
        ${this.busy === undefined ? 'Join' : 'Asking the others …'}
      </button>
      ${this.#complaintOf('join')}
    </form>`;
  }

  #nothingShown(): TemplateResult {
    return html`<section class="talk" aria-label="No topic">
      ${this.#notice()}
      <p class="lines none">You have joined no topic: choose one, or begin one of your own.</p>
    </section>`;
  }

  #talk({ name, description, people }: TopicView): TemplateResult {
    const { chat } = this.session!;
    const others = people.map((id) => chat.nameOf(id));
    return html`<section class="talk" aria-labelledby="topic">
      <header>
        <h2 id="topic"># ${name}</h2>
        <p>
          ${description === '' ? html`<span class="dim">no description yet</span>` : description}
        </p>
        <button
          class="line"
          aria-expanded=${this.isDescribing}
          @click=${() => (this.isDescribing = !this.isDescribing)}
        >
          Describe
        </button>
        <button class="line" ?disabled=${this.busy !== undefined} @click=${() => this.#leave(name)}>
          Leave
        </button>
        ${this.isDescribing ? this.#describing(name, description) : nothing}
        ${this.#complaintOf('leave')}
      </header>
      ${this.#notice()}
      <div
        class="lines"
        role="log"
        tabindex="0"
        aria-label=${others.length === 0 ? `What is said in ${name}` : `What is said in ${name}, with ${others.join(', ')}`}
      >
        <ol>
          ${this.#lines(name)}
        </ol>
      </div>
      ${this.#composer(name)}
    </section>`;
  }

  #lines(topic: string): unknown {
    const { chat } = this.session!;
    const lines = chat.lines(topic);
    const waiting = chat.waiting.filter((one) => one.topic === topic);
    if (lines.length + waiting.length === 0) {
      return html`<li class="none">Nothing has been said here yet.</li>`;
    }
    return html`${repeat(lines, nameOf, (line, at) => this.#line(line, lines[at - 1]))}
    ${waiting.map(
      ({ text }) =>
        html`<li>
          <div class="who"><b>You</b><span class="mark waits">waits for the network</span></div>
          <p class="text">${text}</p>
        </li>`,
    )}`;
  }

  #line(line: Line, before: Line | undefined): TemplateResult {
    const { chat } = this.session!;
    const isAgain =
      before?.origin === line.origin && line.sentAt - before.sentAt < TOGETHER_MS && !line.isLate;
    const waitsFor = chat.waitsFor(line).map((id) => chat.nameOf(id));
    const isFirstNew = nameOf(line) === this.#firstUnread;
    return html`<li class=${isAgain && !isFirstNew ? 'again' : ''}>
      ${isFirstNew ? html`<div class="new">new</div>` : nothing}
      ${
        isAgain && !isFirstNew
          ? nothing
          : html`<div class="who">
              <b>${line.origin === chat.id ? 'You' : chat.nameOf(line.origin)}</b>
              ${moment(line.sentAt)}
              ${line.isLate ? html`<span class="mark">came later, from the other side</span>` : nothing}
            </div>`
      }
      <p class="text">${line.text}</p>
      ${waitsFor.length === 0 ? nothing : html`<span class="mark waits">waits for ${waitsFor.join(' and ')}</span>`}
    </li>`;
  }

  /** What stands between this tab and the others, and what that means. */
  #notice(): TemplateResult | typeof nothing {
    const { chat, outage, isConnected, isUnplugged, isFull } = this.session!;
    const { heard, of, hasMajority } = chat.reach;
    if (!isConnected) {
      return html`<p class="notice" role="status">
        <b>Not connected.</b> ${outage ?? 'Looking for the others.'} You can read and write; what
        you write is sent when the network is back.
      </p>`;
    }
    if (heard < of) {
      return html`<p class="notice" role="status">
        <b>${heard} of ${of} heard${isUnplugged ? ', the cable is pulled' : ''}.</b>
        ${
          hasMajority
            ? 'Everything goes on; who is away finds it in order afterwards.'
            : 'Topics cannot be joined or left, messages go on: all find them in order afterwards.'
        }
      </p>`;
    }
    const problem =
      chat.problem ?? (isFull ? 'This browser has no more room: drafts are forgotten.' : undefined);
    return problem === undefined ? nothing : html`<p class="notice" role="status">${problem}</p>`;
  }

  #describing(name: string, description: string): TemplateResult {
    return html`<form
      class="describing"
      @submit=${(event: SubmitEvent) => this.#describe(event, name)}
    >
      <label
        >What # ${name} is about
        <input name="about" maxlength=${DESCRIPTION_MAX} .value=${description} autocomplete="off" />
      </label>
      <button class="line">Keep</button>
    </form>`;
  }

  #composer(topic: string): TemplateResult {
    const { chat } = this.session!;
    return html`<form
      class="composer"
      novalidate
      @submit=${(event: Event) => this.#say(event, topic)}
    >
      <label class="hidden" for="say">Message to # ${topic}</label>
      <textarea
        id="say"
        rows="1"
        maxlength=${TEXT_MAX}
        placeholder="Message to # ${topic}"
        .value=${chat.draft(topic)}
        @input=${({ target }: Event) => chat.write(topic, (target as HTMLTextAreaElement).value)}
        @keydown=${(event: KeyboardEvent) => this.#pressed(event, topic)}
      ></textarea>
      <button class="primary">Say it</button>
      ${this.#complaintOf('say')}
      <p class="hint">
        <kbd>Enter</kbd> says it, <kbd>Shift Enter</kbd> begins a line, <kbd>Alt ↑</kbd>
        <kbd>Alt ↓</kbd> go to another topic
      </p>
    </form>`;
  }

  #complaintOf(form: string): TemplateResult | typeof nothing {
    const { complaint } = this;
    return complaint?.form === form
      ? html`<p class="complaint" role="alert">${complaint.text}</p>`
      : nothing;
  }

  #pressed(event: KeyboardEvent, topic: string): void {
    // A composed letter (of Chinese, say) ends with Enter as well.
    if (event.isComposing) return;
    if (event.key === 'Enter' && !event.shiftKey) this.#say(event, topic);
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    const joined = this.session!.chat.topics.filter(({ isJoined }) => isJoined);
    const at = joined.findIndex(({ name }) => name === topic);
    const step = event.key === 'ArrowUp' ? -1 : 1;
    const next = joined[(at + step + joined.length) % joined.length];
    if (next !== undefined) this.#open(next.name);
  }

  #say(event: Event, topic: string): void {
    event.preventDefault();
    const field = this.renderRoot.querySelector<HTMLTextAreaElement>('#say')!;
    const problem = this.session!.chat.say(topic, field.value);
    this.complaint = problem === undefined ? undefined : { form: 'say', text: problem };
    this.#wasAtEnd = true;
    this.#firstUnread = undefined;
    if (problem === undefined) field.value = '';
    field.focus();
  }

  readonly #join = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const field = form.querySelector('input')!;
    const read = readTopicName(field.value);
    if ('problem' in read) {
      this.complaint = { form: 'join', text: read.problem };
      field.focus();
      return;
    }
    this.#open(read.name, () => form.reset());
  };

  /** Shows a topic; whoever has not joined it joins it. */
  #open(name: string, done = (): void => {}): void {
    const { chat } = this.session!;
    this.complaint = undefined;
    this.isDescribing = false;
    const topic = chat.topics.find((each) => each.name === name);
    if (topic?.isJoined === true) {
      this.#noteUnread(name);
      chat.show(name);
      done();
      void this.updateComplete.then(() =>
        this.renderRoot.querySelector<HTMLElement>('#say')?.focus(),
      );
      return;
    }
    void this.#asking(name, 'join', () => chat.join(name)).then((isDone) => {
      if (isDone) done();
    });
  }

  #leave(name: string): void {
    void this.#asking(name, 'leave', () => this.session!.chat.leave(name));
  }

  async #asking(
    topic: string,
    form: string,
    ask: () => Promise<string | undefined>,
  ): Promise<boolean> {
    this.busy = topic;
    const problem = await ask();
    this.busy = undefined;
    this.complaint = problem === undefined ? undefined : { form, text: problem };
    return problem === undefined;
  }

  #describe(event: SubmitEvent, topic: string): void {
    event.preventDefault();
    const about = new FormData(event.currentTarget as HTMLFormElement).get('about');
    this.session!.chat.describe(topic, String(about));
    this.isDescribing = false;
  }

  /** Where one had read to, for as long as one looks at the topic. */
  #noteUnread(topic: string): void {
    const { chat } = this.session!;
    const first = chat.firstUnread(topic);
    void this.updateComplete.then(() => {
      this.#firstUnread = first;
      this.requestUpdate();
    });
  }

  /** What is shown to somebody who looks has been seen. */
  readonly #seen = (): void => {
    const chat = this.session?.chat;
    if (chat === undefined || document.visibilityState !== 'visible') return;
    const topic = chat.topics.find(({ name }) => name === chat.shown);
    if ((topic?.unread ?? 0) === 0) return;
    this.#firstUnread ??= chat.firstUnread(chat.shown);
    chat.show(chat.shown);
  };

  get #list(): HTMLElement | null {
    return this.hasUpdated ? this.renderRoot.querySelector<HTMLElement>('.lines') : null;
  }
}

/** The time of day; and the day, if it is another. */
function moment(atMs: number): TemplateResult {
  const at = new Date(atMs);
  // Somebody's clock may say anything.
  if (Number.isNaN(at.getTime())) return html`<time>at some time</time>`;
  const isToday = at.toDateString() === new Date().toDateString();
  const time = at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  return html`<time datetime=${at.toISOString()}
    >${isToday ? time : `${at.toLocaleDateString()} ${time}`}</time
  >`;
}

customElements.define('parley-chat', ParleyChat);

declare global {
  interface HTMLElementTagNameMap {
    'parley-chat': ParleyChat;
  }
}
