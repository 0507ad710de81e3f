/**
 * Transactions that append unique values to lists and read the lists: Elle's list-append (Kingsbury and Alvaro, VLDB 14(3), 2020, section 4.3).
 *
 * A read shows in which order everything before was appended, so almost the whole serialization graph can be seen.
 */

import type { Value } from '../../core/value.ts';
import { HistoryError, nameOf, type Operation } from '../history.ts';
import { isList, shown, textOf } from '../text.ts';
import { Findings, type Verdict } from '../verdict.ts';
import { Graph } from './graph.ts';
import { judgeTransactions, type TransactionOptions } from './judgement.ts';
import { transactionsOf, type Transaction } from './transaction.ts';

const VOCABULARY = { read: ['r', 'read'], write: ['append', 'a'] };

/** Judges `txn` [[`append`, key, value], [`r`, key, list or null] …]. Values must be unique for each key. */
export function checkListAppend(
  operations: readonly Operation[],
  options: TransactionOptions = {},
): Verdict {
  const transactions = transactionsOf(operations, VOCABULARY);
  const findings = new Findings();
  const lists = listsOf(transactions);
  const reads = transactions.flatMap((transaction) => readsOf(transaction, findings));
  for (const read of reads) noteRead(lists, read, findings);
  const graph = new Graph(transactions.length);
  for (const list of lists.values()) addWrites(graph, list);
  for (const read of reads) addRead(graph, lists.get(read.key)!, read);
  reportLostUpdates(reads, findings);
  return judgeTransactions(transactions, graph, findings, { ...options, verb: 'append' });
}

/** What one transaction saw of a key, without what it appended itself. */
interface ListRead {
  readonly transaction: Transaction;
  readonly key: string;
  /** The elements as texts. */
  readonly elements: readonly string[];
}

interface List {
  readonly key: string;
  /** Who appended an element, by its text. */
  readonly writers: Map<string, Transaction>;
  /** Elements that are not the last that their transactions appended to this key. */
  readonly intermediate: Set<string>;
  /** The longest list read, and each element's place in it. */
  order: readonly string[];
  places: ReadonlyMap<string, number>;
  unread?: readonly string[];
}

/** Every key with its writers. @throws {HistoryError} when an element is appended twice */
function listsOf(transactions: readonly Transaction[]): Map<string, List> {
  const lists = new Map<string, List>();
  for (const transaction of transactions) {
    const last = new Map<string, string>();
    for (const { kind, key, value } of transaction.accesses) {
      let list = lists.get(key);
      if (list === undefined) {
        const empty = { order: [], places: new Map<string, number>() };
        list = { key, writers: new Map(), intermediate: new Set(), ...empty };
        lists.set(key, list);
      }
      if (kind === 'read') continue;
      const element = textOf(value!);
      const other = list.writers.get(element);
      if (other !== undefined) {
        const { invoked } = transaction.operation;
        throw new HistoryError(
          invoked,
          `${element} is appended to ${key} twice: values must be unique`,
        );
      }
      list.writers.set(element, transaction);
      const before = last.get(key);
      if (before !== undefined) list.intermediate.add(before);
      last.set(key, element);
    }
  }
  return lists;
}

/** The reads of a committed transaction, the first of each key; notes those that do not fit what it did and saw itself. */
function readsOf(transaction: Transaction, findings: Findings): ListRead[] {
  if (transaction.fate !== 'committed') return [];
  const first = new Map<string, ListRead>();
  const own = new Map<string, string[]>();
  for (const { kind, key, value } of transaction.accesses) {
    const appended = own.get(key) ?? [];
    if (kind === 'write') {
      own.set(key, [...appended, textOf(value!)]);
      continue;
    }
    const elements = elementsOf(value!, transaction);
    const base = elements.slice(0, Math.max(0, elements.length - appended.length));
    const before = first.get(key);
    const endsWithOwn = appended.every((element, at) => elements[base.length + at] === element);
    const isSameBase = before === undefined || before.elements.join() === base.join();
    if (!endsWithOwn || !isSameBase) {
      const { operation } = transaction;
      const detail = () =>
        `${nameOf(operation)} reads ${shown(value!)} of ${key}, which does not follow from what it read and appended itself`;
      findings.add('internal', [operation.index], detail);
    } else if (before === undefined) first.set(key, { transaction, key, elements: base });
  }
  return [...first.values()];
}

function elementsOf(value: Value, { operation }: Transaction): string[] {
  if (value === null) return [];
  if (isList(value)) return value.map(textOf);
  throw new HistoryError(operation.returned, `a read returns a list or null, not ${shown(value)}`);
}

