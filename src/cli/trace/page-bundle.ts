/** Bundles the code of a page that shows a trace: the diagram, the table and the inspector of the lab, in one script. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { PageCode } from '../../lab/trace/html-export.ts';
import { PACKAGE_ROOT } from '../package-root.ts';

/** Script and styles, from the sources: a fraction of a second. */
export async function bundlePage(): Promise<PageCode> {
  const ui = path.join(PACKAGE_ROOT, 'src', 'ui');
  const esbuild = await import('esbuild');
  const options = { minify: true, target: 'es2022', charset: 'utf8' } as const;
  const [bundle, style] = await Promise.all([
    esbuild.build({
      ...options,
      entryPoints: [path.join(ui, 'trace', 'main.ts')],
      bundle: true,
      format: 'iife',
      write: false,
      // What stands there is for work on Parley itself, and has no say in this bundle.
      tsconfigRaw: { compilerOptions: { useDefineForClassFields: true } },
    }),
    esbuild.transform(readFileSync(path.join(ui, 'kit', 'theme.css'), 'utf8'), {
      ...options,
      loader: 'css',
    }),
  ]);
  const script = bundle.outputFiles[0]!.text;
  const scriptSha256 = createHash('sha256').update(script).digest('base64');
  return { script, scriptSha256, style: style.code };
}
