/** What is wrong in a configuration, each with its place, so that a terminal can print it and an editor underline it. */

/** One thing that is wrong, and where. */
export interface ConfigProblem {
  /** A configuration with errors does not run; one with warnings does. */
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1, in UTF-16 units. */
  readonly column: number;
  readonly endLine?: number;
  /** The column behind the last character. */
  readonly endColumn?: number;
  /** What was probably meant. */
  readonly suggestion?: string;
}

/** A configuration that cannot run. `message` has one line for each problem. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** Errors and warnings, in the order of the text; the first {@link PROBLEMS_MAX} that were found. */
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[], unlisted = 0) {
    const lines = problems.map(printProblem);
    if (unlisted > 0) lines.push(`… and ${unlisted} more`);
    super(lines.join('\n'));
    this.problems = problems;
  }
}

/** Most problems that are listed; the rest are counted. More than anybody reads, and a bound on the search for near names. */
export const PROBLEMS_MAX = 100;

/** One line for a terminal: `ring.yaml:4:3: unknown key 'node_ib' (did you mean 'node_id'?)`. */
export function printProblem(problem: ConfigProblem): string {
  const { severity, file, line, column, message, suggestion } = problem;
  const warning = severity === 'warning' ? 'warning: ' : '';
  const hint = suggestion === undefined ? '' : ` (did you mean '${suggestion}'?)`;
  return `${file}:${line}:${column}: ${warning}${message}${hint}`;
}
