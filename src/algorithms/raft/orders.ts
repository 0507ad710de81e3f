/** Orders: what an operator asks of single nodes at set times, so that a run can be staged like a play. */

import type { Change } from './configuration.ts';
import { campaignHere, snapshotHere } from './operations.ts';
import { changeMembers } from './membership.ts';
import { proposeHere } from './proposals.ts';
import type { Order } from './settings.ts';
import { NOBODY, type Step } from './step.ts';
import { transferTo } from './transfer.ts';

/** The node has started: what it missed while it was down is not made up for. */
export function awaitOrders(step: Step): void {
  const { state } = step;
  const mine = state.own.orders.filter(({ node }) => node === state.me);
  state.orders = mine.filter(({ at }) => at >= state.nowMs).toSorted((a, b) => a.at - b.at);
  armOrders(step);
}

function armOrders({ state, out }: Step): void {
  const next = state.orders.find(({ at }) => at > state.nowMs);
  if (next !== undefined) out.timer('orders', Math.max(1, Math.ceil(next.at - state.nowMs)));
}

/** It is time for one of them. */
export function takeOrders(step: Step): void {
  obeyOrders(step);
  armOrders(step);
}

/** Carries out what is due, in its order. What only a leader can do waits until this node leads, and until it can be done. */
export function obeyOrders(step: Step): void {
  const { state } = step;
  while (state.orders.length > 0 && state.orders[0]!.at <= state.nowMs) {
    if (!obeyed(step, state.orders[0]!)) return;
    state.orders.shift();
  }
}

function obeyed(step: Step, order: Order): boolean {
  const { state } = step;
  switch (order.do) {
    case 'campaign':
      campaignHere(step, NOBODY);
      return true;
    case 'snapshot':
      snapshotHere(step, NOBODY);
      return true;
    case 'append': {
      const command = { do: 'append', key: order.key, value: order.text };
      if (state.lead === null) return false;
      proposeHere(step, NOBODY, { client: '', serial: 0, lowest: 0, command });
      return true;
    }
    case 'transfer':
      if (state.lead === null) return false;
      transferTo(step, NOBODY, order.to);
      return true;
    case 'change': {
      if (state.lead === null) return false;
      const changes = Object.entries(order.members).map(([node, make]): Change => ({ make, node }));
      return changeMembers(step, NOBODY, { changes, joint: false }) !== 'later';
    }
  }
}
