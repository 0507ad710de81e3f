/** Chapters in the order in which one reads them, under what they are about. */

import { SUBJECTS, type Subject } from '../../core/chapter.ts';
import type { ChapterEntry } from '../../lab/lab-service.ts';

/** Chapters under one heading; there is at least one. */
export interface SubjectGroup {
  readonly heading: string;
  readonly chapters: readonly ChapterEntry[];
}

const HEADINGS: Readonly<Record<Subject, string>> = {
  basics: 'First steps',
  agreement: 'Elections and agreement',
  membership: 'Who is there',
  spreading: 'Spreading messages',
  computing: 'Computing together',
};

/** What the reader brought comes first: whoever names a module wants to see it. */
export function bySubject(chapters: readonly ChapterEntry[]): readonly SubjectGroup[] {
  return [undefined, ...SUBJECTS].flatMap((subject) => {
    const found = chapters.filter((chapter) => chapter.subject === subject);
    const heading = subject === undefined ? 'Your own' : HEADINGS[subject];
    return found.length === 0 ? [] : [{ heading, chapters: found }];
  });
}
