/** A link that was opened in a page: what it is a run of here, and the run itself, in the worker of the simulator. */

import { algorithmHash } from '../room/algorithm-hash.ts';
import { pageChapter, pageChapterNames, pageSourceHash } from '../page/page-chapters.ts';
import type { Run } from '../run.ts';
import type { LinkedRun } from './linked-run.ts';
import { readRunLink } from './run-link.ts';

/** A link, read. */
export interface OpenedLink {
  readonly linked: LinkedRun;
  /** The chapter that it is a run of; undefined when this page has none of its name, or the link carries an algorithm of its own. */
  readonly chapter: string | undefined;
  /** True when the chapter is not what it was when the link was made. */
  readonly hasChanged: boolean;
  /**
   * Runs it; an algorithm that the link carries in a sandbox, and only when its reader has agreed. Undefined where this page has no such
   * algorithm.
   */
  readonly start: (() => Run) | undefined;
}

/**
 * Opens a link.
 *
 * @param run starts a simulation
 * @throws {LinkError} by rejection, with a message for people
 */
export async function openLink(link: string, run: (linked: LinkedRun) => Run): Promise<OpenedLink> {
  const linked = await readRunLink(link);
  const { algorithm, hash, source } = linked;
  const start = () => run(linked);
  const isForeign = { linked, chapter: undefined, hasChanged: false };
  if (source !== undefined) return { ...isForeign, start };
  if (!(await pageChapterNames()).includes(algorithm)) return { ...isForeign, start: undefined };
  const { definition } = (await pageChapter(algorithm)).chapter.algorithm;
  const here = algorithmHash(definition, pageSourceHash(algorithm));
  return {
    linked,
    chapter: algorithm,
    hasChanged: hash !== undefined && hash !== here,
    start,
  };
}
