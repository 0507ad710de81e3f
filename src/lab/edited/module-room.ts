/** Runs modules that exist only as texts: each gets what it imports from the others, and from what the page itself is made of. */

import { nearest } from '../../core/nearest-name.ts';
import type { ModuleExports } from '../chapters.ts';
import type { EditedCode } from './edited-code.ts';

/** Modules of the page by path (`src/core/algorithm.ts`) or package (`valibot`), each with what loads it. */
export type PageModules = Readonly<Record<string, () => Promise<ModuleExports>>>;

/** An edited module asks for something that there is not, or fails while it is loaded. */
export class ModuleError extends Error {
  override readonly name = 'ModuleError';
}

const REQUIRED = /\brequire\('([^']+)'\)/g;

/**
 * Evaluates the code.
 *
 * @returns what its main module exports
 * @throws {ModuleError} that names the module and what it lacks
 */
export async function evaluate(code: EditedCode, page: PageModules): Promise<ModuleExports> {
  const loaded = new Map<string, ModuleExports>();
  for (const [path, text] of Object.entries(code.modules)) {
    for (const [, wanted] of text.matchAll(REQUIRED)) {
      const target = resolve(path, wanted!);
      if (target in code.modules || loaded.has(target)) continue;
      const load = page[target];
      if (load === undefined) throw new ModuleError(missing(path, wanted!, code, page));
      loaded.set(target, await load());
    }
  }
  return new ModuleRoom(code, loaded).require(code.main);
}

function missing(path: string, wanted: string, code: EditedCode, page: PageModules): string {
  const packages = Object.keys(page).filter((name) => !name.startsWith('src/'));
  const hint = nearest(resolve(path, wanted), [...Object.keys(code.modules), ...Object.keys(page)]);
  const suggestion = hint === undefined ? '' : ` (did you mean '${hint}'?)`;
  return `${path} imports '${wanted}', which the page does not have${suggestion}. It has the files of the chapter, src/core, and ${packages.join(', ')}.`;
}

/** Where an import leads: beside the module that asks, or to a package. */
export function resolve(from: string, wanted: string): string {
  if (!wanted.startsWith('.')) return wanted;
  const parts = from.split('/').slice(0, -1);
  for (const part of wanted.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

type ModuleBody = (exports: object, require: (wanted: string) => ModuleExports) => void;

class ModuleRoom {
  readonly #code: EditedCode;
  readonly #loaded: Map<string, ModuleExports>;

  constructor(code: EditedCode, loaded: Map<string, ModuleExports>) {
    this.#code = code;
    this.#loaded = loaded;
  }

  require(path: string): ModuleExports {
    const known = this.#loaded.get(path);
    if (known !== undefined) return known;
    const exports: Record<string, unknown> = {};
    // Before it runs: modules may import each other in a circle.
    this.#loaded.set(path, exports);
    const require = (wanted: string) => this.require(resolve(path, wanted));
    try {
      // The code begins in the first line, so that the lines of errors are those of its text.
      const text = `(function (exports, require) {${this.#code.modules[path]}\n})`;
      // oxlint-disable-next-line no-eval -- running what was written is what this worker is for
      const body = (0, eval)(`${text}\n//# sourceURL=${path}`) as ModuleBody;
      body(exports, require);
    } catch (error) {
      if (error instanceof ModuleError) throw error;
      throw new ModuleError(`${path} cannot be loaded: ${String(error)}`, { cause: error });
    }
    return exports;
  }
}
