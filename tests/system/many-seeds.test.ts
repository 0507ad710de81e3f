/** The right algorithms hold: many seeds of every chapter under all that it says it withstands, as the explorer runs them. */

import { expect, test } from 'vitest';
import { chapterNames } from '../../src/cli/chapters.ts';
import { parley } from '../e2e/cli-process.ts';

/** Of each chapter; `npm run test:soak` runs as many as one has time for. */
const SEEDS = 2000;

test.each(chapterNames())(`%s holds under its faults, ${SEEDS} seeds`, async (name) => {
  const words = ['explore', '-a', name, '-c', `configs/${name}.yaml`, '--seeds', String(SEEDS)];
  const { status, stdout, stderr } = await parley([...words, '--json']);
  expect(status, `${stderr}\n${stdout}`).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, seeds: SEEDS, failures: [] });
});
