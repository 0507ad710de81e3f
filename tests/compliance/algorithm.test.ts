/** Every chapter that there is, and every configuration that the earlier framework's users have. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Chapter } from '../../src/core/chapter.ts';
import { FORMAT_NAMES } from '../../src/net/format.ts';
import { resultOf, simulatePlan } from '../support/simulate.ts';
import { describeUnless } from '../support/skip.ts';
import { algorithmCompliance, expectGoodEnd, planned } from './algorithm.suite.ts';

const root = path.resolve(import.meta.dirname, '../..');

const modules = import.meta.glob<{ readonly chapter: Chapter }>('../../src/algorithms/*/index.ts', {
  eager: true,
});

/** Chapters by the name of their folder. */
const chapters = new Map(
  Object.entries(modules).map(([file, { chapter }]) => [
    path.basename(path.dirname(file)),
    chapter,
  ]),
);

test('there are chapters', () => {
  expect([...chapters.keys()]).toEqual(
    expect.arrayContaining([
      ...['bracha', 'chang_roberts', 'echo', 'message_chain', 'pingpong', 'simple_broadcast'],
    ]),
  );
});

test('every chapter says what it is about, so that lists have a place for it', () => {
  const without = [...chapters].filter(([, { subject }]) => subject === undefined);
  expect(without.map(([folder]) => folder)).toEqual([]);
});

for (const [folder, chapter] of chapters) {
  algorithmCompliance({
    folder,
    chapter,
    readme: textOf(path.join('src/algorithms', folder, 'README.md')),
    config: textOf(path.join('configs', `${folder}.yaml`)),
  });
}

function textOf(file: string): string | undefined {
  const whole = path.join(root, file);
  return existsSync(whole) ? readFileSync(whole, 'utf8') : undefined;
}

/** The chapter that each of distbench's configurations is for. */
const DISTBENCH: Readonly<Record<string, string>> = {
  'echo.yaml': 'echo',
  'guide-pingpong.yaml': 'pingpong',
  'message_chain.yaml': 'message_chain',
  'readme-bracha.yaml': 'bracha',
  'ring.yaml': 'chang_roberts',
  'simple_broadcast.yaml': 'simple_broadcast',
};

const data = process.env['PARLEY_TEST_DATA'] ?? path.resolve(root, '../shared/data');
const folder = path.join(data, 'configs/distbench');
const missing = existsSync(folder) ? undefined : 'PARLEY_TEST_DATA has no configs/distbench';

describeUnless(missing)('distbench’s configurations', () => {
  test('are all known', () => {
    const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
    expect(files.toSorted()).toEqual(Object.keys(DISTBENCH).toSorted());
  });

  for (const [file, name] of Object.entries(DISTBENCH)) {
    test(`${file} runs to its end with ${name}, in both formats`, async () => {
      for (const format of FORMAT_NAMES) await run(file, name, format);
    });
  }

  test('echo gives the numbers that are known of it', async () => {
    const result = await run('echo.yaml', 'echo', 'json');
    for (const id of ['node2', 'node3']) {
      const node = resultOf(result, id);
      expect(node.messages_received).toEqual({ echo: 1 });
      // {"sender":"node1","message":"Hello world!"}
      expect(node.bytes_received).toBe(43);
      expect(node.report['messages_received']).toBe(1);
    }
  });

  async function run(file: string, name: string, format: (typeof FORMAT_NAMES)[number]) {
    const text = readFileSync(path.join(folder, file), 'utf8');
    const chapter = chapters.get(name)!;
    const { plan } = planned(chapter, text, { seed: 3, format });
    const result = await simulatePlan(plan, { invariants: chapter.invariants });
    expect(result.violation).toBeUndefined();
    expectGoodEnd(result, file);
    return result;
  }
});
