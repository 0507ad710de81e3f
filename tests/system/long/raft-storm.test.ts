/** Five tabs of a real browser keep a log while tabs are closed and reloaded and links are cut; ten minutes of it are in tests/soak. */

import path from 'node:path';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { serveExample, type ServedExample } from '../../support/example-page.ts';
import { openChromium } from '../../support/live-page.ts';
import { storm } from '../../support/raft-chaos.ts';
import type { RaftRoomJob } from '../../support/raft-room/page.ts';
import { ROOT } from '../../e2e/cli-process.ts';

let served: ServedExample;
let browser: Browser;

beforeAll(async () => {
  served = await serveExample(path.join(ROOT, 'tests/support/raft-room'));
  browser = await openChromium({});
});

afterAll(async () => {
  await browser?.close();
  await served?.close();
});

async function newContext() {
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  const open = async () => {
    const page = await context.newPage();
    await page.goto(served.origin);
    return {
      page,
      start: (job: RaftRoomJob) => page.evaluate((given) => window.raftRoom.start(given), job),
      status: () => page.evaluate(() => window.raftRoom.status()),
    };
  };
  return { context, open };
}

test('whatever becomes of the tabs, no acknowledged write is lost and the history is linearizable', async () => {
  const { context } = await newContext();
  const report = await storm({
    ...{ context, origin: served.origin, room: 'STORM', forMs: 25_000, seed: 1 },
  });
  // A storm in which nothing could be written would prove nothing.
  expect(report.writes).toBeGreaterThan(20);
  expect(report.faults.length).toBeGreaterThanOrEqual(5);
});

test('whoever comes beside the members is a learner, and whoever comes beside the places is told so', async () => {
  const { open } = await newContext();
  const job = { room: 'GUESTS', members: ['n1'], others: ['g1'] };
  const [first, guest, third] = [await open(), await open(), await open()];
  expect(await first.start(job)).toBe('n1');
  expect(await guest.start(job)).toBe('g1');
  await expect
    .poll(async () => (await guest.status())!.learners, { timeout: 20_000 })
    .toEqual(['g1']);
  await guest.page.evaluate(() => window.raftRoom.write('a', 1));
  expect(await first.page.evaluate(() => window.raftRoom.written())).toEqual([1]);
  await expect(third.start(job)).rejects.toThrow(/all 2 places of the cluster in room GUESTS/);
});

test('a tab that lost its memory is not the node that voted, and another cluster of the room is another', async () => {
  const [one, other] = [await newContext(), await newContext()];
  const job = { room: 'MEMORY', members: ['n1', 'n2'], others: ['g1'] };
  const [first, second] = [await one.open(), await other.open()];
  await Promise.all([first.start(job), second.start(job)]);
  const lost = (await second.status())!.view.id;
  await first.page.evaluate(() => window.raftRoom.write('a', 1));
  // Everything that the second browser had stored is gone: a fresh profile.
  await other.context.close();
  const fresh = await (await newContext()).open();
  expect(await fresh.start(job)).toBe('g1');
  const elsewhere = await (await newContext()).open();
  expect(await elsewhere.start({ room: 'MEMORY', members: ['n1'] })).toBe('n1');
  expect((await first.status())!.view.linked).not.toContain(lost);
});

test('a page that is left hands its leadership over: nobody waits for an election', async () => {
  const { open } = await newContext();
  const job = { room: 'LEFT', members: ['n1', 'n2', 'n3'] };
  const tabs = [await open(), await open(), await open()];
  await Promise.all(tabs.map((tab) => tab.start(job)));
  await tabs[0]!.page.evaluate(() => window.raftRoom.write('a', 1));
  const roles = await Promise.all(tabs.map(async (tab) => (await tab.status())!.role));
  const leader = tabs[roles.indexOf('leader')]!;
  const rest = tabs.filter((tab) => tab !== leader);
  await leader.page.goto('about:blank');
  const logs = async () =>
    (await Promise.all(rest.map(({ page }) => page.evaluate(() => window.raftRoom.log)))).flat();
  await expect
    .poll(logs, { timeout: 20_000 })
    .toContainEqual(expect.stringMatching(/campaign.*"isTransfer":true/));
  await rest[0]!.page.evaluate(() => window.raftRoom.write('a', 2));
});
