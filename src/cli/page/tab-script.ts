/** Scripts of headless tabs, bundled from the sources: a fraction of a second. */

import path from 'node:path';
import { PACKAGE_ROOT } from '../package-root.ts';

/** The script that begins with this file of `src/lab`, as one piece. */
export async function tabScript(...file: readonly string[]): Promise<string> {
  const esbuild = await import('esbuild');
  const { outputFiles } = await esbuild.build({
    entryPoints: [path.join(PACKAGE_ROOT, 'src', 'lab', ...file)],
    bundle: true,
    format: 'iife',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
    absWorkingDir: PACKAGE_ROOT,
    tsconfigRaw: {},
  });
  return outputFiles[0]!.text;
}
