/** What a chain is, and what is wrong with one that is none. Pure. */

import type { NodeId } from '../../core/id.ts';
import type { Hop } from './messages.ts';

/** Where and from whom a chain arrived. */
export interface Arrival {
  readonly sender: NodeId;
  readonly receiver: NodeId;
  /** Longest chain that the receiver takes. */
  readonly hopsMax: number;
}

/** Who signed a chain, in order. */
export function signersOf(chain: readonly Hop[]): NodeId[] {
  return chain.map(({ signer }) => signer);
}

/**
 * Why a chain cannot be what it seems, or undefined. The runtime has verified every signature
 * before; what is left to check is that the signed statements belong together.
 */
export function flawOf(chain: readonly Hop[], arrival: Arrival): string | undefined {
  const path = signersOf(chain);
  if (chain.length === 0) return 'it is empty';
  if (chain.length > arrival.hopsMax) return `it has made more than ${arrival.hopsMax} hops`;
  // Only the sender itself can have signed last: otherwise a third node sends on what was not meant
  // to go there.
  if (path.at(-1) !== arrival.sender) return `its last signer is ${path.at(-1)}`;
  if (path.includes(arrival.receiver)) return 'it has been here before';
  if (new Set(path).size < path.length) return 'somebody signed it twice';
  return flawedHop(chain, path);
}

/** LSP 1982, SM(m): `v:0:j1:…:jk`, each signature over everything to its left. */
function flawedHop(chain: readonly Hop[], path: readonly NodeId[]): string | undefined {
  const first = chain[0]!;
  for (const [index, { hop, path: signedPath, value, signer }] of chain.entries()) {
    if (hop !== index) return `${signer} signed hop ${hop} where hop ${index} belongs`;
    if (value !== first.value) return `${signer} signed another value than ${first.signer}`;
    if (signedPath.length !== index || signedPath.some((id, at) => id !== path[at])) {
      return `${signer} signed for the path ${signedPath.join(' → ') || '(empty)'}`;
    }
  }
  return undefined;
}
