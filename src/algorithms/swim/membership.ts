/** What a node makes of news: it believes, doubts, contradicts, passes on, and tells the layer above. */

import type { NodeId } from '../../core/id.ts';
import type { Line, News } from './messages.ts';
import { publish, takeNews } from './news-desk.ts';
import { enterOrder } from './probe-order.ts';
import { retransmitLimit, suspicionTerms, type Standing } from './rules.ts';
import { groupSize, selfOf, verdictOf, type Effects, type State } from './state.ts';

/** Name of the timer that ends the suspicion of a node. */
export const suspicionTimer = (node: NodeId): string => `suspicion ${node}`;

/** Takes in one piece of news, whoever it came from. */
export function learn(state: State, now: number, news: News, out: Effects): void {
  const { node, status, incarnation } = news;
  if (node === selfOf(state)) {
    contradict(state, news, out);
    return;
  }
  // Strangers to the run are nobody's members.
  if (!state.roster.numbers.has(node)) return;
  const known = state.members.get(node);
  if (status === 'suspect' && known?.status === 'suspect' && known.incarnation === incarnation) {
    confirm(state, now, news, out);
    return;
  }
  if (known !== undefined && !out.rules.overrides(news, known)) return;
  if (known === undefined) enterOrder(state.order, node, state.random);
  state.members.set(node, { status, incarnation });
  publish(state.desk, news);
  if (known?.status === 'suspect') endSuspicion(state, node, out);
  if (status === 'suspect') beginSuspicion(state, now, news, out);
  tell(known, news, out);
}

/** Takes in what a message carried. */
export function learnAll(state: State, now: number, news: readonly News[], out: Effects): void {
  for (const item of news) learn(state, now, item, out);
}

/**
 * Takes in the table of another. What it holds for dead is suspected here first: two parts of a network that could not see one another
 * hold all of the other part for dead, and each of those must get the chance to contradict.
 */
export function merge(
  state: State,
  now: number,
  from: NodeId,
  table: readonly Line[],
  out: Effects,
): void {
  for (const line of table) {
    const isHearsay = line.status === 'dead' && state.members.has(line.node);
    const status = isHearsay ? 'suspect' : line.status;
    learn(state, now, { ...line, status, by: status === 'suspect' ? from : line.node }, out);
  }
}

/** All that this node knows, itself included. */
export function tableOf(state: State): Line[] {
  const { members, incarnation, left } = state;
  const own = { node: selfOf(state), status: left ? 'left' : 'alive', incarnation } as const;
  return [own, ...Array.from(members, ([node, standing]) => ({ node, ...standing }))];
}

/** What a message to `to` takes along: in any case what it should contradict. */
export function newsFor(state: State, to: NodeId, out: Effects): News[] {
  const { members, desk, parameters } = state;
  const limit = retransmitLimit(groupSize(state), parameters.retransmitMult);
  const taken = takeNews(desk, parameters.piggyback, to, (sends) =>
    out.rules.isSpent(sends, limit),
  );
  const standing = members.get(to);
  if (standing === undefined || standing.status === 'alive') return taken;
  if (taken.some(({ node }) => node === to)) return taken;
  const reminder: News = { node: to, ...standing, by: selfOf(state) };
  return [reminder, ...taken.slice(0, parameters.piggyback - 1)];
}

/** News of this node about itself. */
export function announce(state: State): void {
  const { incarnation, left } = state;
  const self = selfOf(state);
  publish(state.desk, { node: self, status: left ? 'left' : 'alive', incarnation, by: self });
}

/** Somebody says that this node is gone. Whoever was slow to answer is a little slower to accuse others. */
function contradict(state: State, said: Standing, out: Effects): void {
  if (state.left) return;
  const incarnation = out.rules.refutation(state.incarnation, said);
  if (incarnation === undefined) return;
  state.incarnation = incarnation;
  out.put({ incarnation });
  state.refutations++;
  state.health = Math.min(state.parameters.healthMax, state.health + 1);
  announce(state);
  out.log('debug', `I am here: called ${said.status} in incarnation ${said.incarnation}`);
}

function beginSuspicion(state: State, now: number, { node, by }: News, out: Effects): void {
  state.accusers.set(node, [by]);
  state.suspectedSince.set(node, now);
  setSuspicionTimer(state, now, node, out);
}

/** One more finds a suspected node silent: the more they are, the shorter the wait. */
function confirm(state: State, now: number, news: News, out: Effects): void {
  const accusers = state.accusers.get(news.node)!;
  const { confirmations } = termsOf(state);
  if (accusers.includes(news.by) || accusers.length > confirmations) return;
  accusers.push(news.by);
  publish(state.desk, news);
  setSuspicionTimer(state, now, news.node, out);
}

function setSuspicionTimer(state: State, now: number, node: NodeId, out: Effects): void {
  const shared = state.accusers.get(node)!.length - 1;
  const wholeMs = out.rules.suspicionMs(termsOf(state), shared);
  const since = state.suspectedSince.get(node)!;
  out.timer(suspicionTimer(node), Math.max(0, since + wholeMs - now));
}

function termsOf(state: State) {
  const { probeMs, suspicion } = state.parameters;
  return suspicionTerms(groupSize(state), probeMs, suspicion);
}

function endSuspicion(state: State, node: NodeId, out: Effects): void {
  state.accusers.delete(node);
  state.suspectedSince.delete(node);
  out.cancel(suspicionTimer(node));
}

/** What a node's log says of another. */
const SAID: { readonly [status in News['status']]: string } = {
  alive: 'is alive',
  suspect: 'is suspected',
  dead: 'is dead',
  left: 'has left',
};

/** The layer above hears what is new to it. */
function tell(known: Standing | undefined, { node, status }: News, out: Effects): void {
  const verdict = verdictOf(status);
  if (known !== undefined && verdictOf(known.status) === verdict) return;
  out.log(verdict === 'alive' ? 'debug' : 'info', `${node} ${SAID[status]}`);
  if (verdict === 'dead') out.deliver('dead', { node, left: status === 'left' });
  else out.deliver(verdict, { node });
}
