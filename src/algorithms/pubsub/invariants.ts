/** What must be true at every moment, whatever the network does. */

import type { Invariant, NodeView } from '../../core/invariant.ts';
import { firstOf, withState, type Verdict } from '../verdict.ts';
import type { PubsubState } from './state.ts';
import { matches } from './topics.ts';

type Node = NodeView<PubsubState>;

/** A message by its name, `7/n1:42`. */
interface Named {
  readonly stream: string;
  readonly number: number;
}

/** Invariants of {@link PubSub}. */
export const invariants: readonly Invariant<PubsubState>[] = [
  {
    name: 'No duplication: no subscription is delivered a message twice',
    check: eachOrder(({ id }, subscription, names) => {
      if (new Set(names).size === names.length) return undefined;
      const twice = names.find((name, at) => names.indexOf(name) !== at);
      return `${id} delivered ${twice} twice to '${subscription}'`;
    }),
  },
  {
    name: 'No creation: what is delivered was published, and to a topic of the subscription',
    check: withAuthors(
      (authors) =>
        ({ id }, subscription, names) =>
          firstOf(names, (name) => {
            const { stream, number } = read(name);
            const author = authors.get(stream);
            // Of an author that has lost its memory nothing is known.
            if (author === undefined || !author.started) return undefined;
            if (number > author.published)
              return `${id} delivered ${name}: ${author.published} were published`;
            const said = author.said.findLast(({ first }) => first <= number);
            const topic = said?.topics[number - said.first];
            if (topic === undefined || matches(patternOf(subscription), topic)) return undefined;
            return `${id} delivered ${name} of ${topic} to '${subscription}'`;
          }),
    ),
  },
  {
    name: 'FIFO: messages of one author are delivered in the order in which it published them',
    check: eachOrder(
      ({ id }, subscription, names) => {
        const latest = new Map<string, number>();
        return firstOf(names, (name) => {
          const { stream, number } = read(name);
          const before = latest.get(stream) ?? 0;
          latest.set(stream, number);
          return number > before
            ? undefined
            : `${id} delivered ${name} after ${before} to '${subscription}'`;
        });
      },
      (subscription) => !subscription.startsWith('total '),
    ),
  },
  {
    name: 'Causal order: what its author had when it published a message is delivered before it',
    check: withAuthors(
      (authors) => (node, subscription, names) => outOfOrder(node, subscription, names, authors),
      (subscription) => subscription.startsWith('causal '),
    ),
  },
  {
    name: 'Total order: no two nodes deliver the same two messages in different orders',
    check: (view) => {
      const nodes = withState(view).filter(({ state }) => hasTotal(state));
      return firstOf(nodes, (one) =>
        firstOf(Object.entries(one.state.orders), ([subscription, names]) => {
          if (!subscription.startsWith('total ')) return undefined;
          return firstOf(nodes, (other) =>
            other.id > one.id ? disagreement(one, other, subscription, names) : undefined,
          );
        }),
      );
    },
  },
  {
    name: 'Clocks: the Lamport time of a node is not less than the number of messages it has published',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) =>
        state.lamport >= state.published
          ? undefined
          : `${id} has published ${state.published} messages at time ${state.lamport}`,
      ),
  },
];

/**
 * Judges each order of each node. What was judged once stays so: a state is a new object when it has changed, and what an author published is
 * known before it is delivered.
 */
function eachOrder(
  judge: (node: Node, subscription: string, names: readonly string[]) => Verdict,
  fits: (subscription: string) => boolean = () => true,
): Invariant<PubsubState>['check'] {
  const judged = new WeakSet<object>();
  return (view) =>
    firstOf(withState(view), (node) => {
      const { orders } = node.state;
      if (judged.has(orders)) return undefined;
      const verdict = firstOf(Object.entries(orders), ([subscription, names]) =>
        fits(subscription) ? judge(node, subscription, names) : undefined,
      );
      if (verdict === undefined) judged.add(orders);
      return verdict;
    });
}

/** A delivery that came before something that its author had. */
function outOfOrder(
  { id }: Node,
  subscription: string,
  names: readonly string[],
  authors: Authors,
): Verdict {
  /** Of what stands behind: by stream, the message with the least number. */
  const behind = new Map<string, number>();
  return firstOf(names.toReversed(), (name) => {
    const { stream, number } = read(name);
    const said = authors.get(stream)?.said.findLast(({ first }) => first <= number);
    const late = Object.entries(said?.knew ?? {}).find(
      ([other, known]) => other !== stream && (behind.get(other) ?? Infinity) <= known,
    );
    behind.set(stream, Math.min(number, behind.get(stream) ?? Infinity));
    if (late === undefined) return undefined;
    return `${id} delivered ${name} before ${late[0]}:${behind.get(late[0])}, which its author had ('${subscription}')`;
  });
}

type Authors = ReadonlyMap<string, PubsubState>;

/** As {@link eachOrder}, with what each author says of itself. */
function withAuthors(
  judge: (
    authors: Authors,
  ) => (node: Node, subscription: string, names: readonly string[]) => Verdict,
  fits?: (subscription: string) => boolean,
): Invariant<PubsubState>['check'] {
  let authors: Authors = new Map();
  const check = eachOrder((...given) => judge(authors)(...given), fits);
  return (view) => {
    authors = new Map(withState(view).map(({ state }) => [state.stream, state]));
    return check(view);
  };
}

function hasTotal({ orders }: PubsubState): boolean {
  for (const subscription in orders) if (subscription.startsWith('total ')) return true;
  return false;
}

function disagreement(
  one: Node,
  other: Node,
  subscription: string,
  names: readonly string[],
): Verdict {
  const theirs = other.state.orders[subscription];
  if (theirs === undefined) return undefined;
  const [mine, common] = [new Set(names), new Set(theirs)];
  const left = names.filter((name) => common.has(name));
  const right = theirs.filter((name) => mine.has(name));
  const at = left.findIndex((name, place) => right[place] !== name);
  if (at < 0) return undefined;
  return `${one.id} delivered ${left[at]} where ${other.id} delivered ${right[at]} ('${subscription}')`;
}

function read(name: string): Named {
  const at = name.lastIndexOf(':');
  return { stream: name.slice(0, at), number: Number(name.slice(at + 1)) };
}

function patternOf(subscription: string): string {
  return subscription.slice(subscription.indexOf(' ') + 1);
}
