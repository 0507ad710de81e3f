/** What is decided in publish and subscribe, each as one sentence. */

/** Decisions of {@link PubSub}. */
export const rules = {
  isKnown,
  hasPassed,
  waitsForPlace,
  mayChange,
  storesFirst,
  takesOfOutsider,
  isWithinRate,
};

/** Rules as a bug may replace them. */
export type PubsubRules = typeof rules;

/** A number has been seen when everything up to it has come: streams have no gaps. */
function isKnown(last: number, have: number): boolean {
  return last <= have;
}

/** What a message depends on has passed when its stream has come so far (Birman, Schiper, Stephenson 1991). */
function hasPassed(passed: number, wanted: number): boolean {
  return passed >= wanted;
}

/** In total order nothing is delivered before what stands before it, even if that has not come yet. */
function waitsForPlace(): boolean {
  return true;
}

/** Subscriptions change where a majority of the members can be reached, oneself included: everybody else may only read them. */
function mayChange(reachable: number, members: number): boolean {
  return reachable >= Math.floor(members / 2) + 1;
}

/** What a node said that is out: only from those who stay, of whom one asked it. */
function takesOfOutsider(isBringerOut: boolean, way: 'spread' | 'asked for'): boolean {
  return way === 'asked for' && !isBringerOut;
}

/** A message is stored before it is sent: otherwise a crash forgets its number, and another message is given it. */
function storesFirst(): boolean {
  return true;
}

/** A batch comes in when its author has not used up what it may publish: it need not wait. */
function isWithinRate(waitMs: number): boolean {
  return waitMs === 0;
}
