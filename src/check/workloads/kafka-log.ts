/** Histories of append-only logs as micro-operations: what was sent where, and what polls returned. */

import type { Value } from '../../core/value.ts';
import type { HistoryError, Operation } from '../history.ts';
import { isList, isMap, shown, textOf } from '../text.ts';
import { answerError, callError } from './workload.ts';

/** A message that was sent; `offset` is undefined when nobody knows it. */
export interface Send {
  readonly kind: 'send';
  readonly key: string;
  readonly message: string;
  readonly offset: number | undefined;
}

/** What one poll returned of one key, in order. */
export interface Poll {
  readonly kind: 'poll';
  readonly key: string;
  readonly messages: readonly { readonly offset: number; readonly message: string }[];
}

/**
 * The micro-operations of `send`, `poll` and `txn`: a list of [`send`, key, message], answered [`send`, key, [offset, message]], and of
 * [`poll`], answered [`poll`, {key: [[offset, message] …]}]. Of an operation without an answer the sends alone are known.
 */
export function microOperations(operation: Operation): (Send | Poll)[] {
  const { input, output } = operation;
  const isAnswered = output !== undefined;
  const fail = (problem: string) =>
    isAnswered ? answerError(operation, problem) : callError(operation, problem);
  const micros = isAnswered ? output : input;
  if (!isList(micros)) throw fail(`a list of sends and polls is expected, not ${shown(micros)}`);
  return micros.flatMap((micro): (Send | Poll)[] => {
    const [name, first, second] = isList(micro) ? micro : [];
    if (name === 'send' && first !== undefined && second !== undefined) {
      return [sendOf(textOf(first), second, isAnswered)];
    }
    if (name === 'poll') return first === undefined || first === null ? [] : pollsOf(first, fail);
    throw fail(`[send, key, message] or [poll] is expected, not ${shown(micro)}`);
  });
}

function sendOf(key: string, value: Value, isAnswered: boolean): Send {
  if (isAnswered && isList(value) && value.length === 2) {
    const [offset, message] = value as [Value, Value];
    if (typeof offset === 'number' || offset === null) {
      return { kind: 'send', key, message: textOf(message), offset: offset ?? undefined };
    }
  }
  return { kind: 'send', key, message: textOf(value), offset: undefined };
}

function pollsOf(answer: Value, fail: (problem: string) => HistoryError): Poll[] {
  if (!isMap(answer)) throw fail(`a poll returns lists by key, not ${shown(answer)}`);
  return Object.entries(answer).map(([key, pairs]) => {
    if (!isList(pairs)) throw fail(`a poll returns [offset, message] pairs, not ${shown(pairs)}`);
    const messages = pairs.map((pair) => {
      const [offset, message] = isList(pair) ? pair : [];
      if (typeof offset === 'number' && message !== undefined) {
        return { offset, message: textOf(message) };
      }
      throw fail(`a polled message is [offset, message], not ${shown(pair)}`);
    });
    return { kind: 'poll', key: keyOf(key), messages };
  });
}

/** Keys of maps are texts, even where sends name them by numbers. */
function keyOf(key: string): string {
  return /^(0|-?[1-9]\d*)$/.test(key) ? key : JSON.stringify(key);
}
