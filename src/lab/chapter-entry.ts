/** What lists and the lab know of a chapter without its code. */

import { stringify } from 'yaml';
import type { Bug } from '../core/bug.ts';
import type { Chapter } from '../core/chapter.ts';
import type { Faults } from '../core/faults/faults.ts';
import type { BugEntry, ChapterEntry } from './lab-service.ts';

/** A chapter as lists show it: plain data, which a page can be built with. */
export function entryOf(
  reference: string,
  chapter: Chapter,
  ownConfig: string | undefined,
): ChapterEntry {
  const { title, summary, subject, scenarios, algorithm, faults, bugs = [] } = chapter;
  const messages = [...messageTypes(algorithm.definition)];
  return {
    name: reference,
    title,
    summary,
    ...(subject === undefined ? {} : { subject }),
    config: ownConfig ?? scenarios[0]?.config ?? '',
    scenarios: scenarios.map(({ name, story, config, latencyMs, timeoutSeconds, faults: own }) => ({
      name,
      story,
      config,
      faults: yamlOf(own),
      ...(latencyMs === undefined ? {} : { latencyMs }),
      ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    })),
    faults: yamlOf(faults),
    bugs: bugs.map((bug) => bugEntry(bug, chapter)),
    messageTypes: messages,
  };
}

function bugEntry({ name, title, story, violates, seeds, shows }: Bug, chapter: Chapter): BugEntry {
  const { config, latencyMs, timeoutSeconds, faults = chapter.faults } = shows;
  return {
    ...{ name, title, story, violates, seeds, config: config.trimStart(), faults: yamlOf(faults) },
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
  };
}

function yamlOf(faults: Faults = {}): string {
  return Object.keys(faults).length === 0 ? '' : stringify(faults, { lineWidth: 0 });
}

type AnyDefinition = Chapter['algorithm']['definition'];

/** Messages of an algorithm and of the layers below it, in the order of their records. */
function* messageTypes({ messages, children }: AnyDefinition): Iterable<string> {
  yield* Object.keys(messages);
  for (const child of Object.values(children)) yield* messageTypes(child.definition);
}
