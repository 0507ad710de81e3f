import { expect, onTestFinished, test } from 'vitest';
import type { TypeQuestion } from '../../../src/lab/lab-service.ts';
import { FakeLab, HOSTILE } from './fake-lab.ts';
import { find, findAll, openApp, settle, textOf } from './open-app.ts';

test('the chapter is read beside its stage: prose, links, code, and nothing that the text smuggles in', async () => {
  const { app } = await openApp('#/lab/talk', new FakeLab());
  find<HTMLElement>('#tab-chapter').click();
  await expect.poll(() => findAll('parley-reader >>> article').length).toBe(1);
  const article = find('parley-reader >>> article');
  expect(textOf(article)).toContain(HOSTILE);
  expect(article.querySelector('img')).toBeNull();
  const links = Array.from(article.querySelectorAll('a'), (link) => link.getAttribute('href'));
  expect(links).toEqual(['#/lab/other']);
  expect(article.querySelector('td code')?.textContent).toBe('x');
  (article.querySelector('.link') as HTMLElement).click();
  await settle();
  await expect
    .poll(() => textOf(find('parley-reader').shadowRoot!))
    .toMatch(/export\s+const\s+answer\s*:\s*number\s*=\s*42/);
  app.model!.openChapter('other');
  await expect.poll(() => textOf(find('parley-reader').shadowRoot!)).toContain('other Read');
});

test('types: what is loaded is told, can be declined, and what they say stands with the rest', async () => {
  localStorage.removeItem('parley.types');
  onTestFinished(() => localStorage.clear());
  const { app, lab } = await openApp('#/lab/talk', new FakeLab());
  find<HTMLElement>('#tab-chapter').click();
  await expect.poll(() => findAll('parley-reader >>> article').length).toBe(1);
  const { code } = app.model!;
  code.edit('talk.ts', 'export const answer: number = "x";');
  (findAll('parley-reader >>> nav button')[1] as HTMLElement).click();
  await expect.poll(() => lab.typesWanted.length).toBe(1);
  const said = () => textOf(find('parley-reader').shadowRoot!);
  lab.typesWanted[0]!.loading.onProgress(2_500_000, 7_200_000);
  await expect.poll(said).toContain('2.5 MB of 7.2 MB');
  find<HTMLElement>('parley-reader >>> .source .bar ~ .bar button').click();
  await expect.poll(said).toContain('Types are not checked.');
  expect(lab.typesWanted[0]!.loading.signal.aborted).toBe(true);
  find<HTMLElement>('parley-reader >>> .source .bar ~ .bar button').click();
  await expect.poll(() => lab.typesWanted.length).toBe(2);
  const place = { line: 1, column: 14, endLine: 1, endColumn: 20 };
  const asked: TypeQuestion[] = [];
  lab.typesWanted[1]!.finish({
    check: async (question) => {
      asked.push(question);
      return [{ severity: 'error', message: HOSTILE, ...place }];
    },
    describe: async () => undefined,
  });
  await expect
    .poll(() => textOf(find('parley-reader >>> parley-diagnostics').shadowRoot!))
    .toContain(HOSTILE);
  expect(asked[0]!.files.find(({ name }) => name === 'talk.ts')!.text).toContain('"x"');
});
