/** What is decided when a chain comes, and before it goes on. */

import type { NodeId } from '../../core/id.ts';
import { flawOf } from './chain.ts';

/** Rules of {@link MessageChain}. */
export const rules = { flawOf, goesOn, isHeir, answer };

/** Whether a chain of so many hops may become longer. */
function goesOn(hops: number, hopsMax: number): boolean {
  return hops < hopsMax;
}

/** LSP 1982, SM(m) step 2: a chain goes to everybody whose signature is not on it. */
function isHeir(id: NodeId, signers: readonly NodeId[]): boolean {
  return !signers.includes(id);
}

/** When a chain is answered: when all that it caused has been answered (Dijkstra and Scholten 1980). */
function answer(spread: Promise<null>): Promise<null> {
  return spread;
}
