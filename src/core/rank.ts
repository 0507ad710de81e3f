/** A keyed rank on 32-bit numbers: the min-wise hash of peer sampling. Fast, the same everywhere, and no cryptography. */

/**
 * The rank of `key` under `seed`: with a random seed, each of a set of keys is as likely to have the least.
 *
 * MurmurHash3's finalizer (Austin Appleby, public domain) over their difference. Whoever knows the seed can look for a key that ranks
 * low: where peers may choose their names, these must be bound to something that costs, such as a signed admission.
 *
 * @returns an unsigned 32-bit number
 */
export function rank(seed: number, key: number): number {
  let mixed = seed ^ key;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
