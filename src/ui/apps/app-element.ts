/** What the elements of the applications have in common: a session, forms that say what is wrong, and one deed at a time. */

import { LitElement, nothing, html, type TemplateResult } from 'lit';
import { base, controls, tables } from '../kit/styles.ts';
import { Subscription } from '../kit/subscription.ts';
import type { AppSession } from './app-session.ts';
import { appStyles } from './apps-styles.ts';

/** One application's element. */
export abstract class AppElement extends LitElement {
  static override properties = {
    session: { attribute: false },
    complaint: { state: true },
    done: { state: true },
    busy: { state: true },
  };
  static override styles = [base, controls, tables, appStyles];
  declare session: AppSession | undefined;
  /** What is wrong, and in which form. */
  declare complaint: { readonly form: string; readonly text: string } | undefined;
  /** What was done last, for those who cannot see it. */
  declare done: string;
  /** The form whose deed is under way. */
  declare busy: string | undefined;

  constructor() {
    super();
    this.complaint = undefined;
    this.done = '';
    this.busy = undefined;
    new Subscription(this, () => this.session);
  }

  /** Commands that have to come before others: the time, where it matters. */
  protected commandsBefore(): readonly unknown[] {
    return [];
  }

  /**
   * Handles a form of this name: looks at its fields, has done what `commands` makes of them, and says how it went.
   *
   * @param commands the commands, or what is wrong, as a text
   */
  protected submit(
    name: string,
    commands: (values: ReadonlyMap<string, string>) => readonly unknown[] | string,
    said: string,
  ): (event: SubmitEvent) => void {
    return (event) => {
      event.preventDefault();
      // Enter, pressed twice.
      if (this.busy === name) return;
      const form = event.currentTarget as HTMLFormElement;
      const wrong = firstWrong(form);
      if (wrong !== undefined) this.complaint = { form: name, text: wrong };
      else {
        const values = new Map(
          [...new FormData(form)].map(([key, value]) => [key, String(value).trim()]),
        );
        void this.act(name, commands(values), said, form);
      }
    };
  }

  /** Has something done on behalf of a form or a button. */
  protected async act(
    name: string,
    commands: readonly unknown[] | string,
    said: string,
    form?: HTMLFormElement,
  ): Promise<void> {
    this.complaint = typeof commands === 'string' ? { form: name, text: commands } : undefined;
    if (typeof commands === 'string') return;
    this.busy = name;
    const problem = await this.session!.doAll([...this.commandsBefore(), ...commands]);
    this.busy = undefined;
    if (problem === undefined) {
      this.done = said;
      form?.reset();
      form?.querySelector('input')?.focus();
    } else this.complaint = { form: name, text: problem };
  }

  /** What is wrong with a form. */
  protected complaintOf(name: string): TemplateResult | typeof nothing {
    const { complaint } = this;
    return complaint?.form === name
      ? html`<p class="complaint" role="alert">${sentence(complaint.text)}</p>`
      : nothing;
  }

  /** Says what was done to those who listen. */
  protected spoken(): TemplateResult {
    return html`<p class="hidden" role="status">${this.done}</p>`;
  }
}

/** What is wrong with the first field that is not as it should be; it is given the focus. */
function firstWrong(form: HTMLFormElement): string | undefined {
  let wrong: HTMLInputElement | undefined;
  for (const field of form.querySelectorAll('input')) {
    const isGood = field.checkValidity() && !(field.required && field.value.trim() === '');
    field.setAttribute('aria-invalid', String(!isGood));
    if (!isGood) wrong ??= field;
  }
  wrong?.focus();
  return wrong && (wrong.dataset['problem'] ?? wrong.validationMessage);
}

function sentence(text: string): string {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}
