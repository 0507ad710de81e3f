/** An operator who meddles, so that a run shows members that come and go, and leaders that hand over. */

import { changeMembers } from './membership.ts';
import { configurationIn } from './state.ts';
import { NOBODY, type Step } from './step.ts';
import { transferTo } from './transfer.ts';

/** The operator's timer went off. In the end everybody is to vote again, or whoever is left out could not finish. */
export function meddle(step: Step): void {
  const { state, out } = step;
  const { meddle_interval: intervalMs, meddle_until: untilMs } = state.own;
  out.timer('operator', intervalMs);
  if (state.lead === null) return;
  const { voters } = configurationIn(state);
  const absent = state.nodes.filter((id) => !voters.includes(id));
  const isOver = state.nowMs >= untilMs;
  if (isOver && absent.length === 0) return;
  if (!isOver && state.random.chance(0.25)) {
    transferTo(step, null, undefined);
    return;
  }
  const leaves = !isOver && (absent.length === 0 || state.random.chance(0.5)) && voters.length > 2;
  const node = state.random.pick(leaves ? voters : absent);
  if (node === undefined) return;
  const changes = [{ make: leaves ? ('removed' as const) : ('voter' as const), node }];
  if (!isOver && state.random.chance(0.3) && leaves && absent.length > 0) {
    changes.push({ make: 'voter' as const, node: state.random.pick(absent) });
  }
  changeMembers(step, NOBODY, { changes, joint: false });
}
