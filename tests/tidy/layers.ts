/** The one-way rule: which part of the repository may import which. */

import { posix } from 'node:path';
import { isCode, onEach, problemAt, type Check, type SourceFile } from './source-file.ts';
import { importsOf } from './syntax.ts';

/** What may be imported by all that lies above the runtime. */
const BELOW_LAB = ['runtime', 'algorithms', 'check', 'net', 'storage', 'core'];

/**
 * The map, written once: a layer may import itself and what stands beside it here.
 * .oxlintrc.jsonc says the same a folder at a time, for the editor.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  algorithms: ['core'],
  check: ['core'],
  net: ['core'],
  storage: ['core'],
  runtime: ['check', 'net', 'storage', 'core'],
  maelstrom: ['runtime', 'check', 'net', 'storage', 'core'],
  lab: [...BELOW_LAB, 'configs'],
  // src/index.ts: what the package exports.
  surface: ['lab', ...BELOW_LAB],
  ui: ['lab', ...BELOW_LAB, 'configs', 'docs'],
  // The command line also builds the page and starts the server, from the files around src.
  cli: [
    ...['lab', 'maelstrom', ...BELOW_LAB, 'configs', 'docs'],
    ...['bin', 'signaling-server', 'package.json'],
  ],
  'signaling-server': ['net/signaling'],
  // As a user's own: what the package exports, and nothing behind it.
  examples: ['surface', 'algorithms'],
};

/** Every import of `src` and `signaling-server` goes downwards. */
export const importsGoDown: Check = onEach(
  (path) => isCode(path) && isLayer(layerOf(path)),
  (file) => {
    const layer = layerOf(file.path);
    const allowed = MAY_IMPORT[layer] ?? [];
    return importsOf(file).flatMap(({ specifier, offset }) => {
      const target = resolve(file.path, specifier);
      // A folder's address (`new URL('../../', import.meta.url)`) imports nothing by itself.
      if (target === undefined || target.endsWith('/')) return [];
      const other = layerOf(target);
      if (other === layer || allowed.includes(other)) return [];
      if (allowed.some((name) => target.startsWith(`src/${name}/`))) return [];
      const list = allowed.length === 0 ? 'nothing' : allowed.join(', ');
      return [
        problemAt(
          file,
          offset,
          `${layer} must not import ${other} ('${specifier}'): it may import ${list}. ` +
            `Move what is needed down, or pass it in from above.`,
        ),
      ];
    });
  },
);

/** A relative import names a file that is there, with its extension, as browsers and Node want. */
export const importsNameFiles: Check = (files) => {
  const paths = new Set(files.map(({ path }) => path));
  const check = onEach(isCode, (file: SourceFile) =>
    importsOf(file)
      .filter(({ form }) => form === 'import')
      .flatMap(({ specifier, offset }) => {
        const target = resolve(file.path, specifier);
        // What a build leaves in dist/ is not tracked, so nothing can be said about it.
        if (target === undefined || paths.has(target) || target.startsWith('dist/')) return [];
        const mended = [`${target}.ts`, `${target}/index.ts`, target.replace(/\.js$/, '.ts')];
        const meant = mended.find((path) => paths.has(path));
        const advice = meant === undefined ? 'No such file is tracked.' : `Write out ${meant}.`;
        return [problemAt(file, offset, `'${specifier}' does not name a file. ${advice}`)];
      }),
  );
  return check(files);
};

function isLayer(name: string): boolean {
  return Object.hasOwn(MAY_IMPORT, name);
}

/** The layer of a path: `src/net/frame.ts` is net, `src/index.ts` surface, `tests/a.ts` tests. */
function layerOf(path: string): string {
  const [top = '', second = '', ...rest] = path.split('/');
  if (top !== 'src') return top;
  return rest.length === 0 && second.includes('.') ? 'surface' : second;
}

/** The path from the top of the repository, or `undefined` for a package. */
function resolve(from: string, specifier: string): string | undefined {
  // Vite answers `?raw`, `?url`, `?worker`; a glob may begin with `!`.
  const path = specifier.replace(/^!/, '').replace(/\?.*$/, '');
  if (path.startsWith('/')) return path.slice(1);
  return path.startsWith('.') ? posix.join(posix.dirname(from), path) : undefined;
}
