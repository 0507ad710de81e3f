/**
 * The house rules as tests, over every file that git tracks or would track.
 *
 * docs/style.md says which rule is held where. Each check is tried on a small violation too: a rule
 * that cannot fail guards nothing.
 */

import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { computesTheSameEverywhere } from './tidy/determinism.ts';
import { decisionsHaveFourParts, decisionsHaveOwnNumbers } from './tidy/documents.ts';
import { filesAreNamedLikeTags } from './tidy/elements.ts';
import { wordsStandTogether } from './tidy/words.ts';
import { isErasable } from './tidy/language.ts';
import { importsGoDown, importsNameFiles } from './tidy/layers.ts';
import { readRepository } from './tidy/repository.ts';
import {
  filesAreShort,
  filesGettingLong,
  foldersExplainThemselves,
  namesAreKebab,
} from './tidy/shape.ts';
import { print, type Check, type SourceFile } from './tidy/source-file.ts';
import { samples } from './tidy/samples.ts';
import {
  disabledRulesSayWhy,
  lockNamesNoRegistry,
  noConflictMarkers,
  noMachinePaths,
  noNotesToSelf,
  testsAreNotSilenced,
  testsSayWhenTheyRun,
  textIsNeverMarkup,
} from './tidy/text.ts';

const rules: Readonly<Record<string, Check>> = {
  importsGoDown,
  importsNameFiles,
  computesTheSameEverywhere,
  isErasable,
  filesAreShort,
  filesGettingLong,
  namesAreKebab,
  foldersExplainThemselves,
  noConflictMarkers,
  noNotesToSelf,
  noMachinePaths,
  lockNamesNoRegistry,
  disabledRulesSayWhy,
  textIsNeverMarkup,
  testsAreNotSilenced,
  testsSayWhenTheyRun,
  decisionsHaveFourParts,
  decisionsHaveOwnNumbers,
  filesAreNamedLikeTags,
  wordsStandTogether,
};

describe('the repository', () => {
  const files = readRepository(fileURLToPath(new URL('..', import.meta.url)));

  test('is read', () => {
    expect(files.map(({ path }) => path)).toContain('tests/tidy.test.ts');
  });

  for (const [name, check] of Object.entries(rules)) {
    if (check === filesGettingLong) continue;
    // The first of them parses a thousand files.
    test(name, { timeout: 60_000 }, () => {
      expect(check(files).map(print)).toEqual([]);
    });
  }

  test('lists the files that are getting long', () => {
    const long = filesGettingLong(files).map(print);
    if (long.length > 0) console.warn(long.join('\n'));
  });
});

describe('the rules themselves', () => {
  test('each has samples', () => {
    expect(Object.keys(samples).sort()).toEqual(Object.keys(rules).sort());
  });

  for (const [name, check] of Object.entries(rules)) {
    test(`${name} finds what breaks it and nothing else`, () => {
      const { accepts = [], finds = [] } = samples[name] ?? {};
      expect(finds.length).toBeGreaterThan(0);
      for (const files of accepts) {
        expect(check(sourceFiles(files)).map(print), JSON.stringify(files)).toEqual([]);
      }
      for (const [places, files] of finds) {
        const found = check(sourceFiles(files)).map(print).map(placeOf);
        expect(found, JSON.stringify(files)).toEqual(places);
      }
    });
  }
});

function sourceFiles(texts: Readonly<Record<string, string>>): SourceFile[] {
  return Object.entries(texts).map(([path, text]) => ({ path, text }));
}

/** The place without the advice, whose wording may change. */
function placeOf(printed: string): string {
  return printed.slice(0, printed.indexOf('  '));
}
