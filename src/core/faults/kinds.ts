/** What can go wrong, by name: the words of plans, traces and results. */

/** Everything that can be planned and that is counted when it happens. */
export const FAULT_KINDS = [
  // On links.
  'loss',
  'duplication',
  'reordering',
  'bandwidth',
  'partition',
  // At nodes.
  'crash',
  'restart',
  'amnesia',
  'unsynced',
  'torn',
  'damaged',
  'full',
  'refused',
  'pause',
  'clock',
  // By nodes that lie.
  'equivocate',
  'forge',
  'replay',
  'withhold',
  'delay',
  'corrupt',
  'twins',
] as const;

/**
 * What one firing is:
 *
 * - `loss`, `duplication`, `bandwidth`: a message lost, doubled, or slowed down by its size;
 * - `reordering`: a message that a later one really overtook;
 * - `partition`: a message that was cut off;
 * - `crash`, `restart`: a node that went down, and came back;
 * - `amnesia`: a disk with something on it that was wiped; `unsynced`, `torn`: a write that was lost, or stored in part;
 * - `damaged`: a record in which a bit was turned; `full`, `refused`: a write that failed, for want of space or for no reason;
 * - `pause`: a pause in which something had to wait;
 * - `clock`: a node that looked at a clock that was wrong;
 * - `equivocate`, `forge`, `replay`, `withhold`, `delay`, `corrupt`: a message changed, made up, said again, kept back, held up, garbled;
 * - `twins`: a message that the second copy of a node sent.
 */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** What can become of a disk in a crash, or bring it about. */
export const DISK_FATES = [
  'kept',
  'unsynced',
  'torn',
  'amnesia',
  'damaged',
  'full',
  'refused',
] as const;

/** Behaviours of a Byzantine node. */
export const LIE_KINDS = [
  'equivocate',
  'forge',
  'replay',
  'withhold',
  'delay',
  'corrupt',
] as const satisfies readonly FaultKind[];

/** One behaviour of a Byzantine node. */
export type LieKind = (typeof LIE_KINDS)[number];

/** Why a node is not a correct one: nobody may count on what it does, and its end is no part of the run's. */
export type NodeFault =
  /** It may do anything, or there are two of it. */
  | 'byzantine'
  /** It is down. What it did before was right. */
  | 'crashed';

/** How often each fault fired; planned ones that never did are 0. */
export type FaultCounts = Readonly<Partial<Record<FaultKind, number>>>;
