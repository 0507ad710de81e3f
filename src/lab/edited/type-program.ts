/** What TypeScript says of texts: its language service over files that exist only in memory. Runs in a worker of the page. */

import ts from 'typescript6';
import type { Diagnostic } from '../lab-service.ts';

/** Texts by path from the root, e.g. `/src/core/id.ts`. */
export type Texts = Readonly<Record<string, string>>;

/** Where the declarations of the language itself are, among the texts. */
export const LIBRARY_FOLDER = '/lib';

/** As strict as Parley's own algorithms are checked: see tsconfig.pure.json. */
const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2023.d.ts'],
  types: [],
  paths: { '@parley-lab/parley': ['/src/index.ts'] },
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noImplicitOverride: true,
  noPropertyAccessFromIndexSignature: true,
  noFallthroughCasesInSwitch: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  verbatimModuleSyntax: true,
  erasableSyntaxOnly: true,
  isolatedModules: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  noEmit: true,
};

/** Codes of what is declared and never used: untidy, and no mistake. */
const UNUSED: ReadonlySet<number> = new Set([6133, 6138, 6192, 6196, 6198, 6199, 6205]);
/** A wrong type in a wide union explains itself over pages: the beginning says what is wrong. */
const MESSAGE_LENGTH_MAX = 600;
/** A text that is all wrong is mended from its top. */
const DIAGNOSTICS_MAX = 100;

/** A program whose texts change. */
export class TypeProgram {
  readonly #given: Texts;
  readonly #folders: ReadonlySet<string>;
  readonly #service: ts.LanguageService;
  #own: Texts = {};
  readonly #versions = new Map<string, number>();

  /** @param given what the program has beside the texts that change: the language, Parley, what it is made with */
  constructor(given: Texts) {
    this.#given = given;
    this.#folders = foldersOf(given);
    const read = (path: string): string | undefined => this.#own[path] ?? this.#given[path];
    const host: ts.LanguageServiceHost = {
      getCompilationSettings: () => OPTIONS,
      getScriptFileNames: () => Object.keys(this.#own),
      getScriptVersion: (path) => String(this.#versions.get(path) ?? 0),
      getScriptSnapshot: (path) => {
        const text = read(path);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => '/',
      getDefaultLibFileName: () => `${LIBRARY_FOLDER}/lib.es2023.d.ts`,
      fileExists: (path) => read(path) !== undefined,
      readFile: read,
      directoryExists: (path) => this.#folders.has(path) || this.#isFolderOfOwn(path),
      useCaseSensitiveFileNames: () => true,
    };
    this.#service = ts.createLanguageService(host);
  }

  /** Has these texts from now on, beside what was given. */
  change(own: Texts): void {
    for (const [path, text] of Object.entries(own)) {
      if (this.#own[path] !== text) {
        this.#versions.set(path, (this.#versions.get(path) ?? 0) + 1);
      }
    }
    this.#own = own;
  }

  /** What is wrong in a file, from its top. */
  check(path: string): readonly Diagnostic[] {
    const found = [
      ...this.#service.getSyntacticDiagnostics(path),
      ...this.#service.getSemanticDiagnostics(path),
    ];
    return found
      .toSorted((a, b) => (a.start ?? 0) - (b.start ?? 0))
      .slice(0, DIAGNOSTICS_MAX)
      .map(toDiagnostic);
  }

  /** What stands at a place, counted from 1: its type, and what is written of it. Undefined where there is nothing to say. */
  describe(path: string, line: number, column: number): string | undefined {
    const file = this.#service.getProgram()?.getSourceFile(path);
    if (file === undefined || line > file.getLineStarts().length) return undefined;
    const at = file.getLineStarts()[line - 1]! + column - 1;
    const found = this.#service.getQuickInfoAtPosition(path, at);
    if (found === undefined) return undefined;
    const parts = [found.displayParts, found.documentation].map((part) =>
      ts.displayPartsToString(part),
    );
    return shorten(parts.filter((part) => part !== '').join('\n\n'));
  }

  #isFolderOfOwn(path: string): boolean {
    return Object.keys(this.#own).some((own) => own.startsWith(`${path}/`));
  }
}

/** Every folder that a text lies in, at any depth. */
function foldersOf(texts: Texts): ReadonlySet<string> {
  const found = new Set(['/']);
  for (const path of Object.keys(texts)) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      found.add(path.slice(0, at));
    }
  }
  return found;
}

function toDiagnostic({
  file,
  start = 0,
  length = 0,
  messageText,
  code,
}: ts.Diagnostic): Diagnostic {
  const place = (at: number) => {
    const { line, character } = file?.getLineAndCharacterOfPosition(at) ?? {
      line: 0,
      character: 0,
    };
    return { line: line + 1, column: character + 1 };
  };
  const [from, to] = [place(start), place(start + length)];
  return {
    message: shorten(ts.flattenDiagnosticMessageText(messageText, '\n')),
    severity: UNUSED.has(code) ? 'warning' : 'error',
    ...from,
    ...{ endLine: to.line, endColumn: to.column },
  };
}

function shorten(text: string): string {
  return text.length <= MESSAGE_LENGTH_MAX ? text : `${text.slice(0, MESSAGE_LENGTH_MAX)} …`;
}
