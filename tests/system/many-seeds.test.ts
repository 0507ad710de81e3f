/** The right algorithms hold: many seeds of every chapter under all that it says it withstands, as the explorer runs them. */

import { expect, test } from 'vitest';
import { chapterNames, locateChapter } from '../../src/cli/chapters.ts';
import { parley } from '../e2e/cli-process.ts';

/** Of each chapter; `npm run test:soak` runs as many as one has time for. */
const SEEDS = 600;

/** Of those whose every run is long: services go on for ten seconds. */
const SEEDS_OF_LONG_RUNS = 12;

/** No services, but long: Raft, which has its own thousands in long/chapter-seeds.test.ts, what stands on it, and what takes many cycles. */
const LONG = new Set(['raft', 'pubsub', 'share_vec', 'gossip_average', 'gossip_learning']);

const chapters = await Promise.all(
  chapterNames().map(async (name) => {
    const { chapter } = await locateChapter(name, '.');
    const isLong = LONG.has(name) || chapter.algorithm.definition.service;
    return [name, isLong ? SEEDS_OF_LONG_RUNS : SEEDS] as const;
  }),
);

test.each(chapters)(`%s holds under its faults, %i seeds`, async (name, seeds) => {
  const words = ['explore', '-a', name, '-c', `configs/${name}.yaml`, '--seeds', String(seeds)];
  const { status, stdout, stderr } = await parley([...words, '--json']);
  expect(status, `${stderr}\n${stdout}`).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, seeds, failures: [] });
});
