/**
 * Whether a built page is still what its sources say.
 *
 * Compared by contents, not by time: a checkout, a package manager and an editor all write times of their own.
 */

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite';
import { PACKAGE_ROOT } from '../package-root.ts';

/** File in the built page that says what it was built from. */
export const STAMP_NAME = 'built-from.json';

/** Hashes of the contents, by path: relative to the package for our files, absolute for a user's. */
export type Stamp = Readonly<Record<string, string>>;

const SOURCES = [
  'src',
  'configs',
  'public',
  'index.html',
  'node.html',
  'sandbox.html',
  'vite.config.ts',
  'signaling-server/page-policy.ts',
  'package-lock.json',
];

/** Of src/cli only these make the page; the rest of the commands may change without a build. */
const PAGE_PARTS_OF_CLI = new Set([
  'src/cli/page/vite-plugin.ts',
  'src/cli/page/page-config.ts',
  'src/cli/page/entries-plugin.ts',
  'src/cli/page/page-files-plugin.ts',
  'src/cli/page/trace-page-plugin.ts',
  'src/cli/trace/page-bundle.ts',
]);

/** A lock file is not part of an installed package, which comes with the page built. */
const MAY_BE_ABSENT = new Set(['package-lock.json']);

/** Writes the stamp into every page that is built, by whatever command. */
export function stampPlugin(): Plugin {
  let sources: Stamp = {};
  return {
    name: 'parley-stamp',
    apply: 'build',
    buildStart() {
      // Before anything is read: what changes during the build then counts as changed.
      sources = currentStamp([]);
    },
    writeBundle({ dir }) {
      if (dir === undefined) return;
      const files = [...this.getModuleIds()].filter((id) => isUserFile(id, sources));
      const users = files.map((file) => [file, hashOf(file)]);
      const stamp = { ...sources, ...(Object.fromEntries(users) as Stamp) };
      writeFileSync(path.join(dir, STAMP_NAME), JSON.stringify(stamp));
    },
  };
}

/** What the page would be built from now. */
function currentStamp(userFiles: readonly string[]): Stamp {
  const ours = SOURCES.flatMap((name) => filesBelow(name)).filter(isPagePart);
  return Object.fromEntries([
    ...ours.map((name) => [name, hashOf(path.join(PACKAGE_ROOT, name))]),
    ...userFiles.map((file) => [file, hashOf(file)]),
  ]) as Stamp;
}

/** The stamp of a built page; undefined when there is none. */
export function readStamp(folder: string): Stamp | undefined {
  const file = path.join(folder, STAMP_NAME);
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Stamp;
  } catch {
    return undefined;
  }
}

/** The first file that is not what the page was built from; undefined when the page is up to date. */
export function changedSince(built: Stamp): string | undefined {
  const userFiles = Object.keys(built).filter((name) => path.isAbsolute(name));
  const now = currentStamp(userFiles.filter((file) => existsSync(file)));
  const changed = Object.keys(now).find((name) => now[name] !== built[name]);
  if (changed !== undefined) return changed;
  return Object.keys(built).find((name) => !(name in now) && !MAY_BE_ABSENT.has(name));
}

function isPagePart(name: string): boolean {
  return !name.startsWith('src/cli/') || PAGE_PARTS_OF_CLI.has(name);
}

/** Written by whoever runs the command: no package, none of our sources, nothing that a plugin made up. */
function isUserFile(id: string, sources: Stamp): boolean {
  if (!path.isAbsolute(id) || id.includes('/node_modules/') || !existsSync(id)) return false;
  return !(path.relative(PACKAGE_ROOT, id).replaceAll('\\', '/') in sources);
}

function filesBelow(name: string): readonly string[] {
  const absolute = path.join(PACKAGE_ROOT, name);
  const found = statSync(absolute, { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (!found.isDirectory()) return [name];
  return readdirSync(absolute)
    .filter((inner) => !inner.startsWith('.'))
    .sort()
    .flatMap((inner) => filesBelow(`${name}/${inner}`));
}

function hashOf(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 16);
  } catch {
    // Editors and checkouts take files away for a moment.
    return 'unreadable';
  }
}
