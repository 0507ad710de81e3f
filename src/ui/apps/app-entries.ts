/** The applications, in words. */

import { html, type TemplateResult } from 'lit';
import type { AppCode, AppName } from './app-code.ts';
import { AppSession } from './app-session.ts';
import { ChatSession } from './chat/chat-session.ts';
import type { PlaceSession } from './place-session.ts';
import { VectorsSession } from './vectors/vectors-session.ts';
import './chat/parley-chat.ts';
import './chat/parley-people.ts';
import './parley-auction.ts';
import './parley-bank.ts';
import './parley-cluster.ts';
import './parley-counters.ts';
import './parley-key-value.ts';
import './vectors/parley-tabs.ts';
import './vectors/parley-vectors.ts';

/** One application. */
export interface AppEntry<Session extends PlaceSession = PlaceSession> {
  readonly app: AppName;
  readonly title: string;
  /** What it is for, in a sentence. */
  readonly summary: string;
  /** How many members a cluster of it may be founded with, and which of it is proposed. */
  readonly sizes: readonly number[];
  readonly size: number;
  /** What follows from so many, in words. */
  readonly sizeInWords: (members: number) => string;
  /** It can have a key, without which nobody reads anything. */
  readonly canBeClosed: boolean;
  enter(code: AppCode): Session;
  draw(session: Session): TemplateResult;
  /** What stands beside it. */
  drawAside(session: Session): TemplateResult;
}

/** Of a replicated log: an even one more would outlive no more failures. */
const LOG_SIZES = [1, 3, 5];

function logged(
  app: AppName,
  title: string,
  summary: string,
  draw: (session: AppSession) => TemplateResult,
): AppEntry<AppSession> {
  return {
    ...{ app, title, summary, draw, sizes: LOG_SIZES, size: 3, canBeClosed: false },
    sizeInWords: (members) =>
      members === 1 ? '1, this tab alone' : `${members} tabs, ${(members - 1) / 2} may be closed`,
    enter: (code) => AppSession.enter(code),
    drawAside: (session) => html`<parley-cluster .session=${session}></parley-cluster>`,
  };
}

const chat: AppEntry<ChatSession> = {
  app: 'chat',
  title: 'Chat',
  summary:
    'Topics that one joins and leaves. Pull a cable, go on talking, and find everything in order afterwards.',
  ...{ sizes: [2, 3, 5], size: 3, canBeClosed: true },
  sizeInWords: (members) => `${members} people, and guests`,
  enter: (code) => ChatSession.enter(code),
  draw: (session) => html`<parley-chat .session=${session}></parley-chat>`,
  drawAside: (session) => html`<parley-people .session=${session}></parley-people>`,
};

const vectors: AppEntry<VectorsSession> = {
  app: 'vectors',
  title: 'Averaging and learning',
  summary:
    'Every tab has numbers, or examples, of its own; by gossip alone all come to one mean, or one model. Watch them converge.',
  ...{ sizes: [2, 3, 5], size: 3, canBeClosed: false },
  sizeInWords: (members) => `${members} tabs, and guests`,
  enter: (code) => VectorsSession.enter(code),
  draw: (session) => html`<parley-vectors .session=${session}></parley-vectors>`,
  drawAside: (session) => html`<parley-tabs .session=${session}></parley-tabs>`,
};

/** All of them. */
export const APPS: readonly AppEntry[] = [
  chat,
  vectors,
  logged(
    'auction',
    'Live auction',
    'Offer things and bid from several tabs. Which of two bids came first is what the log says.',
    (session) => html`<parley-auction .session=${session}></parley-auction>`,
  ),
  logged(
    'bank',
    'Bank',
    'Accounts, transfers and statements. No cent is lost, whichever tab is closed.',
    (session) => html`<parley-bank .session=${session}></parley-bank>`,
  ),
  logged(
    'counters',
    'Counters',
    'Everybody counts at once, and nothing is counted twice.',
    (session) => html`<parley-counters .session=${session}></parley-counters>`,
  ),
  logged(
    'key-value',
    'Key-value store',
    'Entries with versions: what was read can be changed on the condition that nobody else has.',
    (session) => html`<parley-key-value .session=${session}></parley-key-value>`,
  ),
];

/** The application of a name. */
export function entryOf(app: string): AppEntry | undefined {
  return APPS.find((entry) => entry.app === app);
}
