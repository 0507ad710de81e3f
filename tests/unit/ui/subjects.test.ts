import { expect, test } from 'vitest';
import type { ChapterEntry } from '../../../src/lab/lab-service.ts';
import { bySubject } from '../../../src/ui/kit/subjects.ts';

const entry = (name: string, subject?: ChapterEntry['subject']): ChapterEntry => ({
  ...{ name, title: name, summary: '', config: '', scenarios: [] },
  ...{ faults: '', bugs: [], messageTypes: [] },
  ...(subject === undefined ? {} : { subject }),
});

test('chapters stand under their subjects, in reading order, and the reader’s own before them', () => {
  const chapters = [entry('gbps', 'membership'), entry('mine'), entry('echo', 'basics')];
  const groups = bySubject([...chapters, entry('pingpong', 'basics')]);
  expect(groups.map(({ heading, chapters: found }) => [heading, found.map((c) => c.name)])).toEqual(
    [
      ['Your own', ['mine']],
      ['First steps', ['echo', 'pingpong']],
      ['Who is there', ['gbps']],
    ],
  );
});
