/** Reads choices from data of any kind: a link, a file, another tab. Every problem is found, each with its place. */

import { DISK_FATES } from '../faults/kinds.ts';
import { Place, printPath, type PlaceProblem } from '../faults/place.ts';
import { TIME_MS_MAX } from '../faults/quantities.ts';
import type { NodeId } from '../id.ts';
import { nearest } from '../nearest-name.ts';
import type { Choice } from './choices.ts';

/** Choices of one run. Whoever has more than this means another run. */
export const CHOICES_MAX = 20_000;

/** Copies of one message. */
const ARRIVALS_MAX = 16;

/** Choices that cannot be. `message` has one line for each problem. */
export class ChoicesError extends Error {
  override readonly name = 'ChoicesError';
}

/** What each kind of choice may say; the first key tells the kind. */
const KINDS = {
  message: ['message', 'to', 'arrives', 'stray'],
  spare: ['spare', 'to'],
  timer: ['timer', 'node', 'at'],
  start: ['start', 'life', 'at'],
  crash: ['crash', 'at', 'for', 'disk'],
  pause: ['pause', 'at', 'for'],
  cut: ['cut', 'at', 'for', 'one_way'],
} as const;

type Kind = keyof typeof KINDS;

/**
 * Reads the choices of a run with these nodes.
 *
 * @throws {ChoicesError} with every problem and its place
 */
export function readChoices(data: unknown, nodes: readonly NodeId[]): readonly Choice[] {
  const problems: PlaceProblem[] = [];
  const choices = checkedChoices(new Place(data, ['choices'], problems), nodes);
  if (problems.length === 0) return choices;
  const lines = problems.map(({ path, message, suggestion }) => {
    const hint = suggestion === undefined ? '' : ` (did you mean '${suggestion}'?)`;
    return `${printPath(path)}: ${message}${hint}`;
  });
  throw new ChoicesError(lines.join('\n'));
}

function checkedChoices(place: Place, nodes: readonly NodeId[]): Choice[] {
  if (!Array.isArray(place.value)) {
    place.problem('choices are a list');
    return [];
  }
  if (place.value.length > CHOICES_MAX) {
    place.problem(`there are ${place.value.length} choices; a run has at most ${CHOICES_MAX}`);
    return [];
  }
  return place.items().flatMap((item) => readChoice(item, nodes) ?? []);
}

function readChoice(place: Place, nodes: readonly NodeId[]): Choice | undefined {
  const kind = (Object.keys(KINDS) as Kind[]).find((key) => !place.field(key).isMissing);
  if (!place.isMap || kind === undefined) {
    return place.problem(`a choice is about one of ${Object.keys(KINDS).join(', ')}`);
  }
  place.fields(KINDS[kind]);
  switch (kind) {
    case 'message':
      return readMessage(place, nodes);
    case 'spare': {
      const spare = readMessageId(place.field('spare'), nodes);
      const to = readNode(place.field('to'), nodes);
      return spare === undefined || to === undefined ? undefined : { spare, to };
    }
    case 'timer': {
      const timer = readNumber(place.field('timer'), 1);
      const node = readNode(place.field('node'), nodes);
      const at = readTime(place.field('at'));
      if (timer === undefined || node === undefined || at === undefined) return undefined;
      return { timer, node, at };
    }
    case 'start': {
      const start = readNode(place.field('start'), nodes);
      const at = readTime(place.field('at'));
      const lifePlace = place.field('life');
      const life = lifePlace.isMissing ? 0 : readNumber(lifePlace, 1);
      if (start === undefined || life === undefined || at === undefined) return undefined;
      return { start, ...(life === 0 ? {} : { life }), at };
    }
    case 'crash':
      return readCrash(place, nodes);
    case 'cut':
      return readCut(place, nodes);
    case 'pause': {
      const pause = readNode(place.field('pause'), nodes);
      const at = readTime(place.field('at'));
      const lasts = readTime(place.field('for'));
      if (pause === undefined || at === undefined || lasts === undefined) return undefined;
      return { pause, at, for: lasts };
    }
  }
}

