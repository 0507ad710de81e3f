/**
 * The name of a node, as the configuration writes it (`n1`, `node3`).
 *
 * A plain string, not a branded one: a student types `this.peers.get('n2')`.
 */
export type NodeId = string;

/** Longest id accepted; ids travel in every frame, and labels of the picture must fit. */
export const NODE_ID_LENGTH_MAX = 64;

/** Orders ids as people expect: `n2` before `n10`; the same in every engine, unlike `localeCompare`. */
export function compareIds(a: NodeId, b: NodeId): number {
  const left = splitDigits(a);
  const right = splitDigits(b);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const x = left[i]!;
    const y = right[i]!;
    if (x === y) continue;
    const byNumber = Number(x) - Number(y);
    if (byNumber !== 0 && !Number.isNaN(byNumber)) return byNumber;
    return x < y ? -1 : 1;
  }
  return left.length - right.length || (a < b ? -1 : a > b ? 1 : 0);
}

function splitDigits(id: string): string[] {
  return id.match(/\d+|\D+/g) ?? [];
}
