/** The ping-pong chapter. */

import type { Chapter } from '../../core/chapter.ts';
import { bugs } from './bugs.ts';
import { faults } from './faults.ts';
import { invariants } from './invariants.ts';
import { PingPong, type PingPongState } from './ping-pong.ts';
import { scenarios } from './scenarios.ts';
import { view } from './view.ts';

export { PingPong };

/** Requests, casts, and who knows that a game is over. */
export const chapter: Chapter<PingPongState> = {
  name: 'pingpong',
  title: 'Ping-pong',
  summary: 'A ball between neighbours: requests that are answered, casts that are not.',
  subject: 'basics',
  algorithm: PingPong,
  invariants,
  scenarios,
  faults,
  bugs,
  view,
};
