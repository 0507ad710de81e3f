/** The classroom story: tabs open a link, become nodes, run, are closed and come back. */

import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest';
import type { Page } from 'playwright';
import { LiveLab, testAlgorithm } from '../support/live-page.ts';
import { consoleProblems, openRoom, openTab, writeConfig } from '../support/room-tabs.ts';
import { test, testThoroughly } from '../support/often.ts';

let lab: LiveLab;
beforeAll(async () => {
  lab = await LiveLab.open();
});
afterAll(() => lab.close());

async function room(tabs: number): Promise<readonly Page[]> {
  const context = await lab.browser.newContext({ viewport: { width: 1280, height: 800 } });
  onTestFinished(() => context.close());
  return openRoom(context, `http://${lab.authority}`, tabs);
}

const chooseChapter = (page: Page, name: string) =>
  page.getByRole('combobox', { name: 'Chapter' }).selectOption(name);

/** A tab in the background draws nothing, so it is brought to the front first. */
async function showResults(page: Page): Promise<void> {
  await page.bringToFront();
  await page.getByRole('tab', { name: 'Results' }).click();
}

const resultRows = (page: Page) => page.getByRole('table', { name: 'Nodes' }).getByRole('row');

describe('a room of four tabs', () => {
  test('forms a cluster, and Bracha delivers in all of them', async () => {
    const tabs = await room(4);
    await chooseChapter(tabs[0]!, 'bracha');
    await tabs[0]!.getByRole('button', { name: 'Start the run' }).click();
    for (const tab of tabs) {
      await showResults(tab);
      for (const node of ['n1', 'n2', 'n3', 'n4']) {
        const row = resultRows(tab).filter({ hasText: new RegExp(`^\\s*${node}\\b`) });
        await row.getByText('terminated').waitFor();
        await row.getByText('TestValue123').first().waitFor();
      }
      expect(consoleProblems.get(tab)).toEqual([]);
    }
  });

  testThoroughly('says how many tabs are missing instead of starting', async () => {
    const [first] = await room(2);
    await chooseChapter(first!, 'echo');
    const nodes = Array.from(
      { length: 17 },
      (_, at) => `n${at + 1}: { start_node: ${at === 0} }\n`,
    );
    await writeConfig(first!, nodes.join(''));
    await first!.getByRole('button', { name: 'Start the run' }).click();
    await first!
      .getByText(/17 nodes and 2 tabs are here.*one more tab/)
      .first()
      .waitFor();
  });
});

/** So many rounds that a test has closed a tab long before the last. */
const ENDLESS = 'n1: { initiator: true, max_rounds: 1000000 }\nn2: { initiator: false }\n';

async function playing(): Promise<readonly Page[]> {
  const tabs = await room(2);
  await chooseChapter(tabs[0]!, 'pingpong');
  await writeConfig(tabs[0]!, ENDLESS);
  await tabs[0]!.getByRole('button', { name: 'Start the run' }).click();
  await tabs[1]!.bringToFront();
  await tabs[1]!.getByRole('tab', { name: 'Events' }).click();
  await tabs[1]!.getByText('ping', { exact: true }).first().waitFor();
  return tabs;
}

describe('a tab that is closed before the run has begun', () => {
  test('does not hold up the others', async () => {
    const tabs = await room(3);
    const first = tabs[0]!;
    await chooseChapter(first, 'echo');
    await writeConfig(
      first,
      'n1: { start_node: true }\nn2: { start_node: false }\nn3: { start_node: false }\n',
    );
    await first.bringToFront();
    await first.getByRole('button', { name: 'Start the run' }).click();
    // It has been given its node, but its worker is only being made.
    await first
      .locator('li, tr')
      .filter({ hasText: /Tab 3\s*n3/ })
      .first()
      .waitFor();
    await tabs[2]!.close();
    await showResults(first);
    const row = (node: string) =>
      resultRows(first).filter({ hasText: new RegExp(`^\\s*${node}\\b`) });
    await row('n2').getByText('terminated').waitFor();
    await row('n1').getByText('terminated').waitFor();
  });
});

describe('a tab in mid-run', () => {
  testThoroughly('that is closed is seen at once, and the run ends for the other', async () => {
    const [first, second] = await playing();
    await second!.close();
    await first!.bringToFront();
    await first!
      .getByText('gone', { exact: true })
      .or(first!.getByText('departed'))
      .first()
      .waitFor();
    await showResults(first!);
    const row = resultRows(first!).filter({ hasText: /^\s*n2\b/ });
    await row.getByText('departed').waitFor();
    // And the picture says so too.
    await first!.getByRole('tab', { name: 'Events' }).click();
    await first!.getByText('departed').first().waitFor();
  });

  test('that is reloaded comes back as itself, and its node takes up its work', async () => {
    const [first, second] = await room(2);
    await chooseChapter(first!, testAlgorithm('Diary'));
    await writeConfig(first!, 'n1: {}\nn2: {}\n');
    await first!.getByRole('button', { name: 'Start the run' }).click();
    await second!.bringToFront();
    await second!.getByRole('tab', { name: 'Events' }).click();
    await second!.getByText('load 1, restarted false').first().waitFor();
    await second!.reload();
    for (const tab of [first!, second!]) {
      await showResults(tab);
      // It ends well only if the store of the first load was found and both nodes talked to each other again.
      const row = resultRows(tab).filter({ hasText: /^\s*n2\b/ });
      await row.getByText('terminated').waitFor();
      await row
        .getByText('"loads": 2')
        .or(row.getByText(/loads\s*[:=]?\s*2/))
        .first()
        .waitFor();
      expect(await tab.getByText(/^Tab 3/).count()).toBe(0);
    }
  });
});

test('a room that nobody can reach says what to do', async () => {
  const context = await lab.browser.newContext();
  onTestFinished(() => context.close());
  const page = await openTab(context, `http://${lab.authority}/`);
  const open = page.getByRole('button', { name: 'Open a new room' });
  // What the page needs to say so comes a moment after its first sight.
  await open.waitFor();
  await page.waitForLoadState('networkidle');
  await page.context().setOffline(true);
  await open.click();
  await page
    .getByText(/npm run signal|npm start|not reach/)
    .first()
    .waitFor();
  // It is not too late.
  await page.context().setOffline(false);
  await open.click();
  await page.waitForURL(/#\/room\/[A-Z0-9]{6}$/);
});
