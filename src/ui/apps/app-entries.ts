/** The applications, in words. */

import { html, type TemplateResult } from 'lit';
import type { DemoName } from '../../lab/raft/demo-code.ts';
import type { AppSession } from './app-session.ts';
import './parley-auction.ts';
import './parley-bank.ts';
import './parley-counters.ts';
import './parley-key-value.ts';

/** One application. */
export interface AppEntry {
  readonly demo: DemoName;
  readonly title: string;
  /** What it is for, in a sentence. */
  readonly summary: string;
  draw(session: AppSession): TemplateResult;
}

/** All of them. */
export const APPS: readonly AppEntry[] = [
  {
    demo: 'auction',
    title: 'Live auction',
    summary:
      'Offer things and bid from several tabs. Which of two bids came first is what the log says.',
    draw: (session) => html`<parley-auction .session=${session}></parley-auction>`,
  },
  {
    demo: 'bank',
    title: 'Bank',
    summary: 'Accounts, transfers and statements. No cent is lost, whichever tab is closed.',
    draw: (session) => html`<parley-bank .session=${session}></parley-bank>`,
  },
  {
    demo: 'counters',
    title: 'Counters',
    summary: 'Everybody counts at once, and nothing is counted twice.',
    draw: (session) => html`<parley-counters .session=${session}></parley-counters>`,
  },
  {
    demo: 'key-value',
    title: 'Key-value store',
    summary:
      'Entries with versions: what was read can be changed on the condition that nobody else has.',
    draw: (session) => html`<parley-key-value .session=${session}></parley-key-value>`,
  },
];
