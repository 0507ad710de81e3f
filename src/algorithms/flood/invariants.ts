/** What must be true at every moment. */

export { commonInvariants as invariants } from '../dissemination/invariants.ts';
export type { CommonVisible as VisibleState } from '../dissemination/visible.ts';
