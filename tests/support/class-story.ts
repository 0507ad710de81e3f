/** A class, led from the screen at the front: roster, follow me, freeze, a poll over the mesh, hold and release. */

import axe from 'axe-core';
import type { Browser, Page } from 'playwright';
import { expect, onTestFinished } from 'vitest';
import type { SignalingServer } from '../../signaling-server/server.ts';

async function problemsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: judge } = globalThis as unknown as { axe: typeof import('axe-core') };
    const { violations } = await judge.run(document.body);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
}

/** Teaches a class of so many students, each in a tab of its own, through a browser and a server that serves the page. */
export async function teachAClass(
  browser: Browser,
  server: SignalingServer,
  count: number,
): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  onTestFinished(() => context.close());
  const front = await context.newPage();
  await front.goto(`http://localhost:${server.port}/#/lab/raft`);
  await front.getByRole('radio', { name: 'Room' }).click();
  await front.getByRole('link', { name: 'Present to a class' }).click();
  await front.getByRole('button', { name: 'Start the run' }).waitFor();
  const room = front.url().replace('#/present/', '#/room/');
  const phones = await browser.newContext({ viewport: { width: 360, height: 740 } });
  onTestFinished(() => phones.close());
  const students: Page[] = [];
  for (let i = 0; i < count; i++) {
    const page = await phones.newPage();
    await page.goto(room);
    students.push(page);
  }
  const roster = front.getByRole('table', { name: 'Tabs in the room' });
  await expect.poll(() => roster.getByRole('row').count()).toBe(count + 2);
  // What each tab runs, with the part that it plays: looked for from the start, for nobody leads at the end.
  const led = roster.getByText('leader').first().waitFor();
  const followed = expect.poll(() => roster.getByText('follower').count()).toBeGreaterThan(2);
  await front.getByRole('button', { name: 'Start the run' }).click();
  await Promise.all([led, followed]);
  const [first, second] = students as [Page, Page];

  await front.getByRole('button', { name: 'Freeze' }).click();
  await first.getByText('The pages are frozen').waitFor();
  await expect.poll(() => first.locator('main.frozen').count()).toBe(1);
  await front.getByRole('button', { name: 'Freeze' }).click();
  await expect.poll(() => first.locator('main.frozen').count()).toBe(0);

  await front.getByRole('button', { name: 'Follow me' }).click();
  await first.getByText('You look where the director looks.').waitFor();
  await front.locator('parley-stage .node').nth(2).click();
  await expect
    .poll(() => second.locator('parley-stage .node.selected[aria-label^=n3]').count())
    .toBe(1);
  await front.getByRole('button', { name: 'Follow me' }).click();

  await front.getByRole('button', { name: 'Ask everybody' }).click();
  for (const student of students) {
    await student.getByRole('group', { name: 'Who wins?' }).getByRole('button').nth(1).click();
  }
  await front.getByText(`${count} of ${count + 1} tabs answered`).waitFor();
  // Nobody sees what the others think before it is time.
  expect(await second.getByRole('list', { name: 'Answers' }).count()).toBe(0);
  await front.getByRole('button', { name: 'Reveal' }).click();
  await second
    .getByRole('list', { name: 'Answers' })
    .getByText(`${count}`, { exact: true })
    .waitFor();
  expect(await problemsOf(front)).toEqual([]);
  expect(await problemsOf(second)).toEqual([]);
  // A tab that is closed is a node that is lost, and the front sees it.
  await second.close();
  await roster.getByText('departed').first().waitFor();
}
