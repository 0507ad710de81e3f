/** Bank totals: Jepsen's bank test. Whatever is transferred, every read of all accounts has the same total, and no balance is negative. */

import type { Value } from '../../core/value.ts';
import { nameOf, type Operation } from '../history.ts';
import { isMap, listed, shown } from '../text.ts';
import { Findings, type Verdict } from '../verdict.ts';
import { answerError, operationsNamed } from './workload.ts';

/**
 * Judges `read` → balances of all accounts, beside `transfer`s. The total is that of `initial`, or of the first read when that is null.
 */
export function checkBank(
  operations: readonly Operation[],
  {
    initial = null,
    mayBeNegative = false,
  }: { readonly initial?: Value; readonly mayBeNegative?: boolean } = {},
): Verdict {
  const reads = operationsNamed(operations, ['transfer', 'read']).filter(
    ({ f, outcome, output }) => f === 'read' && outcome === 'ok' && output !== null,
  );
  const findings = new Findings();
  let expected = isMap(initial) ? initial : undefined;
  for (const read of reads) {
    if (!isMap(read.output)) {
      throw answerError(read, `a read maps accounts to balances, it is not ${shown(read.output!)}`);
    }
    expected ??= read.output;
    checkRead(read, read.output, expected, mayBeNegative, findings);
  }
  const unknown = reads.length === 0 ? 'nothing was read' : undefined;
  const total = expected === undefined ? null : totalOf(expected);
  const facts = { reads: reads.length, total };
  return findings.verdict(`all ${reads.length} reads have the total ${total}`, { facts, unknown });
}

type Balances = { readonly [account: string]: Value };

function checkRead(
  read: Operation,
  balances: Balances,
  expected: Balances,
  mayBeNegative: boolean,
  findings: Findings,
): void {
  const others = Object.keys(balances).filter((account) => !Object.hasOwn(expected, account));
  const missing = Object.keys(expected).filter((account) => !Object.hasOwn(balances, account));
  const empty = Object.keys(balances).filter((account) => typeof balances[account] !== 'number');
  const report = (kind: string, what: string, accounts: readonly string[]) => {
    if (accounts.length === 0) return;
    findings.add(kind, [read.index], () => `${nameOf(read)} ${what} ${listed(accounts)}`);
  };
  report('unexpected-account', 'has the unknown accounts', others);
  report('missing-account', 'lacks the accounts', missing);
  report('no-balance', 'has no number for', empty);
  if (others.length + missing.length + empty.length > 0) return;
  const [total, wanted] = [totalOf(balances), totalOf(expected)];
  if (total !== wanted) {
    const detail = () =>
      `${nameOf(read)} has the total ${total} instead of ${wanted}: ${shown(balances)}`;
    findings.add('wrong-total', [read.index], detail);
  }
  if (mayBeNegative) return;
  const negative = Object.keys(balances).filter((account) => (balances[account] as number) < 0);
  report('negative-balance', 'has less than nothing on', negative);
}

function totalOf(balances: Balances): number {
  return Object.values(balances).reduce<number>((sum, balance) => sum + (balance as number), 0);
}
