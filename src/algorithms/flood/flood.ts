/**
 * Flooding: whoever hears a message for the first time tells all members of its topic that it knows, but those who have it. Nothing is
 * quicker, nothing loses less, and nothing sends more.
 */

import { driven } from '../../core/machine-driver.ts';
import {
  defineMachine,
  type MachineBase,
  type MachineInput,
  type Out,
} from '../../core/machine.ts';
import { arrive, takeCommon } from '../dissemination/common.ts';
import { calls, delivers, HOPS_MAX, settings } from '../dissemination/interface.ts';
import { membersOf, type CommonOut } from '../dissemination/peers.ts';
import { commonState, type Common, type Spreading } from '../dissemination/state.ts';
import { reportOf, visibleOf } from '../dissemination/visible.ts';
import { messages } from './messages.ts';
import { rules } from './rules.ts';

type State = Common & MachineBase;
type Effects = Out<typeof messages, typeof delivers, typeof calls, typeof rules> & CommonOut;
type Input = MachineInput<typeof messages, typeof calls>;

/** To all members that do not have it yet, as far as one can know. */
const spreading: Spreading<State, Effects> = {
  spread(state, publication, hops, from, _now, out) {
    if (hops >= HOPS_MAX) return;
    const members = membersOf(state, publication.topic);
    for (const to of out.rules.receivers(members, from, publication.signer)) {
      state.counts.forwarded++;
      out.send(to, 'carry', { publication, hops: hops + 1 });
    }
  },
};

/** The machine, for stepping by hand. */
export const flood = defineMachine<
  Common,
  typeof messages,
  typeof settings,
  typeof delivers,
  typeof calls,
  typeof rules
>('flood', {
  messages,
  settings,
  delivers,
  calls,
  rules,
  service: true,
  transient: ['counts'],
  init: commonState,
  step(state, input: Input, out) {
    const effects = out as Effects;
    if (takeCommon(state, input, spreading, effects) || input.kind !== 'message') return;
    if (input.type === 'carry') {
      arrive(state, input.from, input.message, input.now, spreading, effects);
    }
  },
  visible: visibleOf,
  report: reportOf,
});

/** The service as an algorithm. */
export class Flood extends driven(flood) {}
