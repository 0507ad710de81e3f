/**
 * Module hooks: how Node finds and translates TypeScript. See typescript-loader.js.
 *
 * They work in both of Node's ways to call them: `nextResolve` gives a result (registerHooks) or a promise of one (register).
 */

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PACKAGE_NAME = '@parley-lab/parley';
const PACKAGE_ROOT = new URL('../', import.meta.url);
const SURFACE_URL = new URL('src/index.ts', PACKAGE_ROOT).href;

/** Schema libraries that a user's module may import in a project that has not installed them. */
const LENT_PACKAGES = new Set(['valibot', 'zod']);

const TYPESCRIPT = /\.m?ts$/;

const CACHE_FOLDER = fileURLToPath(new URL('node_modules/.cache/parley/typescript/', PACKAGE_ROOT));

/** Raise it when the options of the translation change: old translations are then not found. */
const CACHE_VERSION = 1;

/**
 * @type {import('node:module').ResolveHookSync}
 */
export function resolve(specifier, context, nextResolve) {
  // One copy of the library, wherever the module lives: classes keep their identity, and nothing has to be installed.
  if (specifier === PACKAGE_NAME) return { url: SURFACE_URL, format: 'module', shortCircuit: true };
  const attempts = [
    () => nextResolve(specifier, context),
    ...otherPlaces(specifier, context, nextResolve),
  ];
  return firstFound(attempts);
}

/**
 * @type {import('node:module').LoadHookSync}
 */
export function load(url, context, nextLoad) {
  const { protocol, pathname } = new URL(url);
  if (protocol !== 'file:' || !TYPESCRIPT.test(pathname)) return nextLoad(url, context);
  return { format: 'module', source: translated(fileURLToPath(url)), shortCircuit: true };
}

/**
 * Where else to look for what was not found as it was written.
 *
 * @param {string} specifier
 * @param {import('node:module').ResolveHookContext} context
 * @param {(specifier: string, context: object) => unknown} nextResolve
 */
function otherPlaces(specifier, context, nextResolve) {
  if (/^\.{1,2}\//.test(specifier)) {
    // As bundlers do, and so as the same module does in a page: `./messages` and `./messages.js` find messages.ts.
    const base = specifier.replace(/\.js$/, '');
    return [`${base}.ts`, `${base}/index.ts`].map((other) => () => nextResolve(other, context));
  }
  const packageName = specifier.split('/')[0] ?? '';
  if (!LENT_PACKAGES.has(packageName)) return [];
  return [() => nextResolve(specifier, { ...context, parentURL: import.meta.url })];
}

/**
 * The first result that is no “not found”; if all are, the first error, because it says what was written.
 *
 * @param {(() => unknown)[]} attempts
 */
function firstFound(attempts) {
  const [attempt, ...others] = attempts;
  /** @param {unknown} error */
  const otherwise = (error) => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const isMissing = code === 'ERR_MODULE_NOT_FOUND' || code === 'ERR_UNSUPPORTED_DIR_IMPORT';
    if (!isMissing || others.length === 0) throw error;
    try {
      const result = firstFound(others);
      return result instanceof Promise
        ? result.catch(() => {
            throw error;
          })
        : result;
    } catch {
      throw error;
    }
  };
  try {
    const result = attempt();
    return result instanceof Promise ? result.catch(otherwise) : result;
  } catch (error) {
    return otherwise(error);
  }
}

/**
 * The JavaScript of a TypeScript file, from the cache when the file has not changed.
 *
 * @param {string} file
 */
function translated(file) {
  const { mtimeMs, size } = statSync(file);
  const stamp = `\n// ${CACHE_VERSION} ${mtimeMs} ${size}\n`;
  const name = createHash('sha256').update(file).digest('hex').slice(0, 32);
  const cached = path.join(CACHE_FOLDER, `${name}.js`);
  const known = readIfThere(cached);
  if (known?.endsWith(stamp)) return known;
  const code = translate(file) + stamp;
  keep(cached, code);
  return code;
}

/** @param {string} file */
function translate(file) {
  // Loaded only when something changed: it takes longer than all the cached files together.
  const require = createRequire(import.meta.url);
  /** @type {import('esbuild')} */
  const esbuild = require('esbuild');
  try {
    const { code } = esbuild.transformSync(readFileSync(file, 'utf8'), {
      loader: 'ts',
      format: 'esm',
      target: 'node20',
      sourcemap: 'inline',
      // The file itself is there to be looked at; its name is enough.
      sourcesContent: false,
      sourcefile: pathToFileURL(file).href,
      tsconfigRaw: { compilerOptions: { useDefineForClassFields: true } },
    });
    return code;
  } catch (error) {
    throw syntaxError(file, error);
  }
}

/**
 * One line with the place, instead of a dump of the translator's state.
 *
 * @param {string} file
 * @param {unknown} error
 */
function syntaxError(file, error) {
  /** @type {import('esbuild').Message[]} */
  const messages = /** @type {any} */ (error)?.errors ?? [];
  const [first] = messages;
  if (first?.location == null) return error;
  const { line, column, lineText } = first.location;
  const shown = lineText.trim() === '' ? '' : `\n    ${lineText.trim()}`;
  return new SyntaxError(`${file}:${line}:${column + 1}: ${first.text}${shown}`);
}

/** @param {string} file */
function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * Keeps a translation. Where that is not allowed, every start translates anew: slower, and otherwise the same.
 *
 * @param {string} file
 * @param {string} code
 */
function keep(file, code) {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    // Written aside and renamed, because several processes may start at once.
    const draft = `${file}.${process.pid}.${performance.now()}`;
    writeFileSync(draft, code);
    renameSync(draft, file);
  } catch {
    // Nothing to do about it here, and nothing is lost.
  }
}
