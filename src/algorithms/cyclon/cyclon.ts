/**
 * Cyclon, after Voulgaris, Gavidia and van Steen (2005), as the corner of gossip-based peer sampling that it is: the oldest
 * peer, push and pull, nothing healed, all that was sent given away.
 */

import * as v from 'valibot';
import { driven } from '../../core/machine-driver.ts';
import { defineMachine } from '../../core/machine.ts';
import { initialState, links, report, step, visible, type GbpsState } from '../gbps/gbps.ts';
import { messages } from '../gbps/messages.ts';
import { checkRules, VIEW_SIZE_MIN, type GbpsRules } from '../gbps/policy.ts';
import { rules } from '../gbps/rules.ts';
import { checkBootnodes, checkViewSize, refusedBy, samplerSettings, wholeFrom } from '../roster.ts';

const settings = {
  ...samplerSettings,
  /** Descriptors that a node keeps; half of them are shuffled in a cycle. */
  view_size: v.optional(wholeFrom(2), 4),
};

/** The machine, for search and for stepping by hand. */
export const cyclon = defineMachine<
  GbpsState,
  typeof messages,
  typeof settings,
  {},
  {},
  typeof rules
>('cyclon', {
  messages,
  settings,
  rules,
  service: true,
  transient: ['roster', 'cycles', 'exchanges', 'unanswered', 'refused'],
  checkSettings: ({ view_size: value, bootnodes }, seat) => [
    ...refusedBy('view_size', () => checkRules(rulesFor(value))),
    ...checkViewSize('view_size', value, seat, VIEW_SIZE_MIN),
    ...checkBootnodes(bootnodes, seat),
  ],
  init: (seat) => {
    const { view_size: viewSize, delay, bootnodes } = seat.settings;
    return initialState(seat, {
      ...{ rules: rulesFor(viewSize), pull: true, age: 1, delayMs: delay * 1000, bootnodes },
    });
  },
  step,
  visible,
  report,
  links,
});

function rulesFor(viewSize: number): GbpsRules {
  return { viewSize, heal: 0, swap: Math.floor(viewSize / 2), selection: 'old' };
}

/** The sampler as an algorithm. */
export class Cyclon extends driven(cyclon) {}
