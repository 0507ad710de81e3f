import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { transformSync } from 'esbuild';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SourceLines } from '../../../src/cli/live/source-lines.ts';
import { PACKAGE_ROOT } from '../../../src/cli/package-root.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'parley-page-'));
  mkdirSync(path.join(folder, 'assets'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A bundle of one line, made of a source that throws in its third; where the bundle throws. */
function bundle(name: string, source: string): string {
  const text = 'interface Unused {}\n\nexport const fail = () => { throw new Error("no"); };\n';
  const { code, map } = transformSync(text, {
    loader: 'ts',
    minify: true,
    sourcemap: 'external',
    sourcefile: source,
  });
  writeFileSync(path.join(folder, 'assets', `${name}.map`), map);
  return `http://localhost:1234/assets/${name}:1:${code.indexOf('throw') + 1}`;
}

test('a place in a bundle becomes the place in its source', () => {
  const ours = bundle('node-worker-AbC_12-3.js', 'src/core/algorithm.ts');
  const theirs = bundle('mine-1.js', pathToFileURL(path.join(folder, 'mine.ts')).href);
  const lines = new SourceLines(folder);
  expect(lines.resolve(`Error: no\n    at x (${ours})\n    at ${theirs}`)).toBe(
    `Error: no\n    at x (${path.join(PACKAGE_ROOT, 'src/core/algorithm.ts')}:3:29)\n` +
      `    at ${path.join(folder, 'mine.ts')}:3:29`,
  );
});

test('what is not known stays as it is', () => {
  writeFileSync(path.join(folder, 'assets', 'broken.js.map'), '{');
  const lines = new SourceLines(folder);
  const text =
    'at http://localhost:1/assets/no-map.js:1:2, http://localhost:1/assets/broken.js:3:4';
  expect(lines.resolve(text)).toBe(text);
  expect(lines.resolve('nothing of that kind')).toBe('nothing of that kind');
});
