/** The link of a failing run in a real page: it opens stopped at the violation, the same run byte for byte. */

import path from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { LiveLab } from '../support/live-page.ts';
import { parley, ROOT } from './cli-process.ts';

const PROPERTY =
  'A ready has a quorum of echoes or f + 1 readies behind it, a delivery 2f + 1 readies';

let lab: LiveLab;
beforeAll(async () => {
  lab = await LiveLab.open();
});
afterAll(() => lab.close());

/** The link to the smallest run that breaks something. */
async function linkOf(words: readonly string[]): Promise<string> {
  const address = `http://${lab.authority}/`;
  const { stdout, stderr } = await parley(['explore', ...words, '--json', '--lab', address]);
  if (stdout === '') throw new Error(stderr);
  const { failures } = JSON.parse(stdout) as {
    readonly failures: readonly { readonly minimal: { readonly link: string } }[];
  };
  return failures[0]!.minimal.link;
}

async function open(link: string): Promise<Page> {
  const context = await lab.browser.newContext({ viewport: { width: 1400, height: 900 } });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(link);
  return page;
}

describe('in the lab', () => {
  test('a failing run opens stopped at the violation, and is the same', async () => {
    const link = await linkOf([
      ...['-a', 'bracha', '-c', path.join(ROOT, 'configs/bracha.yaml')],
      ...['--break', 'skip-echo-quorum', '--seeds', '3..3'],
    ]);
    const page = await open(link);
    await page.getByText('It is the same, event by event.').waitFor();
    await page.getByText(`It breaks: ${PROPERTY}.`).waitFor();
    // The cursor stands behind the violation, which is the last thing that happened.
    const cursor = await page.evaluate(() => {
      const app = document.querySelector('parley-app')!;
      const { viewer } = app.model!;
      const { step, time } = viewer.cursor;
      const event = viewer.recording.events[step - 1]!;
      return { step, time, length: viewer.recording.length, event, playing: viewer.playing };
    });
    expect(cursor.event).toMatchObject({ kind: 'violation', invariant: PROPERTY });
    expect(cursor.step).toBe(cursor.length);
    expect(cursor.playing).toBe(false);

    const { stdout } = await parley(['replay', link, '--json']);
    const replayed = JSON.parse(stdout) as { readonly events: number; readonly virtual_ms: number };
    expect(cursor.length).toBe(replayed.events);
    expect(cursor.time).toBe(replayed.virtual_ms);
  });

  test('source that a link carries is shown, and run in a sandbox when its reader agrees', async () => {
    const folder = path.join(ROOT, 'tests/e2e/fixtures');
    const link = await linkOf([
      ...['-a', path.join(folder, 'half-quorum.ts'), '-c', path.join(folder, 'half-quorum.yaml')],
      ...['--seeds', '8..8'],
    ]);
    const page = await open(link);
    await page.getByText("It carries an algorithm of its sender's").waitFor();
    await page.getByText('The bug: two halves need not share a node.').waitFor();
    expect(await page.locator('parley-lab').count()).toBe(0);
    expect(await page.locator('iframe').count()).toBe(0);
    await page.getByRole('button', { name: 'Run it' }).click();
    await page.getByText('It is the same, event by event.').waitFor();
    const kind = await page.evaluate(() => {
      const { viewer } = document.querySelector('parley-app')!.model!;
      return viewer.recording.events[viewer.cursor.step - 1]!.kind;
    });
    expect(kind).toBe('violation');
  });

  test('a broken link says what is wrong', async () => {
    const page = await open(`http://${lab.authority}/#/run/1.AAAA`);
    await page.getByRole('alert').getByText('the link is damaged').waitFor();
  });
});
