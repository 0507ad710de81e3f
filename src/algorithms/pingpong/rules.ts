/** What is decided in a game. */

import type { Game } from './ping-pong.ts';

/** Rules of {@link PingPong}. */
export const rules = { isExpected, servesAgain, isOver };

/**
 * Whether a ball that comes back is the one that is out. One that was doubled on its way, or belongs to a game long abandoned, is let
 * through.
 */
function isExpected(sequence: number, { returned, abandoned }: Readonly<Game>): boolean {
  return abandoned === null && sequence === returned;
}

/** Whether there is another round. */
function servesAgain({ served }: Readonly<Game>, rounds: number): boolean {
  return served < rounds;
}

/** A game is over when every ball is back and every serve answered, or when it broke off. */
function isOver({ acknowledged, returned, abandoned }: Readonly<Game>, rounds: number): boolean {
  return abandoned !== null || (acknowledged >= rounds && returned >= rounds);
}
