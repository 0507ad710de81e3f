/** `parley lab`: the page and the signaling server on one port. */

import { namesIn, type ModuleExports } from '../../lab/chapters.ts';
import { importModule } from '../chapters.ts';
import { buildPage, pageFolder } from '../page/build-page.ts';
import { UsageError } from '../failures.ts';
import { serve } from './serve.ts';
import type { ServeOptions } from '../signal/signal-options.ts';
import { findUserModule } from '../user-module.ts';
import type { PageModule } from '../page/vite-plugin.ts';

const TITLE = 'Parley’s lab';

/** Serves until it is told to stop; the exit status. */
export async function labCommand(
  references: readonly string[],
  options: ServeOptions,
): Promise<number> {
  const userModules = await pageModules(references, process.cwd());
  if (options.dev === true) {
    const { developmentServer } = await import('../page/development-server.ts');
    const { close, ...served } = await developmentServer(userModules);
    return serve(options, { title: `${TITLE}, from its sources`, served, close });
  }
  return serve(options, {
    title: TITLE,
    served: { staticRoot: pageFolder({ userModules }) },
    prepare: () => buildPage({ userModules }, (text) => console.error(`· ${text}`)),
  });
}

/**
 * The modules named on the command line as the page lists them: one with several algorithms stands there once for each.
 *
 * @throws {UsageError} when one cannot be loaded, or has nothing to run
 */
export async function pageModules(
  references: readonly string[],
  workingDirectory: string,
): Promise<readonly PageModule[]> {
  const found: PageModule[] = [];
  for (const reference of references) {
    const { key, file } = findUserModule(reference, workingDirectory);
    // Imported here too, because an error in the terminal is easier to read than one in the page.
    const names = algorithmNames(await importModule(file, key), key);
    if (reference.includes('#')) found.push({ key: reference, file });
    else if (names.length === 1) found.push({ key, file });
    else found.push(...names.map((name) => ({ key: `${key}#${name}`, file })));
  }
  return found;
}

function algorithmNames(exports: ModuleExports, key: string): readonly string[] {
  const names = namesIn(exports, key);
  if (names.length > 0) return names;
  throw new UsageError(
    `${key} exports no algorithm: export a class that extends defineAlgorithm(…), by its name`,
  );
}
