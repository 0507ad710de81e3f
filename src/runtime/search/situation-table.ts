/** The situations of nodes that were met: equal ones are one object. */

import { encodeCanonical } from '../../core/canonical.ts';
import type { NodeId } from '../../core/id.ts';
import { hashable } from '../../core/machine-state.ts';
import type { Effect, Machine } from '../../core/machine.ts';
import type { NodeFacts } from '../../core/small-world.ts';
import { bitsOf } from './fingerprints.ts';
import { Interner, keyOf, textOfBytes } from './interner.ts';
import type { NodeSituation, Standing } from './node-situation.ts';
import { SearchError } from './search-error.ts';
import type { SearchedNode } from './searched-node.ts';

/** Apart from the bits of messages. */
const NODE_KIND = 0;

/** What counts of a node when situations are compared: plain objects, lists, Maps and Sets. */
export type NodeAbstraction = (node: NodeFacts) => object;

/** Situations, numbered. */
export class SituationTable {
  readonly #machine: Machine;
  readonly #abstraction: NodeAbstraction | undefined;
  /** Nodes may come back, so what they have stored matters. */
  readonly #countsDisk: boolean;
  readonly #known = new Interner<NodeSituation>();
  readonly #keys = new Interner<number>();

  constructor(machine: Machine, countsDisk: boolean, abstraction?: NodeAbstraction) {
    this.#machine = machine;
    this.#countsDisk = countsDisk;
    this.#abstraction = abstraction;
  }

  get size(): number {
    return this.#known.size;
  }

  /** The one object for a standing of this node. */
  take(node: SearchedNode, standing: Standing): NodeSituation {
    return this.#known.take(this.#textOf(node, standing), (number) => ({
      ...standing,
      number,
      bits: bitsOf(
        NODE_KIND,
        this.#abstraction === undefined ? number : this.#keyOf(node, standing),
      ),
      received: new Map(),
      ownSteps: undefined,
      crashes: undefined,
      restart: undefined,
    }));
  }

  /**
   * The text of a situation as if the node had another's name and place, and all others theirs.
   *
   * @throws {SearchError} when it holds what cannot be renamed
   */
  renamedText(
    { view, asked, state, calls, waiting, writes, disk, ...rest }: NodeSituation,
    id: NodeId,
    place: number,
    rename: <T>(part: T) => T,
  ): string {
    // A ticket is the number of a message, and that one has another name as well.
    if (asked.size > 0) throw new SearchError('nodes with open requests cannot be exchanged');
    const standing = {
      ...{ ...rest, asked, view: { ...view, id, state: rename(view.state) } },
      state: state === undefined ? undefined : rename(state),
      calls: rename(calls),
      waiting: rename(waiting),
      writes: rename(writes),
      disk: rename(disk),
    };
    const node = { id, place };
    if (this.#abstraction === undefined) return this.#textOf(node, standing);
    return this.#abstractText(node, standing);
  }

  #textOf(node: Place, standing: Standing): string {
    const { life, isFinished, state, timers, calls, asked, waiting, writes, disk, view } = standing;
    const hash =
      state === undefined || life === 'failed'
        ? encodeCanonical(view.state)
        : this.#machine.hash(state);
    const rest = [
      [node.place, life, isFinished],
      [...timers.keys()].toSorted(),
      [...calls].map(([ticket, { to, type }]) => [ticket, to, type]).toSorted(byFirst),
      [...asked].toSorted((a, b) => a - b),
      [...waiting, ...writes].map(asValue),
      writes.length,
      this.#countsDisk ? Object.fromEntries(disk) : null,
    ];
    const text = keyOf(rest);
    return `${text.length}:${text}${textOfBytes(hash)}`;
  }

  #keyOf(node: Place, standing: Standing): number {
    return this.#keys.take(this.#abstractText(node, standing), (number) => number);
  }

  #abstractText({ id, place }: Place, standing: Standing): string {
    const { state, life, isFinished, timers } = standing;
    const facts = { id, state, life, isFinished, timers: [...timers.keys()].toSorted() };
    return keyOf([place, hashable(this.#abstraction!(facts), NOTHING_HIDDEN)]);
  }
}

/** Which node it is. */
type Place = Pick<SearchedNode, 'id' | 'place'>;

const NOTHING_HIDDEN: ReadonlySet<string> = new Set();

function byFirst([a]: readonly unknown[], [b]: readonly unknown[]): number {
  return (a as number) - (b as number);
}

/** An effect inside the value domain; entries that a write removes are told from those that it does not mention. */
function asValue(effect: Effect): unknown {
  if (effect.kind !== 'put' && effect.kind !== 'write') return effect;
  const entries = Object.entries(effect.entries).map(([key, value]) =>
    value === undefined ? [key] : [key, value],
  );
  return [effect.kind, entries, effect.kind === 'write' ? effect.ticket : 0];
}
