/** Reads the files that git tracks, or would track after `git add .`. */

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceFile } from './source-file.ts';

/** Listed for their names; what is in them is not text, or not written here. */
const UNREADABLE = /\.(png|ico|jpg|webp|woff2|wasm|gz|zip|pdf|parley)$/;

/** Every file of the repository under `root`, sorted by path. */
export function readRepository(root: string): SourceFile[] {
  return (listWithGit(root) ?? listWithoutGit(root))
    .filter((path) => existsSync(join(root, path)))
    .sort()
    .map((path) => ({
      path,
      text: UNREADABLE.test(path) ? '' : readFileSync(join(root, path), 'utf8'),
    }));
}

function listWithGit(root: string): string[] | undefined {
  // A checkout that another user made (a mounted volume) is refused unless it is called safe.
  const safe = ['-c', 'safe.directory=*'];
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  try {
    const options = { cwd: root, encoding: 'utf8', stdio: 'pipe' } as const;
    return [...new Set(execFileSync('git', [...safe, ...list], options).split('\0'))].filter(
      (path) => path !== '',
    );
  } catch {
    return undefined;
  }
}

/**
 * For a machine with Node and no git, or an unpacked archive. Understands as much of .gitignore as
 * ours uses: `folder/` and `*.ending`.
 */
function listWithoutGit(root: string): string[] {
  const patterns = readFileSync(join(root, '.gitignore'), 'utf8').split('\n').filter(Boolean);
  const folders = new Set(['.git', ...patterns.map((pattern) => pattern.replace(/\/$/, ''))]);
  const endings = patterns.filter((pattern) => pattern.startsWith('*.')).map((p) => p.slice(1));
  const found: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (folders.has(entry.name) || endings.some((ending) => path.endsWith(ending))) continue;
      if (entry.isDirectory()) visit(path);
      else if (entry.isFile()) found.push(path);
    }
  };
  visit('');
  return found;
}
