/** Makes JavaScript of TypeScript by leaving the types out. Loaded when somebody edits: it weighs 46 kB. */

import { transform } from 'sucrase';
import type { SourceFile } from '../lab-service.ts';
import { SyntaxProblem, type EditedCode } from './edited-code.ts';

/**
 * Compiles a chapter.
 *
 * @param folder where the files are, as imports see it: `src/algorithms/bracha`
 * @throws {SyntaxProblem} at the first place that cannot be read
 */
export function compile(folder: string, files: readonly SourceFile[]): EditedCode {
  const scripts = files.filter(({ name }) => name.endsWith('.ts'));
  const main = scripts.find(({ name }) => name === 'index.ts') ?? scripts[0];
  if (main === undefined) throw new SyntaxProblem(folder, 1, 1, 'there is no code to run');
  const modules = scripts.map(({ name, text }) => [`${folder}/${name}`, javascriptOf(name, text)]);
  return { main: `${folder}/${main.name}`, modules: Object.fromEntries(modules) };
}

/** @throws {SyntaxProblem} */
export function javascriptOf(file: string, text: string): string {
  try {
    return transform(text, {
      transforms: ['typescript', 'imports'],
      filePath: file,
      production: true,
      disableESTransforms: true,
      preserveDynamicImport: true,
    }).code;
  } catch (error) {
    const { message, loc } = error as Error & { readonly loc?: { line: number; column: number } };
    // The message repeats the file and the place, which stand beside it.
    const plain = message.replace(/^Error transforming [^:]*: /, '').replace(/ \(\d+:\d+\)$/, '');
    throw new SyntaxProblem(file, loc?.line ?? 1, loc?.column ?? 1, plain);
  }
}
