/** The door of a cluster of tabs: whoever asks and does not read the answers is hung up on, and hears why. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { knock, openDoor } from '../../../src/cli/lab/door.ts';

test('a caller that never reads is bounded, and told', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'parley-door-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const text = 'x'.repeat(1 << 20);
  let said = 0;
  let isGone = false;
  const door = await openDoor(folder, async (_asked, { say, gone }) => {
    void gone.then(() => (isGone = true));
    // Far more than anybody may leave lying there.
    for (; said < 300 && !isGone; said++) {
      say({ text });
      await turn();
    }
  });
  onTestFinished(() => door.close());
  const answers = (await knock(folder, {}))!;
  await expect.poll(() => isGone).toBe(true);
  expect(said).toBeLessThan(300);
  const reading = (async () => {
    for await (const answer of answers) expect(answer).toEqual({ text });
  })();
  await expect(reading).rejects.toThrow(/has hung up.* were not read for too long/);
});

test('a caller that reads hears everything', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'parley-door-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const door = await openDoor(folder, async (asked, { say }) => {
    for (let n = 0; n < 3; n++) say({ n, asked: asked as object });
  });
  onTestFinished(() => door.close());
  const heard: unknown[] = [];
  for await (const answer of (await knock(folder, { name: 'list' }))!) heard.push(answer);
  expect(heard).toEqual([0, 1, 2].map((n) => ({ n, asked: { name: 'list' } })));
});