function readMessage(place: Place, nodes: readonly NodeId[]): Choice | undefined {
  const message = readMessageId(place.field('message'), nodes);
  const to = readNode(place.field('to'), nodes);
  const arrives = place.field('arrives');
  const stray = place.field('stray');
  if (!Array.isArray(arrives.value)) {
    return arrives.problem('a list of times; an empty one for a message that is lost');
  }
  if (arrives.value.length > ARRIVALS_MAX) {
    return arrives.problem(`a message arrives at most ${ARRIVALS_MAX} times`);
  }
  if (!stray.isMissing && typeof stray.value !== 'boolean') stray.problem('true or false');
  const times = arrives.items().map(readTime);
  if (message === undefined || to === undefined || times.includes(undefined)) return undefined;
  const choice = { message, to, arrives: times as number[] };
  return stray.value === true ? { ...choice, stray: true } : choice;
}

function readCut(place: Place, nodes: readonly NodeId[]): Choice | undefined {
  const some = place.field('cut');
  const oneWay = place.field('one_way');
  if (!Array.isArray(some.value) || some.value.length === 0 || some.value.length > nodes.length) {
    return some.problem('a list of nodes');
  }
  if (!oneWay.isMissing && typeof oneWay.value !== 'boolean') oneWay.problem('true or false');
  const cut = some.items().map((item) => readNode(item, nodes));
  const at = readTime(place.field('at'));
  const lasts = readTime(place.field('for'));
  if (cut.includes(undefined) || at === undefined || lasts === undefined) return undefined;
  const choice = { cut: cut as NodeId[], at, for: lasts };
  return oneWay.value === true ? { ...choice, one_way: true } : choice;
}

function readCrash(place: Place, nodes: readonly NodeId[]): Choice | undefined {
  const crash = readNode(place.field('crash'), nodes);
  const at = readTime(place.field('at'));
  const [lastsPlace, diskPlace] = [place.field('for'), place.field('disk')];
  const lasts = lastsPlace.isMissing ? undefined : readTime(lastsPlace);
  const disk = DISK_FATES.find((fate) => fate === diskPlace.value);
  if (!diskPlace.isMissing && disk === undefined) {
    diskPlace.problem(`a disk is one of ${DISK_FATES.join(', ')}`);
  }
  if (crash === undefined || at === undefined) return undefined;
  return {
    crash,
    at,
    ...(lasts === undefined ? {} : { for: lasts }),
    ...(disk === undefined ? {} : { disk }),
  };
}

/** Sender and number of a message; undefined when it is no name of one. */
export function partsOfMessage(
  message: string,
): { readonly sender: NodeId; readonly number: number } | undefined {
  const match = /^(.*)#([1-9]\d{0,14})$/s.exec(message);
  return match === null ? undefined : { sender: match[1]!, number: Number(match[2]) };
}

function readMessageId(place: Place, nodes: readonly NodeId[]): string | undefined {
  const parts = typeof place.value === 'string' ? partsOfMessage(place.value) : undefined;
  if (parts === undefined) return place.problem('a message is named by sender and number: n1#12');
  if (!nodes.includes(parts.sender)) return noNode(place, parts.sender, nodes);
  return place.value as string;
}

function readNode(place: Place, nodes: readonly NodeId[]): NodeId | undefined {
  const { value } = place;
  if (typeof value !== 'string') return place.problem('here stands the name of a node');
  return nodes.includes(value) ? value : noNode(place, value, nodes);
}

function noNode(place: Place, id: string, nodes: readonly NodeId[]): undefined {
  return place.problem(`there is no node '${id.slice(0, 80)}'`, nearest(id, nodes));
}

function readNumber(place: Place, min: number): number | undefined {
  const { value } = place;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min) return value;
  return place.problem(`a whole number, ${min} or more`);
}

function readTime(place: Place): number | undefined {
  const { value } = place;
  if (typeof value !== 'number' || !(value >= 0) || value > TIME_MS_MAX) {
    return place.problem('a time is a number of milliseconds, from 0 to a day');
  }
  // Whole microseconds, as all times.
  return Math.round(value * 1000) / 1000;
}
