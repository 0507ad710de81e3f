/**
 * A bank: accounts in whole cents, none of them below zero, and a statement that explains every balance. Money is neither made nor lost
 * but by deposits and withdrawals.
 *
 * The bank's time is what the log says (`tick`): whoever has a clock proposes it, and it never goes back. So a statement has the same times
 * everywhere, and a replay of the log makes the same statement.
 */

import * as v from 'valibot';
import type { StateMachineDefinition } from '../defined-machine.ts';
import { cents, isRefusal, looked, moment, name, refuse, type Refusal } from './refusal.ts';

const commands = v.variant('do', [
  v.object({ do: v.literal('open'), account: name, owner: name }),
  v.object({ do: v.literal('deposit'), account: name, cents }),
  v.object({ do: v.literal('withdraw'), account: name, cents }),
  v.object({ do: v.literal('transfer'), from: name, to: name, cents }),
  v.object({ do: v.literal('tick'), at: moment }),
]);

/** What can be done at a bank. */
export type BankCommand = v.InferInput<typeof commands>;
type Known = v.InferOutput<typeof commands>;

/** One line of a statement. */
export interface StatementLine {
  /** The bank's time. */
  readonly at: number;
  readonly what: 'open' | 'deposit' | 'withdraw' | 'from' | 'to';
  /** The other account of a transfer. */
  readonly other?: string;
  readonly cents: number;
  /** Afterwards. */
  readonly balance: number;
}

/** An account. */
export interface Account {
  readonly owner: string;
  readonly balance: number;
  /** Lines that are kept no more have this balance as their sum. */
  readonly carried: number;
  readonly lines: readonly StatementLine[];
}

/** One account's balance or statement, all accounts, or all the money there is. */
export type BankQuery =
  | { readonly of: 'balance' | 'statement'; readonly account: string }
  | { readonly of: 'accounts' | 'total' | 'time' };

/** What a question is answered with. */
export type BankAnswer =
  | number
  | null
  | Account
  | readonly { readonly account: string; readonly owner: string; readonly balance: number }[];

interface State {
  now: number;
  readonly accounts: Record<string, Account>;
}

/** Lines of a statement that are kept; older ones are carried as one sum, so that a bank does not grow for ever. */
export const STATEMENT_LINES_MAX = 100;

/** A done command is answered with the balances that it has changed. */
export const bank: StateMachineDefinition<
  State,
  BankCommand,
  Record<string, number> | Refusal,
  BankQuery,
  BankAnswer
> = {
  initial: () => ({ now: 0, accounts: {} }),
  apply(state, given) {
    const command = looked(commands, given);
    return isRefusal(command) ? command : perform(state, command);
  },
  query({ now, accounts }, query) {
    switch (query.of) {
      case 'balance':
        return accountOf(accounts, query.account)?.balance ?? null;
      case 'statement':
        return accountOf(accounts, query.account) ?? null;
      case 'accounts':
        return Object.entries(accounts)
          .map(([account, { owner, balance }]) => ({ account, owner, balance }))
          .toSorted((a, b) => (a.account < b.account ? -1 : 1));
      case 'total':
        return Object.values(accounts).reduce((sum, { balance }) => sum + balance, 0);
      case 'time':
        return now;
    }
  },
};

function perform(state: State, command: Known): Record<string, number> | Refusal {
  const { accounts } = state;
  switch (command.do) {
    case 'tick':
      // Somebody's clock may be behind another's.
      state.now = Math.max(state.now, command.at);
      return {};
    case 'open': {
      const { account, owner } = command;
      if (accountOf(accounts, account) !== undefined) {
        return refuse(`there is an account ${account} already`);
      }
      accounts[account] = { owner, balance: 0, carried: 0, lines: [] };
      return book(state, [{ account, what: 'open', cents: 0 }]);
    }
    case 'deposit':
      return book(state, [{ account: command.account, what: 'deposit', cents: command.cents }]);
    case 'withdraw':
      return book(state, [{ account: command.account, what: 'withdraw', cents: -command.cents }]);
    case 'transfer': {
      const { from, to } = command;
      if (from === to) return refuse('a transfer needs two accounts');
      return book(state, [
        { account: from, what: 'to', other: to, cents: -command.cents },
        { account: to, what: 'from', other: from, cents: command.cents },
      ]);
    }
  }
}

interface Booking extends Pick<StatementLine, 'what' | 'other' | 'cents'> {
  readonly account: string;
}

/** Books all of it or nothing. */
function book(state: State, bookings: readonly Booking[]): Record<string, number> | Refusal {
  const { accounts, now } = state;
  for (const { account, cents: amount } of bookings) {
    const found = accountOf(accounts, account);
    if (found === undefined) return refuse(`there is no account ${account}`);
    if (found.balance + amount < 0) return refuse(`${account} has only ${found.balance} cents`);
    if (!Number.isSafeInteger(found.balance + amount)) return refuse(`${account} is full`);
  }
  const balances: Record<string, number> = {};
  for (const { account, ...line } of bookings) {
    const before = accounts[account]!;
    const balance = before.balance + line.cents;
    const lines = [...before.lines, { at: now, ...line, balance }];
    const dropped = lines.splice(0, Math.max(0, lines.length - STATEMENT_LINES_MAX));
    const carried = dropped.at(-1)?.balance ?? before.carried;
    accounts[account] = { owner: before.owner, balance, carried, lines };
    balances[account] = balance;
  }
  return balances;
}

function accountOf(accounts: Record<string, Account>, account: string): Account | undefined {
  return Object.hasOwn(accounts, account) ? accounts[account] : undefined;
}
