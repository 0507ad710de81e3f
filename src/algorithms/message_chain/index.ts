/** The message chain chapter. */

import type { Chapter } from '../../core/chapter.ts';
import { bugs } from './bugs.ts';
import { faults } from './faults.ts';
import { invariants } from './invariants.ts';
import { MessageChain, type MessageChainState } from './message-chain.ts';
import { scenarios } from './scenarios.ts';
import { view } from './view.ts';

export { MessageChain };

/** Signatures that travel, and the end of a diffusing computation. */
export const chapter: Chapter<MessageChainState> = {
  name: 'message_chain',
  title: 'Message chain',
  summary:
    'A value goes down every path, signed at each hop; its initiator learns when all is over.',
  subject: 'basics',
  algorithm: MessageChain,
  invariants,
  scenarios,
  faults,
  bugs,
  view,
};
