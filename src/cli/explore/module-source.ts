/** The text of a user's module, for a link: the file itself, or with its own files in it when it imports any. */

import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { SOURCE_LENGTH_MAX } from '../../lab/link/linked-run.ts';

const IMPORTS_OWN_FILES = /(?:\bfrom|\bimport)\s*\(?\s*['"]\.{1,2}\//;

/** Undefined when it is too long to be sent around. Packages stay imports. */
export async function moduleSource(file: string): Promise<string | undefined> {
  const text = readFileSync(file, 'utf8');
  const whole = IMPORTS_OWN_FILES.test(text) ? await bundled(file) : text;
  return whole.length > SOURCE_LENGTH_MAX ? undefined : whole;
}

async function bundled(file: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    packages: 'external',
    format: 'esm',
    target: 'es2023',
    charset: 'utf8',
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
}
