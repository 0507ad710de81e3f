/** A chapter of the page with what its reader has changed, as code that a sandbox runs. */

import { pageSources } from '../page/page-chapters.ts';
import { compile } from './compile.ts';
import type { EditedCode } from './edited-code.ts';

/** Compiles it. @throws {SyntaxProblem} by rejection, at the first place that cannot be read */
export async function compileEdited(
  algorithm: string,
  edits: Readonly<Record<string, string>>,
): Promise<EditedCode> {
  const own = await pageSources(algorithm);
  const files = own.map(({ name, text }) => ({ name, text: edits[name] ?? text }));
  return compile(`src/algorithms/${algorithm}`, files);
}
