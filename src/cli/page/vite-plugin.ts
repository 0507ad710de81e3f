/**
 * What the page must know of the files around it: `virtual:parley-chapters` lists every chapter folder, the user's modules and the
 * configurations, and the user's modules find the library wherever they live.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite';
import { CHAPTERS_FOLDER, chapterFile } from '../chapters.ts';
import { PACKAGE_ROOT } from '../package-root.ts';
import { slashed, sourceHash } from './source-hash.ts';
import type { UserModule } from '../user-module.ts';

/** A user's module as it stands in the page: once under its path, or once for each algorithm in it (`./mine.ts#Gossip`). */
export type PageModule = UserModule;

const VIRTUAL_NAME = 'virtual:parley-chapters';
/** Rollup's custom: names that begin so are no files, and no other plugin touches them. */
const VIRTUAL_ID = `\0${VIRTUAL_NAME}`;

/** The texts of one module: `virtual:parley-source/echo`. They weigh more than the page, so each is loaded when it is read. */
const SOURCE_NAME = 'virtual:parley-source/';

const SURFACE = path.join(PACKAGE_ROOT, 'src', 'index.ts');
const CONFIGS_FOLDER = path.join(PACKAGE_ROOT, 'configs');

/** Schema libraries that a user's module may import in a project that has not installed them. */
const LENT_PACKAGE = /^(valibot|zod)(\/|$)/;

/**
 * The plugin; workers are built apart and need an instance of their own.
 *
 * @param chapters names of those of our chapters that the page has
 */
export function chaptersPlugin(
  userModules: readonly PageModule[],
  chapters: readonly string[],
): Plugin {
  return {
    name: 'parley-chapters',
    enforce: 'pre',
    async resolveId(source, importer) {
      if (source === VIRTUAL_NAME) return VIRTUAL_ID;
      if (source.startsWith(SOURCE_NAME)) return `\0${source}`;
      // One copy of the library, as on the command line: see bin/typescript-loader-hooks.js.
      if (source === '@parley-lab/parley') return SURFACE;
      if (!LENT_PACKAGE.test(source)) return undefined;
      const installed = await this.resolve(source, importer, { skipSelf: true });
      return installed ?? this.resolve(source, SURFACE, { skipSelf: true });
    },
    load(id) {
      if (id.startsWith(`\0${SOURCE_NAME}`)) {
        const texts = sourceTexts(
          userModules,
          decodeURIComponent(id.slice(SOURCE_NAME.length + 1)),
        );
        for (const { file } of texts) this.addWatchFile(file);
        return sourceModule(texts);
      }
      if (id !== VIRTUAL_ID) return undefined;
      const configs = configFiles(userModules);
      for (const file of configs.values()) this.addWatchFile(file);
      return virtualModule(userModules, chapters, configs);
    },
    configureServer(server) {
      // A new chapter appears without a restart.
      server.watcher.add([CHAPTERS_FOLDER, CONFIGS_FOLDER]);
      const refresh = (file: string) => {
        if (!isListed(file)) return;
        const found = server.moduleGraph.getModuleById(VIRTUAL_ID);
        if (found !== undefined) server.moduleGraph.invalidateModule(found);
        server.ws.send({ type: 'full-reload' });
      };
      server.watcher.on('add', refresh).on('unlink', refresh);
    },
  };
}

function isListed(file: string): boolean {
  const isConfig = path.dirname(file) === CONFIGS_FOLDER && file.endsWith('.yaml');
  const isChapter = path.dirname(path.dirname(file)) === CHAPTERS_FOLDER;
  return isConfig || (isChapter && path.basename(file) === 'index.ts');
}

/** The configuration beside a user's module: the one with its name or its folder's. What belongs to our chapters stands in their entries. */
function configFiles(userModules: readonly PageModule[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { key, file } of userModules) {
    const folder = path.dirname(file);
    const names = [path.basename(file, path.extname(file)), path.basename(folder)];
    const config = names.map((name) => path.join(folder, `${name}.yaml`)).find(existsSync);
    if (config !== undefined) found.set(key, config);
  }
  return found;
}

function virtualModule(
  userModules: readonly PageModule[],
  chapters: readonly string[],
  configs: ReadonlyMap<string, string>,
): string {
  const modules = [
    // First, because whoever names a module wants to see it.
    ...userModules,
    ...chapters.map((name) => ({ key: name, file: chapterFile(name) })),
  ];
  const imports = modules.map(
    ({ key, file }) => `${quote(key)}: () => import(${quote(slashed(file))}),`,
  );
  const texts = Array.from(
    configs,
    ([name, file]) => `${quote(name)}: ${quote(readFileSync(file, 'utf8'))},`,
  );
  const hashes = modules.map(({ key, file }) => `${quote(key)}: ${quote(sourceHash(file))},`);
  const sources = modules.map(
    ({ key }) => `${quote(key)}: () => import(${quote(SOURCE_NAME + encodeURIComponent(key))}),`,
  );
  return [
    'export const sources = {',
    ...sources,
    '};',
    'export const modules = {',
    ...imports,
    '};',
    'export const configs = {',
    ...texts,
    '};',
    'export const sourceHashes = {',
    ...hashes,
    '};',
    '',
  ].join('\n');
}

/** A file that a reader of a chapter may want to see. */
interface SourceText {
  readonly name: string;
  readonly file: string;
}

/** The files of a chapter's folder, its text first and what is read first before the rest; of a user's module the file itself. */
function sourceTexts(userModules: readonly PageModule[], key: string): readonly SourceText[] {
  const own = userModules.find((module) => module.key === key);
  if (own !== undefined) return [{ name: path.basename(own.file), file: own.file }];
  const folder = path.dirname(chapterFile(key));
  const main = `${key.replaceAll('_', '-')}.ts`;
  const rank = (name: string) => [`README.md`, main, 'index.ts'].indexOf(name);
  return readdirSync(folder)
    .filter((name) => name === 'README.md' || name.endsWith('.ts'))
    .toSorted()
    .toSorted((a, b) => order(rank(a)) - order(rank(b)))
    .map((name) => ({ name, file: path.join(folder, name) }));
}

/** README and main file, the others, and what only binds them together. */
function order(rank: number): number {
  return rank === 2 ? 3 : rank === -1 ? 2 : rank;
}

function sourceModule(texts: readonly SourceText[]): string {
  const files = texts.map(({ name, file }) => ({ name, text: readFileSync(file, 'utf8') }));
  return `export const files = ${JSON.stringify(files)};\n`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
