/** Code that was edited in the page: texts in, modules out. */

/** A chapter's code as modules that {@link ModuleRoom} runs. */
export interface EditedCode {
  /** The module that offers the chapter, e.g. `src/algorithms/bracha/index.ts`. */
  readonly main: string;
  /** JavaScript by path, in the form of CommonJS: what it imports it gets by `require`. */
  readonly modules: Readonly<Record<string, string>>;
}

/** Something in a text that is no TypeScript. Lines and columns count from 1. */
export class SyntaxProblem extends Error {
  override readonly name = 'SyntaxProblem';
  readonly file: string;
  readonly line: number;
  readonly column: number;

  constructor(file: string, line: number, column: number, message: string) {
    super(message);
    this.file = file;
    this.line = line;
    this.column = column;
  }
}
