/**
 * What every check of the house is: files in, problems out.
 *
 * A check reads nothing but its arguments, so that tests/tidy.test.ts can give it a small file that
 * breaks its rule: a rule that cannot fail guards nothing.
 */

/** One file of the repository. `path` is relative to its top and uses `/` on every machine. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** One place that breaks a rule. */
export interface Problem {
  readonly path: string;
  /** Counted from 1; 0 when the problem is not in one line (a missing file, say). */
  readonly line: number;
  /** What is wrong and how to mend it. */
  readonly message: string;
}

export type Check = (files: readonly SourceFile[]) => Problem[];

/** Runs `checkOne` on each file that `applies` says it is about. */
export function onEach(
  applies: (path: string) => boolean,
  checkOne: (file: SourceFile) => Problem[],
): Check {
  return (files) => files.filter(({ path }) => applies(path)).flatMap(checkOne);
}

/** The problem of one place, by its offset in the text. */
export function problemAt(file: SourceFile, offset: number, message: string): Problem {
  return { path: file.path, line: lineAt(file.text, offset), message };
}

/** A problem for each match of a pattern, which needs the flag `g`. */
export function problemsWhere(
  file: SourceFile,
  pattern: RegExp,
  message: (match: RegExpExecArray) => string,
  text = file.text,
): Problem[] {
  return [...text.matchAll(pattern)].map((match) => problemAt(file, match.index, message(match)));
}

/** `file:line  message`, as terminals and editors make it a link. */
export function print({ path, line, message }: Problem): string {
  return `${path}${line === 0 ? '' : `:${line}`}  ${message}`;
}

/** The path without its folders. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Text that a person wrote in a language with syntax: prose and data follow other rules. */
export function isCode(path: string): boolean {
  return /\.(ts|js|mjs|cjs)$/.test(path) && !isFixture(path);
}

/** Test data may be anything, a student's file with mistakes included. */
export function isFixture(path: string): boolean {
  return /^tests\/(.*\/)?fixtures\//.test(path);
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++;
  }
  return line;
}
