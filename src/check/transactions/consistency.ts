/**
 * What each level of consistency forbids: Adya 1999, section 4 and 5, in the summary of Elle's consistency models. Cycles with
 * the order of processes or of time count for the strong levels alone.
 */

/** Levels, each of which forbids what is listed, whatever else it is called in a database's manual. */
export const CONSISTENCY_LEVELS = [
  'read-uncommitted',
  'read-committed',
  'repeatable-read',
  'snapshot-isolation',
  'serializable',
  'strong-session-serializable',
  'strict-serializable',
] as const;

export type ConsistencyLevel = (typeof CONSISTENCY_LEVELS)[number];

/** Not even a system without isolation does these. */
const NEVER = ['duplicate-elements', 'incompatible-order', 'cyclic-versions', 'phantom'];

const READ_UNCOMMITTED = [...NEVER, 'G0'];
const READ_COMMITTED = [...READ_UNCOMMITTED, 'G1a', 'G1b', 'G1c'];
const SNAPSHOT = [...READ_COMMITTED, 'internal', 'lost-update', 'G-single', 'G-nonadjacent'];

/** Item anti-dependencies, those of single keys: the only ones these workloads have. */
const REPEATABLE_READ = [...READ_COMMITTED, 'lost-update', 'G-single', 'G-nonadjacent', 'G2'];
const SERIALIZABLE = [...SNAPSHOT, 'G2'];
const SESSION = [...SERIALIZABLE, ...SERIALIZABLE.map((kind) => `${kind}-process`)];
const STRICT = [...SESSION, ...SERIALIZABLE.map((kind) => `${kind}-realtime`)];

const FORBIDDEN: Readonly<Record<ConsistencyLevel, readonly string[]>> = {
  'read-uncommitted': READ_UNCOMMITTED,
  'read-committed': READ_COMMITTED,
  'repeatable-read': REPEATABLE_READ,
  'snapshot-isolation': SNAPSHOT,
  serializable: SERIALIZABLE,
  'strong-session-serializable': SESSION,
  'strict-serializable': STRICT,
};

/** Those of the kinds found that the level allows. */
export function allowedAt(level: ConsistencyLevel, kinds: readonly string[]): ReadonlySet<string> {
  return new Set(kinds.filter((kind) => !FORBIDDEN[level].includes(kind)));
}
