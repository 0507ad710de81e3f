import { describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { defineAlgorithm } from '../../../src/core/algorithm.ts';
import { cast } from '../../../src/core/message.ts';
import { chapterFrom, findChapter, namesIn } from '../../../src/lab/chapters.ts';

const messages = { say: cast({ text: v.string() }) };

class Lower extends defineAlgorithm('lower_layer', { messages, delivers: messages }) {
  handlers = this.on({ say: () => {} });
}

class Upper extends defineAlgorithm('upper_layer', { children: { below: Lower } }) {
  handlers = this.on({});
  delivered = this.from({ below: { say: () => {} } });
}

class Other extends defineAlgorithm('other', { messages }) {
  handlers = this.on({ say: () => {} });
}

const invariants = [{ name: 'always', check: () => undefined }];
const scenarios = [{ name: 's', story: '', config: 'n1: {}', ends: () => undefined }];

describe('a module', () => {
  test('with one class is a chapter, with what else it exports', () => {
    const view = () => ({});
    const chapter = chapterFrom({ Other, invariants, scenarios, view, helper: 3 }, './mine.ts');
    expect(chapter).toMatchObject({ name: 'other', title: 'Other', algorithm: Other });
    expect(chapter.invariants).toBe(invariants);
    expect(chapter.scenarios).toBe(scenarios);
    expect(chapter.view).toBe(view);
  });

  test('may export its layers too: they run when they are asked for, without the invariants', () => {
    const exports = { Lower, Upper, invariants };
    expect(chapterFrom(exports, 'm').algorithm).toBe(Upper);
    expect(chapterFrom(exports, 'm').invariants).toBe(invariants);
    expect(chapterFrom(exports, 'm', 'lower').algorithm).toBe(Lower);
    expect(chapterFrom(exports, 'm', 'lower').invariants).toEqual([]);
    expect(namesIn(exports, 'm')).toEqual(['Upper']);
  });

  test('with several algorithms lists them', () => {
    const exports = { Upper, Lower, Other };
    expect(() => chapterFrom(exports, './m.ts')).toThrow(
      './m.ts exports several algorithms: choose one of ./m.ts#Upper, ./m.ts#Other',
    );
    expect(chapterFrom(exports, './m.ts', 'other').algorithm).toBe(Other);
    expect(() => chapterFrom(exports, './m.ts', 'Othr')).toThrow(/did you mean 'Other'/);
  });

  test('may describe its chapter itself, in part or whole', () => {
    const chapter = { name: 'other', title: 'Another', algorithm: Other };
    expect(chapterFrom({ chapter, Other, Upper }, 'm')).toMatchObject({
      title: 'Another',
      invariants: [],
      scenarios: [],
    });
    expect(chapterFrom({ chapter, Other, Upper }, 'm', 'Upper').algorithm).toBe(Upper);
  });

  test('with nothing to run says what to export', () => {
    expect(() => chapterFrom({ helper: 3 }, 'm')).toThrow(/extends defineAlgorithm/);
    expect(() => chapterFrom({ chapter: { name: 'x' } }, 'm')).toThrow(/no 'algorithm'/);
  });
});

describe('a reference', () => {
  const echo = { chapter: { name: 'echo_chapter', algorithm: Other }, Other };
  const modules = {
    './mine.ts': async () => ({ Upper, Lower }),
    './two.ts#Upper': async () => ({ Upper, Other }),
    './two.ts#Other': async () => ({ Upper, Other }),
    echo_chapter: async () => echo,
  };

  test.each([
    ['echo_chapter', 'echo_chapter', Other],
    ['EchoChapter', 'echo_chapter', Other],
    ['echo-chapter', 'echo_chapter', Other],
    ['./mine.ts', './mine.ts', Upper],
    ['./mine.ts#Upper', './mine.ts', Upper],
    ['./mine.ts#lower_layer', './mine.ts#Lower', Lower],
    ['./two.ts#Upper', './two.ts#Upper', Upper],
    ['./two.ts#Other', './two.ts#Other', Other],
    ['upper', './mine.ts', Upper],
    ['LowerLayer', './mine.ts#Lower', Lower],
  ])('%s finds %s', async (reference, canonical, algorithm) => {
    const found = await findChapter(reference, modules);
    expect(found.reference).toBe(canonical);
    expect(found.chapter.algorithm).toBe(algorithm);
    // Whoever is given the canonical reference finds the same.
    const again = await findChapter(found.reference, modules);
    expect(again.chapter.algorithm).toBe(algorithm);
  });

  test('that means nothing is answered with the nearest and the list', async () => {
    await expect(findChapter('echo_chapte', modules)).rejects.toThrow(
      /no algorithm 'echo_chapte' \(did you mean 'echo_chapter'\?\)\. There are: .*echo_chapter/,
    );
    await expect(findChapter('zzz', {})).rejects.toThrow(/There are: none/);
  });
});
