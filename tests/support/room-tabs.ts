/** Tabs of a room, as people open them: through the lab page's own buttons and links. */

import type { BrowserContext, Page } from 'playwright';

/** Problems that a page reported on its console; a test that ends well has none. */
export const consoleProblems = new WeakMap<Page, string[]>();

/** Opens a page and listens to its console. */
export async function openTab(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  const problems: string[] = [];
  consoleProblems.set(page, problems);
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.goto(url);
  return page;
}

/** Opens a new room in a first tab and joins it with further ones through its link. */
export async function openRoom(
  context: BrowserContext,
  origin: string,
  tabs: number,
): Promise<readonly Page[]> {
  const first = await openTab(context, `${origin}/`);
  await first.getByRole('button', { name: 'Open a new room' }).click();
  await first.waitForURL(/#\/room\/[A-Z0-9]{6}$/);
  const pages = [first];
  for (let number = 2; number <= tabs; number++) {
    pages.push(await openTab(context, first.url()));
    // Nodes are given in the order of joining: the next tab waits until this one is in.
    await first.bringToFront();
    await first.getByText(`Tab ${number}`, { exact: true }).waitFor();
  }
  return pages;
}

/** Replaces the configuration in the editor. */
export async function writeConfig(page: Page, yaml: string): Promise<void> {
  const editor = page.getByRole('textbox', { name: /configuration/i }).first();
  await editor.click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(yaml);
}
