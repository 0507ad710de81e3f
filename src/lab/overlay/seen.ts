/** Who has heard of whom: one bit for each pair of nodes, where there is room for them. */

/** Nodes above which the bits of all pairs would need more than 128 MiB. */
const NODES_MAX = 32_768;

/**
 * What a min-wise sampler was shown once need not be ranked again: it would not win either. Where a network is too large for a bit a
 * pair, everything counts as new, and the result is the same.
 */
export class Seen {
  readonly #bits: Int32Array | undefined;
  readonly #stride: number;

  constructor(nodes: number) {
    this.#stride = (nodes + 31) >>> 5;
    this.#bits = nodes <= NODES_MAX ? new Int32Array(nodes * this.#stride) : undefined;
  }

  /** Notes that `node` hears of `peer`; true when it had not. */
  add(node: number, peer: number): boolean {
    const bits = this.#bits;
    if (bits === undefined) return true;
    const word = node * this.#stride + (peer >>> 5);
    const bit = 1 << (peer & 31);
    if ((bits[word]! & bit) !== 0) return false;
    bits[word]! |= bit;
    return true;
  }

  /** `node` begins anew. */
  clear(node: number): void {
    this.#bits?.fill(0, node * this.#stride, (node + 1) * this.#stride);
  }
}
