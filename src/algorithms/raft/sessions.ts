/** Clients whose commands are applied once, however often they are sent (dissertation, section 6.3). */

import type { Value } from '../../core/value.ts';

/** What is remembered of a client. */
export interface Session {
  /** Answers by serial, of those that the client may still ask for. */
  readonly answers: Map<number, Value>;
  /** Serials below are answered for good. */
  lowest: number;
  /** Index of its last command: the client that has been silent longest is forgotten first. */
  usedAt: number;
}

/** Clients by name. Part of the replicated state: it changes only by what is applied. */
export type SessionTable = Map<string, Session>;

/** What to do with a command. */
export type Duty =
  | { readonly kind: 'apply' }
  | { readonly kind: 'known'; readonly answer: Value }
  | { readonly kind: 'refuse'; readonly reason: string };

/**
 * Whether the command with this serial is to be applied. A serial whose answer was given up is refused, for to apply it again
 * would be wrong, and so is a client that was forgotten and does not begin anew.
 */
export function dutyOf(
  table: SessionTable,
  client: string,
  serial: number,
  isDuplicate: (wasApplied: boolean) => boolean,
): Duty {
  if (client === '') return { kind: 'apply' };
  const session = table.get(client);
  if (session === undefined) {
    if (serial <= 1) return { kind: 'apply' };
    return { kind: 'refuse', reason: `the session of ${client} is not known any more` };
  }
  const wasApplied = serial < session.lowest || session.answers.has(serial);
  if (!isDuplicate(wasApplied)) return { kind: 'apply' };
  if (session.answers.has(serial)) return { kind: 'known', answer: session.answers.get(serial)! };
  return { kind: 'refuse', reason: `serial ${serial} of ${client} was answered already` };
}

/** Remembers an answer, and forgets those below `lowest` and the client that was silent longest. */
export function remember(
  table: SessionTable,
  { client, serial, lowest }: { client: string; serial: number; lowest: number },
  answer: Value,
  { index, sessionsMax }: { readonly index: number; readonly sessionsMax: number },
): void {
  if (client === '') return;
  const session = table.get(client) ?? { answers: new Map<number, Value>(), lowest: 0, usedAt: 0 };
  session.answers.set(serial, answer);
  session.lowest = Math.max(session.lowest, lowest);
  session.usedAt = index;
  // They stand about in the order of their serials. What is behind one that is kept is looked at when that one goes: with a thousand commands
  // under way to look at all of them each time would be most of the work.
  for (const known of session.answers.keys()) {
    if (known >= session.lowest) break;
    session.answers.delete(known);
  }
  // Behind all others: a Map keeps its order, so the first is the one silent longest.
  table.delete(client);
  table.set(client, session);
  if (table.size > sessionsMax) table.delete(table.keys().next().value!);
}

/** For a snapshot; in the order of use. */
export function exportSessions(table: SessionTable): Value {
  return Array.from(table, ([client, { answers, lowest, usedAt }]) => ({
    ...{ client, lowest, usedAt },
    answers: Array.from(answers),
  }));
}

/** From a snapshot. */
export function importSessions(table: SessionTable, exported: Value): void {
  table.clear();
  for (const each of exported as unknown as ExportedSession[]) {
    const { client, lowest, usedAt, answers } = each;
    table.set(client, { lowest, usedAt, answers: new Map(answers) });
  }
}

interface ExportedSession {
  readonly client: string;
  readonly lowest: number;
  readonly usedAt: number;
  readonly answers: readonly (readonly [number, Value])[];
}
