/**
 * A descriptor as one number: whose it is in the low bits, and how many cycles ago that peer was heard of in those above. A view is then
 * one row of numbers, a descriptor moves in one step, and of two descriptors of one peer the smaller is the younger.
 */

/** Ages stop here at the latest: they fit into 16 bits on the wire, and whoever is older is just as old. */
export const AGE_MAX = 65_535;

/** All bits of a descriptor, which is never negative. */
const BITS = 0x7fffffff;

/** Bits that hold the numbers of so many peers. */
export function peerBitsFor(peers: number): number {
  let bits = 1;
  while (1 << bits < peers) bits++;
  return bits;
}

/** Where ages stop when peers take so many bits: {@link AGE_MAX} up to 32 768 peers, 2 047 in a network of a million. */
export function ageLimit(peerBits: number): number {
  return Math.min(AGE_MAX, BITS >> peerBits);
}

/** Packs one. */
export function descriptorOf(peer: number, age: number, peerBits: number): number {
  return (Math.min(age, ageLimit(peerBits)) << peerBits) | peer;
}

/** Whose it is. */
export function peerOf(descriptor: number, peerBits: number): number {
  return descriptor & peerMask(peerBits);
}

/** How old it is. */
export function ageOf(descriptor: number, peerBits: number): number {
  return descriptor >> peerBits;
}

/** The bits of the peer. */
export function peerMask(peerBits: number): number {
  return (1 << peerBits) - 1;
}
