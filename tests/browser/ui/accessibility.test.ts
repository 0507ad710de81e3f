import axe from 'axe-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { ParleyApp } from '../../../src/ui/app/parley-app.ts';
import type { ParleyLab } from '../../../src/ui/app/parley-lab.ts';
import { FakeLab, FakeRoom } from './fake-lab.ts';
import { find, findAll, openApp, settle, textOf } from './open-app.ts';

// Contrast is judged of what is there to be read, not of what is half-way to it.
const still = document.createElement('style');
still.textContent = '* { transition: none !important; animation: none !important }';
beforeAll(() => document.head.append(still));
afterAll(() => still.remove());

async function problems(): Promise<string[]> {
  const { violations } = await axe.run(document.body, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
  );
}

async function show(
  hash: string,
  theme: string,
  width: number,
  lab = new FakeLab(),
): Promise<FakeLab> {
  document.documentElement.lang = 'en';
  localStorage.setItem('parley.theme', theme);
  const { app } = await openApp(hash, lab);
  await page.viewport(width, width < 600 ? 740 : 900);
  await settle();
  app.model?.viewer.goTo(6);
  app.model?.viewer.select({ kind: 'node', node: 'n2' });
  await settle();
  return lab;
}

for (const theme of ['light', 'dark', 'projector']) {
  for (const width of [320, 1280]) {
    describe(`${theme}, ${width} pixels wide`, () => {
      test('home', async () => {
        await show('#/', theme, width);
        expect(await problems()).toEqual([]);
      });

      test('lab, in every view', async () => {
        await show('#/lab/talk', theme, width);
        await expect.poll(() => width < 900 || findAll('.cm-content').length === 1).toBe(true);
        for (const tab of findAll('[role=tab]')) {
          (tab as HTMLElement).click();
          await settle();
          expect(await problems()).toEqual([]);
        }
      });

      test('room', async () => {
        await show('#/room/AB23CD', theme, width);
        if (width < 900) find<HTMLElement>('parley-lab-header >>> .config').click();
        await settle();
        expect(await problems()).toEqual([]);
      });

      test('nothing is wider than the screen', async () => {
        for (const hash of ['#/', '#/lab/talk', '#/room/AB23CD']) {
          await show(hash, theme, width);
          const wide = findAll('*')
            .filter((element) => element.getBoundingClientRect().right > width + 1)
            .map((element) => `${hash} ${element.localName}.${element.getAttribute('class')}`);
          if (document.documentElement.scrollWidth > width) expect(wide).toEqual([]);
          document.querySelector('parley-app')?.remove();
        }
      });
    });
  }
}

test('help, and problems in the configuration', async () => {
  const lab = await show('#/lab/talk', 'light', 1440);
  const place = { line: 1, column: 1, endLine: 1, endColumn: 3 };
  lab.diagnostics = [
    { message: 'n1 lacks a setting', severity: 'error', ...place },
    { message: 'unknown key', severity: 'warning', ...place },
  ];
  find<HTMLElement>('parley-lab-header >>> .run').click();
  await settle(8);
  expect(await problems()).toEqual([]);
  find<HTMLElement>('button[aria-label="Help"]').click();
  await settle();
  expect(await problems()).toEqual([]);
});

for (const theme of ['light', 'dark', 'projector']) {
  for (const width of [320, 1280]) {
    test(`screens beside the lab, and dialogs: ${theme}, ${width} pixels wide`, async () => {
      const found: string[] = [];
      const judge = async (screen: string) => {
        await settle();
        found.push(...(await problems()).map((problem) => `${screen}: ${problem}`));
      };
      await show('#/open', theme, width);
      find<HTMLElement>('parley-import >>> form button').click();
      await judge('a trace that is none');
      const text = find<HTMLTextAreaElement>('parley-import >>> textarea');
      text.value = 'n1 {"n1":1}\nsent\nstrange\nn2 {"n1":1,"n2":1}\ngot';
      find<HTMLElement>('parley-import >>> form button').click();
      await expect.poll(() => findAll('parley-trace-page >>> canvas').length).toBeGreaterThan(0);
      await judge('a trace');
      const compare = findAll('parley-import >>> button').find((button) =>
        textOf(button).includes('Compare'),
      ) as HTMLElement;
      compare.click();
      await judge('another to compare with');
      find<HTMLTextAreaElement>('parley-import >>> textarea').value = text.value.replace(
        'got',
        'was',
      );
      find<HTMLElement>('parley-import >>> form button').click();
      await expect.poll(() => findAll('parley-side-by-side >>> canvas').length).toBe(2);
      await judge('two traces');
      document.querySelector('parley-app')?.remove();
      for (const hash of ['#/apps', '#/nowhere', '#/lab/unheard-of', '#/run/broken']) {
        await show(hash, theme, width);
        await expect.poll(() => findAll('h1').length).toBe(1);
        await judge(hash);
        document.querySelector('parley-app')?.remove();
      }
      await show('#/lab/talk', theme, width);
      const lab = find<ParleyLab>('parley-lab');
      lab.openPalette();
      await judge('palette');
      for (const dialog of findAll('dialog[open]')) (dialog as HTMLDialogElement).close();
      lab.openShare();
      await judge('share');
      expect(found).toEqual([]);
    });

    test(`what is done by hand, and a class: ${theme}, ${width} pixels wide`, async () => {
      await show('#/lab/talk', theme, width);
      const { model } = find<ParleyApp>('parley-app');
      model!.deeds.cut(['n1'], ['n2'], true);
      await settle(8);
      model!.viewer.seek(15);
      find<ParleyLab>('parley-lab').compare();
      await settle(8);
      expect(await problems()).toEqual([]);
      const node = find<SVGElement>('parley-stage >>> .node');
      node.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }));
      await settle(8);
      expect(findAll('parley-menu >>> [role=menuitem]').length).toBeGreaterThan(5);
      expect(await problems()).toEqual([]);
      find<HTMLElement>('parley-menu >>> [popover]').hidePopover();
      find<ParleyLab>('parley-lab').openHunt();
      await settle(8);
      expect(await problems()).toEqual([]);
      document.querySelector('parley-app')?.remove();
      const lab = await show('#/present/AB23CD', theme, width);
      const poll = { id: '1', question: 'Who wins?', options: ['n1', 'n2'] };
      lab.room.lessons.teach({ poll: { ...poll, isOpen: true, isRevealed: true } });
      await settle();
      expect(await problems()).toEqual([]);
      document.querySelector('parley-app')?.remove();
      const student = new FakeLab();
      student.room = new FakeRoom(false);
      await show('#/room/AB23CD', theme, width, student);
      student.room.lessons.teach({
        isFrozen: true,
        poll: { ...poll, isOpen: true, isRevealed: false },
      });
      await settle();
      expect(textOf(find('parley-lesson').shadowRoot!)).toContain('frozen');
      expect(await problems()).toEqual([]);
    });
  }
}
