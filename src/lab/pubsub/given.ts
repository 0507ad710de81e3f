/** What a program gives a member, looked at before anything is done with it: what is wrong is said where it came in, and what would be right. */

import { NODE_ID_LENGTH_MAX, type NodeId } from '../../core/id.ts';
import { Refusal } from '../../core/errors.ts';
import { RESERVED } from './key-notes.ts';

const ORDERS: readonly unknown[] = ['fifo', 'causal', 'total'];

/** @throws {TypeError} when these are no options: no members, one of them twice, or a member that is none of them */
export function mustBeGroup(options: unknown): void {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`createPubSub wants options such as { room, members: ['n1', 'n2', 'n3'] }`);
  }
  const { id, members, others = [] } = options as { readonly [name: string]: unknown };
  const places = [...idsOf('members', members), ...idsOf('others', others)];
  if ((members as readonly NodeId[]).length === 0) {
    throw new TypeError('members is empty: name those with whom the registry is agreed on');
  }
  if (id !== undefined && !places.includes(id as NodeId)) {
    throw new TypeError(
      `id ${inQuotes(id)} is none of the group: name it in members, or in others`,
    );
  }
}

/** @throws {Refusal} when it is the group's own; {TypeError} when it is no text. What else is wrong with it the chapter says */
export function mustBeTopic(topic: unknown): void {
  mustBeText('topic', topic, 'chat/general');
  if (topic.startsWith(RESERVED)) {
    throw new Refusal(`${RESERVED} is the group's own: choose another beginning for the topic`);
  }
}

/** @throws {TypeError} when these are no bytes. Whether they are enough the keys say */
export function mustBeKey(what: string, key: unknown): void {
  if (key instanceof Uint8Array) return;
  throw new TypeError(
    `${what} is ${inQuotes(key)}: give bytes (a Uint8Array), such as those of roomKeyOfPassphrase`,
  );
}

/** @throws {TypeError} when the pattern is no text, or there is no such order */
export function mustBeReading(pattern: unknown, order: unknown): void {
  mustBeText('pattern', pattern, 'chat/#');
  if (order === undefined || ORDERS.includes(order)) return;
  throw new TypeError(`order is ${inQuotes(order)}: choose fifo, causal or total`);
}

function mustBeText(what: string, value: unknown, example: string): asserts value is string {
  if (typeof value === 'string') return;
  throw new TypeError(`the ${what} is no text but ${typeof value}: give one such as '${example}'`);
}

function idsOf(name: string, given: unknown): readonly NodeId[] {
  if (!Array.isArray(given)) {
    throw new TypeError(`${name} is no list: give the ids of a group, such as ['n1', 'n2', 'n3']`);
  }
  const seen = new Set<unknown>();
  for (const [at, id] of given.entries()) {
    if (typeof id !== 'string' || id === '' || id.length > NODE_ID_LENGTH_MAX) {
      throw new TypeError(
        `${name}[${at}] is ${inQuotes(id)}: an id is a text of 1 to ${NODE_ID_LENGTH_MAX} characters`,
      );
    }
    if (seen.has(id)) throw new TypeError(`${name} has ${inQuotes(id)} twice: name each once`);
    seen.add(id);
  }
  return given as readonly NodeId[];
}

function inQuotes(value: unknown): string {
  return typeof value === 'string' ? `'${value.slice(0, 80)}'` : typeof value;
}
