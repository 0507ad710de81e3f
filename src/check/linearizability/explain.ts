/** Says in a sentence why a history is not linearizable. */

import { nameOf } from '../history.ts';
import type { Model } from '../models/model.ts';
import { counted, listed, shortened } from '../text.ts';
import type { Breaking } from './narrowing.ts';

/** The sentence. */
export function explained(breaking: Breaking, model: Model): string {
  const { objects, culprit, order, states, areAllStates, isCertain } = breaking;
  const { f, input, output } = culprit;
  const action: unknown = model.action({ f, input, output }, null);
  const what = action === undefined ? f : shortened(model.describe(action), 80);
  const sorted = states.toSorted().map((state) => shortened(state, 64));
  const where = objects.length === 0 ? '' : ` of ${listed(objects)}`;
  const fails = isCertain
    ? 'can take effect at no moment'
    : 'could be given no moment (nor could what follows)';
  const before = `${areAllStates ? 'every order' : 'an order'} of the ${counted(order.length, 'operation')} before it`;
  const leads =
    sorted.length === 1
      ? `${before} leads to the state ${sorted[0]}`
      : `orders of the operations before it lead to the states ${listed(sorted, 6, ' or ')}`;
  const after = order.length === 0 ? `the state is ${listed(sorted)}` : leads;
  return `“${what}” of ${nameOf(culprit)} ${fails}: ${after}${where}`;
}
