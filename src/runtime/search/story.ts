/** A way through the search as a story: what happened, and what changed by it. */

import { counted, isMap, shown, textOf } from '../../check/text.ts';
import type { NodeId } from '../../core/id.ts';
import type { Value, ValueMap } from '../../core/value.ts';
import type { Choice } from './choice.ts';
import type { Outcome } from './node-situation.ts';
import type { Situation } from './situation.ts';
import type { World } from './world.ts';

/** One step of a story. */
export interface Step {
  /** Whom it happened to; undefined for the beginning. */
  readonly node: NodeId | undefined;
  /** What happened, in words. */
  readonly what: string;
  /** What is visible of the node and has changed. */
  readonly changes: readonly Change[];
  /** What it sent, in words. */
  readonly sent: readonly string[];
  /** What it logged and delivered; a crash or a throw. */
  readonly notes: readonly string[];
}

/** A field of a node's visible state. */
export interface Change {
  readonly field: string;
  readonly from: Value | undefined;
  readonly to: Value | undefined;
}

/** Tells the way that `choices` make from the beginning. @throws {RangeError} when there is no such way */
export function tell(world: World, choices: readonly number[]): readonly Step[] {
  const { situation, outcomes } = world.begin();
  const sent = outcomes.flatMap((outcome) => inWords(world, outcome));
  const notes = outcomes.flatMap((outcome) => notesOf(outcome));
  const steps: Step[] = [{ node: undefined, what: 'all nodes start', changes: [], sent, notes }];
  let at = situation;
  for (const ordinal of choices) {
    const { choice, next, outcome } = follow(world, at, ordinal);
    steps.push(stepOf(world, at, next, choice, outcome));
    at = next;
  }
  return steps;
}

/** What the choice with this ordinal leads to. */
export function follow(
  world: World,
  at: Situation,
  ordinal: number,
): { choice: Choice; next: Situation; outcome: Outcome | undefined } {
  let count = 0;
  let found: ReturnType<typeof follow> | undefined;
  world.next(at, (step) => {
    if (count++ !== ordinal) return;
    const { choice, outcome } = step;
    found = { choice, outcome, next: step.make() };
  });
  if (found === undefined) throw new RangeError(`there is no choice ${ordinal} here`);
  return found;
}

function stepOf(
  world: World,
  before: Situation,
  after: Situation,
  choice: Choice,
  outcome: Outcome | undefined,
): Step {
  const { node } = choice;
  return {
    node: world.nodes[node]!.id,
    what: describe(world, before, choice),
    changes: changesBetween(before.nodes[node]!.view.state, after.nodes[node]!.view.state),
    sent: outcome === undefined ? [] : inWords(world, outcome),
    notes: outcome === undefined ? [] : notesOf(outcome),
  };
}

/** The choice in words. */
function describe(world: World, before: Situation, choice: Choice): string {
  const id = world.nodes[choice.node]!.id;
  switch (choice.kind) {
    case 'deliver':
      return `${messageInWords(world, choice.message)} arrives`;
    case 'lose':
      return `${messageInWords(world, choice.message)} is lost`;
    case 'timer':
      return `${id}: its timer '${choice.name}' fires`;
    case 'written':
      return `${id}: its write is durable`;
    case 'give up': {
      const { type, to } = before.nodes[choice.node]!.calls.get(choice.ticket)!;
      return `${id}: its request '${type}' to ${to} times out`;
    }
    case 'crash': {
      const { writes, kept } = choice;
      if (writes === 0) return `${id} crashes`;
      return `${id} crashes, with ${kept} of ${counted(writes, 'write')} under way on its disk`;
    }
    case 'restart':
      return `${id} restarts`;
  }
}

function messageInWords(
  world: World,
  { from, to, kind, type, body }: Extract<Choice, { kind: 'deliver' }>['message'],
): string {
  const what = kind === 'cast' || kind === 'request' ? type : `${kind} to ${type}`;
  const content = textOf(body) === '{}' ? '' : ` ${shown(body, 80)}`;
  return `${world.nodes[from]!.id} → ${world.nodes[to]!.id} ${what}${content}`;
}

function inWords(world: World, { sent }: Outcome): string[] {
  return sent.map((message) => messageInWords(world, message));
}

function notesOf({ next, notes, problem }: Outcome): string[] {
  return [
    ...notes.map((note) => `${next.view.id}: ${note}`),
    ...(problem === undefined ? [] : [`${next.view.id} fails: ${problem}`]),
  ];
}

/** What differs, as deep as maps stand in maps: `round.value` rather than all of `round`. */
function changesBetween(before: ValueMap, after: ValueMap, within = ''): Change[] {
  const fields = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...fields].flatMap((key): Change[] => {
    const [from, to] = [before[key], after[key]];
    const field = `${within}${key}`;
    if (isMap(from) && isMap(to)) return changesBetween(from, to, `${field}.`);
    if (from !== undefined && to !== undefined && textOf(from) === textOf(to)) return [];
    return from === to ? [] : [{ field, from, to }];
  });
}
