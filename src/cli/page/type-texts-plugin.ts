/**
 * `virtual:parley-type-texts`: what a type checker in the page must have read, as texts: the language's own declarations, the library, the
 * chapters, and the packages of which their types are made.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Plugin } from 'vite';
import { PACKAGE_ROOT } from '../package-root.ts';
import { slashed } from './source-hash.ts';

const NAME = 'virtual:parley-type-texts';
const ID = `\0${NAME}`;
/** Folders of which edited code may import any file; what they and the surface import comes along. */
const FOLDERS = ['src/core', 'src/algorithms'];
const SURFACE = 'src/index.ts';
/** Of each its description and its declarations. Other packages are no part of what an algorithm sees. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  valibot: ['package.json', 'dist/index.d.mts'],
  '@standard-schema/spec': ['package.json', 'dist/index.d.ts'],
};
/** The language that all engines share: no page, no Node. */
const LIBRARY = 'lib.es2023.d.ts';

const IMPORTED = /(?:from|import)\s*\(?\s*'(\.[^']+)'/g;
const REFERENCED = /<reference lib="([^"]+)"/g;

/** The plugin. */
export function typeTextsPlugin(): Plugin {
  return {
    name: 'parley-type-texts',
    resolveId: (source) => (source === NAME ? ID : undefined),
    load(id) {
      if (id !== ID) return undefined;
      // Text in a string is parsed faster than the same as a literal.
      return `export const texts = JSON.parse(${JSON.stringify(JSON.stringify(typeTexts()))});`;
    },
  };
}

/** The texts by path from the root, e.g. `/src/core/id.ts`, `/lib/lib.es5.d.ts`. */
export function typeTexts(): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const folder of FOLDERS) {
    const names = readdirSync(path.join(PACKAGE_ROOT, folder), { recursive: true });
    for (const name of names.map(String)) {
      if (name.endsWith('.ts')) addSource(found, `${folder}/${slashed(name)}`);
    }
  }
  addSource(found, SURFACE);
  const require = createRequire(import.meta.url);
  const library = path.dirname(require.resolve('typescript6'));
  addLibrary(found, library, LIBRARY);
  for (const [name, files] of Object.entries(PACKAGES)) {
    const folder = packageFolder(require, name);
    for (const file of files) {
      found[`/node_modules/${name}/${file}`] = readFileSync(path.join(folder, file), 'utf8');
    }
  }
  return found;
}

/** A file of Parley, and what it imports. */
function addSource(found: Record<string, string>, file: string): void {
  const absolute = path.join(PACKAGE_ROOT, file);
  if (`/${file}` in found || !existsSync(absolute)) return;
  const text = readFileSync(absolute, 'utf8');
  found[`/${file}`] = text;
  for (const [, wanted] of text.matchAll(IMPORTED)) {
    addSource(found, path.posix.join(path.posix.dirname(file), wanted!));
  }
}

/** Declarations of the language, and those they are made of. */
function addLibrary(found: Record<string, string>, folder: string, name: string): void {
  if (`/lib/${name}` in found) return;
  const text = readFileSync(path.join(folder, name), 'utf8');
  found[`/lib/${name}`] = text;
  for (const [, other] of text.matchAll(REFERENCED)) {
    addLibrary(found, folder, `lib.${other}.d.ts`);
  }
}

/** Where a package is installed. It need not let others import its description. */
function packageFolder(require: NodeJS.Require, name: string): string {
  const paths = require.resolve.paths(name) ?? [];
  const folder = paths
    .map((each) => path.join(each, name))
    .find((each) => existsSync(path.join(each, 'package.json')));
  if (folder === undefined) throw new Error(`The package ${name} is not installed.`);
  return folder;
}
