/** What people read where rules are broken (decision 0059). */

import { plural } from '../kit/print-number.ts';

/** The words. */
export const WORDS = {
  title: 'Break it',
  ways: (count: number) => plural(count, 'way'),
  broken: (count: number) => `${plural(count, 'rule')} broken`,
  violates: (property: string) => `Breaks “${property}”`,
  setUp: 'Set up where it shows',
} as const;
