/** Runs of a page for others: as a link, and as a page of their own. */

import type { LinkedRun } from '../link/linked-run.ts';
import { writeRunLink } from '../link/run-link.ts';
import { labForOthers } from './page-address.ts';
import { pageChapter, pageSourceHash } from './page-chapters.ts';
import { algorithmHash } from '../room/algorithm-hash.ts';
import type { Run } from '../run.ts';

/** The link. @throws by rejection, with a message for people */
export async function shareRun({ linked, result }: Run): Promise<string> {
  if (linked === undefined) throw new Error('Only a simulated run can be sent as a link.');
  const { definition } = (await pageChapter(linked.algorithm)).chapter.algorithm;
  const { violation, trace_sha256: trace } = result ?? {};
  const sent: LinkedRun = {
    ...linked,
    hash: algorithmHash(definition, pageSourceHash(linked.algorithm)),
    ...(violation === undefined ? {} : { property: violation.invariant }),
    ...(trace === undefined || trace === null ? {} : { trace }),
  };
  return writeRunLink(sent, await labForOthers());
}

/** The page. @throws by rejection, with a message for people */
export async function pageOf(run: Run): Promise<string> {
  const [{ pageCode }, { htmlExport }, { runPage }] = await Promise.all([
    import('virtual:parley-trace-page'),
    import('../trace/html-export.ts'),
    import('../trace/run-page.ts'),
  ]);
  const { chapter } = await pageChapter(run.algorithm);
  return runPage(run, chapter.title, (title, facts) => htmlExport(title, facts, pageCode));
}
