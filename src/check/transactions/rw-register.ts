/**
 * Transactions that write unique values to registers and read the registers: Elle's rw-register (Kingsbury and Alvaro, VLDB 14(3), 2020,
 * section 4.4), with the versions' order inferred as Maelstrom does: the initial null precedes every value, and a transaction that
 * reads a value and writes another writes after it.
 */

import type { Value } from '../../core/value.ts';
import { HistoryError, nameOf, type Operation } from '../history.ts';
import { shown, textOf } from '../text.ts';
import { Findings, type Verdict } from '../verdict.ts';
import { componentsOf } from './components.ts';
import { Graph } from './graph.ts';
import { judgeTransactions, type TransactionOptions } from './judgement.ts';
import { transactionsOf, type Transaction } from './transaction.ts';

const VOCABULARY = { read: ['r', 'read'], write: ['w', 'write'] };

/** The version before every write. */
const INITIAL = 'null';

/** Judges `txn` [[`w`, key, value], [`r`, key, value or null] …]. Values must be unique for each key, and not null. */
export function checkRwRegister(
  operations: readonly Operation[],
  options: TransactionOptions = {},
): Verdict {
  const transactions = transactionsOf(operations, VOCABULARY);
  const findings = new Findings();
  const registers = registersOf(transactions);
  for (const transaction of transactions) noteTransaction(registers, transaction, findings);
  const graph = new Graph(transactions.length);
  for (const register of registers.values()) {
    addReads(graph, register);
    if (!hasCyclicVersions(register, findings)) addVersions(graph, register);
    reportLostUpdates(register, findings);
  }
  return judgeTransactions(transactions, graph, findings, { ...options, verb: 'write' });
}

interface Register {
  readonly key: string;
  /** Who wrote a value, by its text. */
  readonly writers: Map<string, Transaction>;
  /** Values that their transactions overwrote themselves. */
  readonly intermediate: Set<string>;
  /** Committed transactions that read a value before they wrote, by the value's text. */
  readonly readers: Map<string, Transaction[]>;
  /** For each value those that come later for certain: what who read it wrote. */
  readonly later: Map<string, Set<string>>;
  /** Those that read a value and then wrote. */
  readonly updates: Map<string, Transaction[]>;
}

/** Every key with its writers. @throws {HistoryError} when a value is written twice */
function registersOf(transactions: readonly Transaction[]): Map<string, Register> {
  const registers = new Map<string, Register>();
  for (const transaction of transactions) {
    const last = new Map<string, string>();
    for (const { kind, key, value } of transaction.accesses) {
      let register = registers.get(key);
      if (register === undefined) registers.set(key, (register = newRegister(key)));
      if (kind === 'read') continue;
      const text = textOf(value!);
      const { invoked } = transaction.operation;
      if (text === INITIAL) throw new HistoryError(invoked, `null is written to ${key}`);
      if (register.writers.has(text)) {
        throw new HistoryError(
          invoked,
          `${text} is written to ${key} twice: values must be unique`,
        );
      }
      register.writers.set(text, transaction);
      const before = last.get(key);
      if (before !== undefined) register.intermediate.add(before);
      last.set(key, text);
    }
  }
  return registers;
}

function newRegister(key: string): Register {
  return {
    key,
    writers: new Map(),
    intermediate: new Set(),
    readers: new Map(),
    later: new Map(),
    updates: new Map(),
  };
}

/** Notes what a committed transaction read before it wrote, what it wrote then, and what does not fit. */
function noteTransaction(
  registers: ReadonlyMap<string, Register>,
  transaction: Transaction,
  findings: Findings,
): void {
  if (transaction.fate !== 'committed') return;
  const seen = new Map<string, string>();
  const read = new Map<string, string>();
  const written = new Map<string, string>();
  for (const { kind, key, value } of transaction.accesses) {
    const text = textOf(value!);
    if (kind === 'write') {
      written.set(key, text);
    } else {
      const before = seen.get(key);
      if (before !== undefined && before !== text)
        reportInternal(transaction, key, value!, before, findings);
      else if (before === undefined) {
        read.set(key, text);
        noteRead(registers.get(key)!, transaction, text, findings);
      }
    }
    seen.set(key, text);
  }
  for (const [key, text] of written) {
    const before = read.get(key);
    if (before === undefined) continue;
    const { later, updates } = registers.get(key)!;
    push(updates, before, transaction);
    const after = later.get(before);
    if (after === undefined) later.set(before, new Set([text]));
    else after.add(text);
  }
}

