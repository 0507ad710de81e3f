import { expect, test } from 'vitest';
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
