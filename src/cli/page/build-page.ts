/** Builds the page when there is none, or when it is older than what it is made of. */

import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { UsageError } from '../failures.ts';
import { withLock } from './lock-file.ts';
import { PACKAGE_ROOT } from '../package-root.ts';
import { changedSince, readStamp } from './page-stamp.ts';
import type { PageContents } from './page-config.ts';

/**
 * The folder of a page that is up to date, built if need be.
 *
 * @param note says what takes so long
 * @throws {UsageError} with file and line, when a module cannot be bundled
 */
export async function buildPage(
  contents: PageContents,
  note: (text: string) => void,
): Promise<string> {
  const folder = pageFolder(contents);
  if (reasonToBuild(folder) === undefined) return folder;
  const waiting = () => note('another process is building the page; waiting for it');
  return withLock(`${folder}.lock`, waiting, async () => {
    // Whoever held the lock may have built it.
    const reason = reasonToBuild(folder);
    if (reason === undefined) return folder;
    note(`building the page (${reason}) …`);
    const beganMs = performance.now();
    await buildInto(folder, contents);
    note(`the page is built: ${((performance.now() - beganMs) / 1000).toFixed(1)} s`);
    return folder;
  });
}

function reasonToBuild(folder: string): string | undefined {
  const stamp = readStamp(folder);
  if (stamp === undefined) return 'for the first time';
  const changed = changedSince(stamp);
  return changed === undefined ? undefined : `${changed} has changed`;
}

/** Built aside and moved: a server that serves the page now must not find half of the next one. */
async function buildInto(folder: string, contents: PageContents): Promise<void> {
  // Loaded only here: the bundler takes longer to load than a run in the simulator.
  const [{ build }, { pageConfig }] = await Promise.all([
    import('vite'),
    import('./page-config.ts'),
  ]);
  const draft = `${folder}.${process.pid}`;
  // Libraries have slower versions for whoever works on them: a page is built for those who use it, whatever runs us.
  const { NODE_ENV: environment } = process.env;
  process.env['NODE_ENV'] = 'production';
  try {
    await build({
      ...pageConfig({ ...contents, outDir: draft }),
      configFile: false,
      logLevel: 'silent',
    });
    const old = `${draft}.old`;
    if (readStamp(folder) !== undefined) renameSync(folder, old);
    else rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
    rmSync(old, { recursive: true, force: true });
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw new UsageError(`the page cannot be built: ${describeBuildError(error)}`, {
      cause: error,
    });
  } finally {
    if (environment === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = environment;
  }
}

/** The bundler's message has the file, the line and a picture of it already; it only comes in colours. */
function describeBuildError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return stripVTControlCharacters(error.message).trim();
}

/** Where a page is or will be: ours stands where `npm run build` puts it and has the bare page too; any other has a folder of its own. */
export function pageFolder({ userModules = [], only }: PageContents): string {
  if (userModules.length === 0 && isWritable(PACKAGE_ROOT)) {
    return path.join(PACKAGE_ROOT, 'dist', 'page');
  }
  const shipped = path.join(PACKAGE_ROOT, 'dist', 'page');
  if (userModules.length === 0 && reasonToBuild(shipped) === undefined) return shipped;
  const name = createHash('sha256').update(JSON.stringify([PACKAGE_ROOT, userModules, only]));
  return path.join(cacheFolder(), name.digest('hex').slice(0, 16));
}

/** Parley may be installed where its user may not write. */
function cacheFolder(): string {
  const own = path.join(PACKAGE_ROOT, 'node_modules', '.cache', 'parley', 'pages');
  try {
    mkdirSync(own, { recursive: true });
    if (isWritable(own)) return own;
  } catch {
    // Then not there.
  }
  return path.join(tmpdir(), `parley-pages-${process.getuid?.() ?? 'user'}`);
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
