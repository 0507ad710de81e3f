/** What the members of a chat publish, and the topics that it goes to: everything from others is looked at before it is shown. */

import * as v from 'valibot';
import type { Value } from '../../../core/value.ts';

/** Longest name of a person or a topic: one line on a phone. */
export const NAME_MAX = 40;
/** Longest description of a topic. */
export const DESCRIPTION_MAX = 200;
/** Longest message: more is a document, and belongs somewhere else. */
export const TEXT_MAX = 4000;

/** Names of people, by their place: `people/p1`. */
export const PEOPLE = 'people';
/** Descriptions of topics: `about/general`. */
export const ABOUT = 'about';
/** What is said: `talk/general`. */
export const TALK = 'talk';

const texts = {
  [PEOPLE]: v.object({ name: v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(NAME_MAX)) }),
  [ABOUT]: v.object({ text: v.pipe(v.string(), v.maxLength(DESCRIPTION_MAX)) }),
  [TALK]: v.object({ text: v.pipe(v.string(), v.nonEmpty(), v.maxLength(TEXT_MAX)) }),
};

/** The text in a payload of one of the three branches; undefined when it holds none. */
export function textIn(branch: keyof typeof texts, payload: Value): string | undefined {
  const read = v.safeParse(texts[branch], payload);
  if (!read.success) return undefined;
  return 'name' in read.output ? read.output.name : read.output.text;
}

/** Branch and leaf of a topic: `talk/general` is `['talk', 'general']`; undefined for one that is none of a chat. */
export function readTopic(topic: string): readonly [keyof typeof texts, string] | undefined {
  const at = topic.indexOf('/');
  const branch = topic.slice(0, at);
  const leaf = topic.slice(at + 1);
  const isKnown = branch === PEOPLE || branch === ABOUT || branch === TALK;
  return isKnown && leaf !== '' && leaf.length <= NAME_MAX ? [branch, leaf] : undefined;
}

/** A topic as somebody typed it; its problem, when it can be none. */
export function readTopicName(
  text: string,
): { readonly name: string } | { readonly problem: string } {
  const name = text.trim().replace(/^#+/, '').replaceAll(/\s+/g, '-').toLowerCase();
  if (name === '') return { problem: 'Write the name of a topic.' };
  if (name.length > NAME_MAX) return { problem: `A topic has at most ${NAME_MAX} letters.` };
  if (!/^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]*$/u.test(name)) {
    return { problem: 'A topic has letters, digits, hyphens, dots and underscores only.' };
  }
  return { name };
}
