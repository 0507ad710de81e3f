/** The verdicts that others published: etcd's logs as judged by Porcupine, and the histories that come with Knossos and Porcupine. */

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readHistories, type History } from '../../../src/check/history-file.ts';
import { checkLinearizability } from '../../../src/check/linearizability/linearizability.ts';
import { MODELS } from '../../../src/check/models/models.ts';
import { describeUnless } from '../../support/skip.ts';

const repository = path.resolve(import.meta.dirname, '../../..');
const data = process.env['PARLEY_TEST_DATA'] ?? path.resolve(repository, '../shared/data');
const file = path.join(data, 'linearizability/histories.jsonl');
const missing = existsSync(file)
  ? undefined
  : 'PARLEY_TEST_DATA has no linearizability/histories.jsonl';

describeUnless(missing)('published histories', () => {
  const histories = missing === undefined ? readHistories(readFileSync(file, 'utf8')) : [];
  const check = ({ operations, model, initial }: History) =>
    checkLinearizability(operations, MODELS.get(model!)!, { initial, stepsMax: 1_000_000 });

  test('are all there', () => {
    expect(histories).toHaveLength(133);
  });

  test('have the verdicts that were published', () => {
    const differing = histories.filter((history) => check(history).valid !== history.expected);
    expect(differing.map(({ name }) => name)).toEqual([]);
  });

  test('are not linearizable because of an operation that was acknowledged', () => {
    const verdicts = histories.map(check).filter(({ valid }) => valid === false);
    expect(verdicts.length).toBeGreaterThan(40);
    for (const { culprit, explanation, orders } of verdicts) {
      expect(culprit?.outcome).toBe('ok');
      expect(explanation).toMatch(/can take effect at no moment: /);
      expect(orders[0]!.order).not.toContain(culprit);
    }
  });
});
