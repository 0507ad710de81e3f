/** Accounts between which money moves: Jepsen’s bank test, as an object. */

import type { Value } from '../../core/value.ts';
import { field, isMap, shown, textOf } from '../text.ts';
import { keyText, ModelError, numeric, type Model } from './model.ts';

type Balances = Readonly<Record<string, number>>;

type BankAction =
  | {
      readonly do: 'transfer';
      readonly from: string;
      readonly to: string;
      readonly amount: number;
    }
  | { readonly do: 'read'; readonly balances: Balances };

/**
 * `transfer` {from, to, amount}, which happens only if the balance suffices; `read` → balances of all accounts. The initial state maps
 * accounts to balances, and must be given.
 */
export const bank: Model<Balances, BankAction> = {
  name: 'bank',
  operations: ['transfer', 'read'],
  initial: (given) => balancesOf(given, 'the initial state of a bank'),
  action({ f, input, output }) {
    if (f === 'read') {
      // Not recorded: it tells nothing.
      if (output === undefined || output === null) return undefined;
      return { do: 'read', balances: balancesOf(output, 'a read of a bank') };
    }
    return { do: 'transfer', ...transferOf(input) };
  },
  step(state, action) {
    if (action.do === 'read') return textOf(state) === textOf(action.balances) ? state : undefined;
    const { from, to, amount } = action;
    const source = field(state, from);
    const target = field(state, to);
    if (source === undefined || target === undefined || source < amount) return undefined;
    if (from === to || amount === 0) return state;
    return { ...state, [from]: source - amount, [to]: target + amount };
  },
  isRead: (action) => action.do === 'read',
  foresight: {
    // No transfer changes the total.
    *impossible(actions, given) {
      const total = totalOf(balancesOf(given, 'the initial state of a bank'));
      for (const [at, { action }] of actions.entries()) {
        if (action.do === 'read' && totalOf(action.balances) !== total) yield at;
      }
    },
  },
  describe: (action) =>
    action.do === 'read'
      ? `read → ${shown(action.balances)}`
      : `transfer ${action.amount} from ${action.from} to ${action.to}`,
};

/** The accounts and their balances. @throws {ModelError} when it is anything else */
export function balancesOf(value: Value, what: string): Balances {
  if (!isMap(value))
    throw new ModelError(`${what} maps accounts to numbers; it is ${shown(value)}`);
  return Object.fromEntries(
    Object.entries(value).map(([account, balance]) => [
      account,
      numeric(balance, `${what}: the balance of ${account} is a number`),
    ]),
  );
}

function totalOf(balances: Balances): number {
  return Object.values(balances).reduce((sum, balance) => sum + balance, 0);
}

function transferOf(input: Value): { from: string; to: string; amount: number } {
  if (!isMap(input))
    throw new ModelError(`transfer takes {from, to, amount}; it is ${shown(input)}`);
  const amount = numeric(field(input, 'amount') ?? null, 'the amount of a transfer is a number');
  if (amount < 0) throw new ModelError(`a transfer moves 0 or more; it is ${amount}`);
  return {
    from: keyText(field(input, 'from') ?? null, 'transfer'),
    to: keyText(field(input, 'to') ?? null, 'transfer'),
    amount,
  };
}
