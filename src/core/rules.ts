/**
 * Rules: the decisions of an algorithm that have a name. How many make a quorum, whom a number is passed on to, what counts twice: each
 * is a function of its own, kept in a record beside the messages, so that the algorithm reads as it should and a mistake can be put in
 * the place of one of them (see `bug.ts`).
 */

/** Functions by their names. They read nothing but their arguments. */
export type Rules = { readonly [rule: string]: (...given: any[]) => unknown };
