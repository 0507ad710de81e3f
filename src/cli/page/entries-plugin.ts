/**
 * `virtual:parley-entries`: what lists show of every chapter, as data, so that the first page loads no algorithm. The chapters are run for
 * that when the page is built, as Vite itself runs configuration files.
 */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { runnerImport, type Plugin } from 'vite';
import type { ChapterEntry } from '../../lab/lab-service.ts';
import { chapterNames } from '../chapters.ts';
import { PACKAGE_ROOT } from '../package-root.ts';

/** What the first page shows of all chapters, and what is only of interest to whoever opens one. */
const NAMES = ['virtual:parley-entries', 'virtual:parley-details'] as const;

/** What the module of all entries exports. */
interface EntriesModule {
  pageEntries(
    names: readonly string[],
    configOf: (name: string) => string | undefined,
  ): Promise<Record<string, ChapterEntry>>;
}

let made: Promise<Record<string, ChapterEntry>> | undefined;

/** The plugin; workers and pages without an interface look no entry up, and get none. */
export function entriesPlugin(isBare = false): Plugin {
  return {
    name: 'parley-entries',
    resolveId: (source) => (NAMES.some((name) => name === source) ? `\0${source}` : undefined),
    async load(id) {
      const name = NAMES.find((one) => id === `\0${one}`);
      if (name === undefined) return undefined;
      const entries = isBare ? {} : await (made ??= readEntries());
      const isDetail = name === 'virtual:parley-details';
      const parts = Object.entries(entries).map(([chapter, entry]) => {
        const { scenarios, bugs } = entry;
        return [chapter, isDetail ? { scenarios, bugs } : { ...entry, scenarios: [], bugs: [] }];
      });
      // Text in a string is parsed faster than the same as a literal.
      const text = JSON.stringify(JSON.stringify(Object.fromEntries(parts)));
      return `export const ${isDetail ? 'details' : 'entries'} = JSON.parse(${text});`;
    },
  };
}

async function readEntries(): Promise<Record<string, ChapterEntry>> {
  const file = path.join(PACKAGE_ROOT, 'src', 'lab', 'chapter-entries.ts');
  const { module } = await runnerImport<EntriesModule>(file, {
    ...{ root: PACKAGE_ROOT, configFile: false, logLevel: 'error' },
  });
  return module.pageEntries(chapterNames(), configOf);
}

function configOf(name: string): string | undefined {
  try {
    return readFileSync(path.join(PACKAGE_ROOT, 'configs', `${name}.yaml`), 'utf8');
  } catch {
    return undefined;
  }
}
