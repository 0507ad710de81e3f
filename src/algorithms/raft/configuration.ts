/**
 * Who belongs to the cluster, and how that changes: one voter at a time (dissertation, section 4.1) or any number through a joint
 * configuration (section 4.3). Pure: a change gives a new configuration, or says why not.
 */

import type { NodeId } from '../../core/id.ts';

/** The members. Lists are sorted, and frozen: states share them. */
export interface Configuration {
  /** Those whose majority decides. */
  readonly voters: readonly NodeId[];
  /** In a joint configuration the old voters, whose majority decides as well; otherwise empty. */
  readonly outgoing: readonly NodeId[];
  /** Get the log and decide nothing (section 4.2.1). */
  readonly learners: readonly NodeId[];
  /** Voters of the outgoing half that will be learners when the joint configuration is left. */
  readonly learnersNext: readonly NodeId[];
  /** Voters that keep terms and indexes only, and never lead. */
  readonly witnesses: readonly NodeId[];
  /** The leader leaves the joint configuration as soon as it is committed. */
  readonly autoLeave: boolean;
}

/** One step of a change. */
export interface Change {
  readonly make: 'voter' | 'learner' | 'witness' | 'removed';
  readonly node: NodeId;
}

/** A change that cannot be. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** A configuration of voters, with whatever else is given. */
export function configurationOf(
  voters: readonly NodeId[],
  rest: Partial<Omit<Configuration, 'voters'>> = {},
): Configuration {
  const { outgoing = [], learners = [], learnersNext = [], witnesses = [] } = rest;
  return Object.freeze({
    voters: sorted(voters),
    outgoing: sorted(outgoing),
    learners: sorted(learners),
    learnersNext: sorted(learnersNext),
    witnesses: sorted(witnesses),
    autoLeave: rest.autoLeave ?? false,
  });
}

/** True while two majorities decide. */
export function isJoint({ outgoing }: Configuration): boolean {
  return outgoing.length > 0;
}

/** True for a node that may be asked for its vote. */
export function isVoter({ voters, outgoing }: Configuration, id: NodeId): boolean {
  return voters.includes(id) || outgoing.includes(id);
}

/** Everybody who gets the log. */
export function membersOf({ voters, outgoing, learners }: Configuration): NodeId[] {
  return [...new Set([...voters, ...outgoing, ...learners])];
}

/** Changes at most one voter. @throws {ConfigurationError} */
export function simpleChange(
  before: Configuration,
  changes: readonly Change[],
  needsJoint = (votersChanged: number) => votersChanged > 1,
): Configuration {
  if (isJoint(before)) throw new ConfigurationError('a joint configuration has to be left first');
  const after = changed(before, changes);
  const difference =
    after.voters.filter((id) => !before.voters.includes(id)).length +
    before.voters.filter((id) => !after.voters.includes(id)).length;
  if (!needsJoint(difference)) return after;
  // Majorities of two configurations that differ by two voters need not share one (figure 4.3).
  throw new ConfigurationError('more than one voter changes: that takes a joint configuration');
}

/** The joint configuration of what is and what is to be. @throws {ConfigurationError} */
export function enterJoint(
  before: Configuration,
  changes: readonly Change[],
  autoLeave = false,
): Configuration {
  if (isJoint(before)) throw new ConfigurationError('the configuration is joint already');
  if (before.voters.length === 0) throw new ConfigurationError('there are no voters to change');
  return changed({ ...before, outgoing: before.voters, autoLeave }, changes);
}

/** From the joint configuration to the new one. @throws {ConfigurationError} */
export function leaveJoint(joint: Configuration): Configuration {
  if (!isJoint(joint)) throw new ConfigurationError('the configuration is not joint');
  const { voters, learners, learnersNext, witnesses } = joint;
  return configurationOf(voters, {
    learners: [...learners, ...learnersNext],
    witnesses: witnesses.filter((id) => voters.includes(id)),
  });
}

/** What `changes` make of it, by whichever way: the simple one where that will do. */
export function changeFor(
  before: Configuration,
  changes: readonly Change[],
  needsJoint?: (votersChanged: number) => boolean,
): Configuration {
  try {
    return simpleChange(before, changes, needsJoint);
  } catch (error) {
    if (isJoint(before)) throw error;
    return enterJoint(before, changes, true);
  }
}

function changed(before: Configuration, changes: readonly Change[]): Configuration {
  const sets = {
    voters: new Set(before.voters),
    learners: new Set(before.learners),
    learnersNext: new Set(before.learnersNext),
    witnesses: new Set(before.witnesses),
  };
  for (const { make, node } of changes) {
    // A learner stays what it is: it must not be forgotten and begin anew.
    if (make === 'learner' && (sets.learners.has(node) || sets.learnersNext.has(node))) continue;
    for (const set of Object.values(sets)) set.delete(node);
    if (make === 'voter' || make === 'witness') sets.voters.add(node);
    if (make === 'witness') sets.witnesses.add(node);
    if (make !== 'learner') continue;
    // Whoever votes in the outgoing half cannot be a learner yet: that would be both at once.
    if (before.outgoing.includes(node)) sets.learnersNext.add(node);
    else sets.learners.add(node);
  }
  if (sets.voters.size === 0) throw new ConfigurationError('no voter would be left');
  if (sets.voters.size === sets.witnesses.size) {
    throw new ConfigurationError('only witnesses would be left, and a witness cannot lead');
  }
  const { outgoing, autoLeave } = before;
  const [voters, learners] = [[...sets.voters], [...sets.learners]];
  const rest = { learnersNext: [...sets.learnersNext], witnesses: [...sets.witnesses] };
  return configurationOf(voters, { outgoing, learners, ...rest, autoLeave });
}

function sorted(ids: readonly NodeId[]): readonly NodeId[] {
  return Object.freeze([...new Set(ids)].toSorted());
}
