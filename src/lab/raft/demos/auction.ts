/**
 * A live auction: lots that close at a time, and bidders in several tabs. Which of two bids came first is what the log says, and nobody can
 * argue.
 *
 * Time comes through the log (`tick`). A bid in the last moments puts the end off, so that the last word belongs to who wants the lot most and
 * not to the fastest connection.
 */

import * as v from 'valibot';
import type { StateMachineDefinition } from '../defined-machine.ts';
import { cents, isRefusal, looked, moment, name, refuse, type Refusal } from './refusal.ts';

const commands = v.variant('do', [
  v.object({
    do: v.literal('offer'),
    lot: name,
    title: name,
    seller: name,
    /** Below it nothing is sold. */
    reserve: cents,
    /** A bid has to be so much above the one before. */
    step: v.optional(cents, 100),
    closesAt: moment,
  }),
  v.object({ do: v.literal('bid'), lot: name, bidder: name, cents }),
  v.object({ do: v.literal('tick'), at: moment }),
]);

/** What can be done at an auction. */
export type AuctionCommand = v.InferInput<typeof commands>;
type Known = v.InferOutput<typeof commands>;

/** A bid that was taken. */
export interface Bid {
  readonly bidder: string;
  readonly cents: number;
  readonly at: number;
}

/** Something that is sold. */
export interface Lot {
  readonly title: string;
  readonly seller: string;
  readonly reserve: number;
  readonly step: number;
  readonly closesAt: number;
  readonly state: 'open' | 'sold' | 'unsold';
  /** The best bid so far; after the end, the buyer's. */
  readonly best: Bid | null;
  /** How many there were. */
  readonly bids: number;
}

/** A lot, all lots, or what somebody has bought and sold. */
export type AuctionQuery =
  | { readonly of: 'lot'; readonly lot: string }
  | { readonly of: 'lots' }
  | { readonly of: 'account'; readonly who: string };

/** What a question is answered with. */
export type AuctionAnswer =
  | Lot
  | null
  | Record<string, Lot>
  | {
      readonly bought: readonly string[];
      readonly sold: readonly string[];
      readonly cents: number;
    };

interface State {
  now: number;
  readonly lots: Record<string, Lot>;
}

/** A bid that comes later than so many milliseconds before the end puts the end off to so many after it. */
export const SOFT_CLOSE_MS = 30_000;

/** A done command is answered with the lot, or with the lots that a tick has closed. */
export const auction: StateMachineDefinition<
  State,
  AuctionCommand,
  Lot | Record<string, Lot> | Refusal,
  AuctionQuery,
  AuctionAnswer
> = {
  initial: () => ({ now: 0, lots: {} }),
  apply(state, given) {
    const command = looked(commands, given);
    if (isRefusal(command)) return command;
    if (command.do === 'offer') return offer(state, command);
    return command.do === 'bid' ? bid(state, command) : tick(state, command.at);
  },
  query({ lots }, query) {
    if (query.of === 'lot') return lotOf(lots, query.lot) ?? null;
    if (query.of === 'lots') return lots;
    return accountOf(lots, query.who);
  },
};

function offer(state: State, { lot, ...offered }: Extract<Known, { do: 'offer' }>): Lot | Refusal {
  if (lotOf(state.lots, lot) !== undefined) return refuse(`there is a lot ${lot} already`);
  if (offered.closesAt <= state.now) return refuse('it would close before it opens');
  const { title, seller, reserve, step, closesAt } = offered;
  const made: Lot = {
    ...{ title, seller, reserve, step, closesAt },
    ...{ state: 'open', best: null, bids: 0 },
  };
  state.lots[lot] = made;
  return made;
}

function bid(
  state: State,
  { lot: id, bidder, cents: offered }: Extract<Known, { do: 'bid' }>,
): Lot | Refusal {
  const lot = lotOf(state.lots, id);
  if (lot === undefined) return refuse(`there is no lot ${id}`);
  if (lot.state !== 'open') return refuse(`${id} is ${lot.state}`);
  if (bidder === lot.seller) return refuse('who sells does not bid');
  if (bidder === lot.best?.bidder) return refuse(`${bidder} has the best bid already`);
  const least = lot.best === null ? lot.step : lot.best.cents + lot.step;
  if (offered < least) return refuse(`${offered} cents are too few: at least ${least}`);
  const isLate = state.now > lot.closesAt - SOFT_CLOSE_MS;
  const after: Lot = {
    ...lot,
    closesAt: isLate ? state.now + SOFT_CLOSE_MS : lot.closesAt,
    best: { bidder, cents: offered, at: state.now },
    bids: lot.bids + 1,
  };
  state.lots[id] = after;
  return after;
}

/** Time goes on, and lots close. */
function tick(state: State, at: number): Record<string, Lot> {
  state.now = Math.max(state.now, at);
  const closed: Record<string, Lot> = {};
  for (const [id, lot] of Object.entries(state.lots)) {
    if (lot.state !== 'open' || lot.closesAt > state.now) continue;
    const isSold = lot.best !== null && lot.best.cents >= lot.reserve;
    closed[id] = { ...lot, state: isSold ? 'sold' : 'unsold' };
    state.lots[id] = closed[id];
  }
  return closed;
}

function accountOf(lots: Record<string, Lot>, who: string): AuctionAnswer {
  const done = Object.entries(lots).filter(([, { state }]) => state === 'sold');
  const bought = done.filter(([, { best }]) => best!.bidder === who);
  const sold = done.filter(([, { seller }]) => seller === who);
  const sum = (some: typeof done): number =>
    some.reduce((total, [, { best }]) => total + best!.cents, 0);
  const names = (some: typeof done): string[] => some.map(([id]) => id).toSorted();
  return { bought: names(bought), sold: names(sold), cents: sum(sold) - sum(bought) };
}

function lotOf(lots: Record<string, Lot>, id: string): Lot | undefined {
  return Object.hasOwn(lots, id) ? lots[id] : undefined;
}
