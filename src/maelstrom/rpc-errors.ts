/** The errors of Maelstrom's protocol (its doc/protocol.md, “Errors”), by their codes. */

/** One kind of error. */
export interface ErrorKind {
  readonly code: number;
  readonly name: string;
  /** True when it says that nothing happened; otherwise nobody knows. */
  readonly isDefinite: boolean;
}

/** All kinds that have a name. */
export const ERROR_KINDS: readonly ErrorKind[] = [
  { code: 0, name: 'timeout', isDefinite: false },
  { code: 1, name: 'node-not-found', isDefinite: true },
  { code: 10, name: 'not-supported', isDefinite: true },
  { code: 11, name: 'temporarily-unavailable', isDefinite: true },
  { code: 12, name: 'malformed-request', isDefinite: true },
  { code: 13, name: 'crash', isDefinite: false },
  { code: 14, name: 'abort', isDefinite: true },
  { code: 20, name: 'key-does-not-exist', isDefinite: true },
  { code: 21, name: 'key-already-exists', isDefinite: true },
  { code: 22, name: 'precondition-failed', isDefinite: true },
  { code: 30, name: 'txn-conflict', isDefinite: true },
];

const BY_CODE = new Map(ERROR_KINDS.map((kind) => [kind.code, kind]));

/** The kind of a code; codes that the protocol does not name say nothing of what happened. */
export function errorKind(code: unknown): ErrorKind {
  const known = typeof code === 'number' ? BY_CODE.get(code) : undefined;
  if (known !== undefined) return known;
  const shown = typeof code === 'number' ? code : -1;
  return { code: shown, name: `error ${String(code)}`, isDefinite: false };
}

/** The kind that a text begins with, as in `precondition-failed: it is 3`; undefined for any other text. */
export function errorKindNamed(text: string): ErrorKind | undefined {
  return ERROR_KINDS.find(({ name }) => text === name || text.startsWith(`${name}:`));
}