/** Checks one read for itself, and against the longest of its key. */
function noteRead(lists: ReadonlyMap<string, List>, read: ListRead, findings: Findings): void {
  const { transaction, key, elements } = read;
  const list = lists.get(key)!;
  const { operation } = transaction;
  const report = (kind: string, others: readonly Transaction[], what: () => string) => {
    const indexes = [...others.map((other) => other.operation.index), operation.index];
    findings.add(kind, indexes, () => `${nameOf(operation)} reads of ${key} ${what()}`);
  };
  if (new Set(elements).size < elements.length) {
    report('duplicate-elements', [], () => `one element twice: ${elements.join(',')}`);
    return;
  }
  for (const element of elements) {
    const writer = list.writers.get(element);
    if (writer === undefined) report('phantom', [], () => `${element}, which nobody appended`);
    else if (writer.fate === 'aborted') {
      report('G1a', [writer], () => `${element}, but ${nameOf(writer.operation)} failed`);
    }
  }
  const last = elements.at(-1);
  const writer = last === undefined ? undefined : list.writers.get(last);
  if (writer !== undefined && writer !== transaction && list.intermediate.has(last!)) {
    report(
      'G1b',
      [writer],
      () => `${last} as the last, but ${nameOf(writer.operation)} appended more`,
    );
  }
  const [shorter, longer] =
    elements.length > list.order.length ? [list.order, elements] : [elements, list.order];
  const differs = shorter.findIndex((element, at) => element !== longer[at]);
  if (differs >= 0) {
    const detail = () =>
      `${elements[differs]} at place ${differs}, another read ${list.order[differs]}`;
    report('incompatible-order', [], detail);
  } else if (longer !== list.order) {
    list.order = longer;
    list.places = new Map(longer.map((element, at) => [element, at]));
  }
}

/** Elements of a key that were appended but never read: beyond so many, what follows from them is left out. */
const UNREAD_MAX = 64;

/** Who appended what, in order; elements that nobody read come behind all that were read. */
function addWrites(graph: Graph, list: List): void {
  const { key, order, writers } = list;
  const really = order.filter((element) => (writers.get(element)?.fate ?? 'aborted') !== 'aborted');
  for (const [at, first] of really.entries()) {
    const isLast = at === really.length - 1;
    for (const second of isLast ? unreadOf(list) : [really[at + 1]!]) {
      const reason = () =>
        `it appended ${first} to ${key}, and the other appended ${second} after it`;
      graph.add('ww', writers.get(first)!.number, writers.get(second)!.number, reason);
    }
  }
}

/** Whose element a read saw last, and whose came next. */
function addRead(graph: Graph, list: List, { transaction, key, elements }: ListRead): void {
  const { order, writers } = list;
  const last = elements.at(-1);
  const writer = last === undefined ? undefined : writers.get(last);
  if (writer !== undefined && writer.fate !== 'aborted') {
    const reason = () => `it appended ${last} to ${key}, which the other read`;
    graph.add('wr', writer.number, transaction.number, reason);
  }
  // A read that contradicts the order says nothing of what came next.
  if (elements.some((element, at) => element !== order[at])) return;
  const next = order
    .slice(elements.length)
    .find((element) => (writers.get(element)?.fate ?? 'aborted') !== 'aborted');
  for (const element of next === undefined ? unreadOf(list) : [next]) {
    const reason = () => `it read ${key} without ${element}, which the other appended`;
    graph.add('rw', transaction.number, writers.get(element)!.number, reason);
  }
}

/** Elements behind all that were read. One that may not be there does no harm: nothing comes after it. */
function unreadOf(list: List): readonly string[] {
  list.unread ??= [...list.writers]
    .filter(([element, { fate }]) => fate !== 'aborted' && !list.places.has(element))
    .map(([element]) => element);
  return list.unread.length > UNREAD_MAX ? [] : list.unread;
}

/** Two that read the same list and then append to it: one of them was overtaken by the other, whichever came first (Elle). */
function reportLostUpdates(reads: readonly ListRead[], findings: Findings): void {
  const updates = new Map<string, Transaction[]>();
  for (const { transaction, key, elements } of reads) {
    if (!transaction.accesses.some((one) => one.kind === 'write' && one.key === key)) continue;
    const base = `${key} ${elements.join()}`;
    const others = updates.get(base);
    if (others === undefined) updates.set(base, [transaction]);
    else others.push(transaction);
  }
  for (const [base, own] of updates) {
    if (own.length < 2) continue;
    const names = () => own.map(({ operation }) => nameOf(operation)).join(' and ');
    const indexes = own.map(({ operation }) => operation.index);
    findings.add('lost-update', indexes, () => `${names()} read the same and then append: ${base}`);
  }
}
