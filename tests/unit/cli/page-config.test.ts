/** What a page is made of: everything, or no more than a user's module needs to run. */

import { fileURLToPath } from 'node:url';
import type { Plugin, UserConfig } from 'vite';
import { expect, test } from 'vitest';
import { chapterNames } from '../../../src/cli/chapters.ts';
import { pageFolder } from '../../../src/cli/page/build-page.ts';
import { pageConfig } from '../../../src/cli/page/page-config.ts';

const file = fileURLToPath(new URL('../../support/live-nodes.ts', import.meta.url));
const mine = { key: './mine.ts', file };

test('the page that runs a module has the bare page and that module alone', () => {
  const config = pageConfig({ userModules: [mine], only: 'nodes' });
  expect(Object.keys(config.build!.rolldownOptions!.input!)).toEqual(['node']);
  expect(namesIn(config)).toEqual(['./mine.ts']);
});

test('the whole page has all pages and chapters', () => {
  const config = pageConfig({ userModules: [mine] });
  expect(Object.keys(config.build!.rolldownOptions!.input!).toSorted()).toEqual([
    'lab',
    'node',
    'sandbox',
    'service-worker',
  ]);
  expect(namesIn(config)).toEqual(['./mine.ts', ...chapterNames()]);
});

test('a page of nodes is not taken for the whole page, nor that of one module for that of another', () => {
  const folders = [
    pageFolder({ userModules: [mine] }),
    pageFolder({ userModules: [mine], only: 'nodes' }),
    pageFolder({ userModules: [{ ...mine, key: './other.ts' }], only: 'nodes' }),
  ];
  expect(new Set(folders).size).toBe(3);
});

/** The modules that a page of this configuration has. */
function namesIn({ plugins }: UserConfig): readonly string[] {
  const { load } = (plugins as Plugin[]).find(({ name }) => name === 'parley-chapters')!;
  if (typeof load !== 'function') throw new Error('the plugin loads nothing');
  const text = load.call({ addWatchFile: () => {} } as never, '\0virtual:parley-chapters');
  const listed = /export const modules = \{(.*?)\n\};/su.exec(String(text))![1]!;
  return Array.from(listed.matchAll(/^"([^"]*)"/gmu), ([, name]) => name!);
}
