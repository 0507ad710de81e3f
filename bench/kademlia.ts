/** How deep lookups go in large Kademlia networks at rest: the table of docs/overlays.md. No time of the machine is in it. */

import { KademliaWorld } from '../tests/support/kademlia-world.ts';

/** Runs and prints. */
export function bench(): void {
  for (const [k, alpha] of [
    [20, 3],
    [8, 3],
    [8, 1],
  ] as const) {
    for (const nodes of [100, 1000, 10_000, 100_000]) {
      const { depth, depth95, asked, found } = new KademliaWorld(nodes, k).measure(500, alpha);
      console.log(
        `  ${String(nodes).padStart(6)} nodes, k = ${k}, α = ${alpha}: depth ${depth.toFixed(2)}, ` +
          `95 % ${depth95}, asked ${asked.toFixed(1)}, found ${(found * 100).toFixed(0)} %`,
      );
    }
  }
}
