/** A large network in a worker of the page. */

import { expect, test } from 'vitest';
import { overlayInWorker } from '../../../src/lab/overlay/overlay-in-worker.ts';
import type { FromOverlay } from '../../../src/lab/overlay/run-overlay-order.ts';

test('runs while the page goes on, and stops when told to', async () => {
  const heard: FromOverlay[] = [];
  const options = { nodes: 2000, viewSize: 10, cycles: 6 };
  await overlayInWorker({ options, every: 3 }, (message) => heard.push(message)).ended;
  expect(heard.at(-1)).toMatchObject({ kind: 'ended', exchanges: 12_000 });
  const rows = heard.flatMap((message) => (message.kind === 'row' ? [message.row] : []));
  expect(rows.map(({ cycle, components }) => [cycle, components])).toEqual([
    [3, 1],
    [6, 1],
  ]);

  const endless = { nodes: 2000, viewSize: 10, cycles: 1_000_000 };
  let last: FromOverlay | undefined;
  const running = overlayInWorker({ options: endless, every: 1_000_000 }, (message) => {
    last = message;
    if (message.kind === 'cycle' && message.cycle === 3) running.stop();
  });
  await running.ended;
  expect(last).toEqual({ kind: 'problem', text: 'The network was stopped.' });
});