function reportInternal(
  { operation }: Transaction,
  key: string,
  value: Value,
  before: string,
  findings: Findings,
): void {
  const detail = () =>
    `${nameOf(operation)} reads ${shown(value)} of ${key}, where it knew ${before}`;
  findings.add('internal', [operation.index], detail);
}

function noteRead(
  { key, writers, intermediate, readers }: Register,
  transaction: Transaction,
  text: string,
  findings: Findings,
): void {
  const { operation } = transaction;
  push(readers, text, transaction);
  if (text === INITIAL) return;
  const writer = writers.get(text);
  const report = (kind: string, what: string) => {
    const indexes = [...(writer === undefined ? [] : [writer.operation.index]), operation.index];
    findings.add(kind, indexes, () => `${nameOf(operation)} reads ${text} of ${key}${what}`);
  };
  if (writer === undefined) report('phantom', ', which nobody wrote');
  else if (writer.fate === 'aborted') report('G1a', `, but ${nameOf(writer.operation)} failed`);
  else if (writer !== transaction && intermediate.has(text)) {
    report('G1b', `, but ${nameOf(writer.operation)} wrote more`);
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}

function addReads(graph: Graph, { key, writers, readers }: Register): void {
  for (const [text, own] of readers) {
    const writer = writers.get(text);
    if (writer === undefined || writer.fate === 'aborted') continue;
    for (const reader of own) {
      const reason = () => `it wrote ${text} to ${key}, which the other read`;
      graph.add('wr', writer.number, reader.number, reason);
    }
  }
}

/** True when the values of a register would have to precede themselves. */
function hasCyclicVersions({ key, later }: Register, findings: Findings): boolean {
  const values = [...new Set([...later].flatMap(([text, after]) => [text, ...after]))];
  const numbers = new Map(values.map((text, number) => [text, number]));
  const versions = new Graph(values.length);
  for (const [text, after] of later) {
    for (const next of after) {
      versions.add('ww', numbers.get(text)!, numbers.get(next)!, () => '');
    }
  }
  const [component] = componentsOf(versions, new Set(['ww'])).components;
  if (component === undefined) return false;
  const detail = () =>
    `the values ${component.map((number) => values[number]).join(', ')} of ${key} each come after the others`;
  findings.add('cyclic-versions', [], detail);
  return true;
}

/** Who overwrote what, and who had read it before. */
function addVersions(graph: Graph, { key, writers, readers, later }: Register): void {
  // Every value comes after the initial null. One that may not be there does no harm: nothing comes after it.
  const real = [...writers].filter(([, { fate }]) => fate !== 'aborted').map(([text]) => text);
  const after = new Map<string, Iterable<string>>(later).set(INITIAL, real);
  for (const [text, nexts] of after) {
    for (const next of nexts) {
      const overwriter = writers.get(next)!;
      const writer = writers.get(text);
      if (writer !== undefined && writer.fate !== 'aborted') {
        const reason = () => `it wrote ${text} to ${key}, and the other wrote ${next} after it`;
        graph.add('ww', writer.number, overwriter.number, reason);
      }
      for (const reader of readers.get(text) ?? []) {
        const reason = () => `it read ${text} of ${key}, and the other wrote ${next} after it`;
        graph.add('rw', reader.number, overwriter.number, reason);
      }
    }
  }
}

/** Two that read the same value and then wrote: one of them was overtaken by the other, whichever came first (Elle). */
function reportLostUpdates({ key, updates }: Register, findings: Findings): void {
  for (const [text, own] of updates) {
    if (own.length < 2) continue;
    const names = () => own.map(({ operation }) => nameOf(operation)).join(' and ');
    const indexes = own.map(({ operation }) => operation.index);
    findings.add('lost-update', indexes, () => `${names()} read ${text} of ${key} and then write`);
  }
}
