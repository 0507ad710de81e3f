/** The shape of the tree: lengths, names, and what each folder must hold. */

import {
  baseName,
  isCode,
  isFixture,
  onEach,
  type Check,
  type Problem,
  type SourceFile,
} from './source-file.ts';

/** Above this a file is searched, not read. */
const LINES_MAX = 500;

/** From here on a file should be thinking about becoming two. */
const LINES_LONG = 300;

const isMeasured = (path: string): boolean =>
  isCode(path) || (/\.(css|html)$/.test(path) && !isFixture(path));

export const filesAreShort: Check = onEach(isMeasured, (file) =>
  problemIfLonger(file, LINES_MAX, 'Split it by concept.'),
);

/** Not a failure: the list is printed, so that the next change may mend it. */
export const filesGettingLong: Check = (files) =>
  files
    .filter(({ path, text }) => isMeasured(path) && countLines(text) <= LINES_MAX)
    .flatMap((file) => problemIfLonger(file, LINES_LONG, 'Think of splitting it.'));

function problemIfLonger(file: SourceFile, linesMax: number, advice: string): Problem[] {
  const lines = countLines(file.text);
  if (lines <= linesMax) return [];
  return [{ path: file.path, line: 0, message: `${lines} lines, above ${linesMax}. ${advice}` }];
}

function countLines(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

/** Names that a tool or a custom fixes. */
const CUSTOMARY = /^([A-Z]+(\.md)?|Dockerfile)$/;

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;

/** Configurations keep the names of the files that they are compatible with. */
const isNamedByUs = (path: string): boolean =>
  !isFixture(path) && !path.startsWith('configs/') && !path.startsWith('.');

/** `lower-case-with-dashes.ts`, folders too. */
export const namesAreKebab: Check = onEach(isNamedByUs, ({ path }) =>
  path
    // A chapter's folder is named as users type it after `-a`: chang_roberts.
    .replace(/^src\/algorithms\/[a-z0-9_]+\//, '')
    .split('/')
    .filter((part) => !KEBAB.test(part) && !CUSTOMARY.test(part) && !part.startsWith('.'))
    .map((part) => ({
      path,
      line: 0,
      message: `'${part}' is not kebab-case: lower-case words with dashes between them.`,
    })),
);

/** Beside the chapters: what several of them share, and nothing to run. */
const NO_CHAPTER = 'src/algorithms/dissemination/';

/** A folder says what it is for, and a chapter what it exports. */
export const foldersExplainThemselves: Check = (files) => {
  const paths = new Set(files.map(({ path }) => path));
  const required = new Set<string>();
  for (const path of paths) {
    const folder = /^src\/[^/]+\//.exec(path)?.[0];
    if (folder !== undefined) required.add(`${folder}README.md`);
    const chapter = /^src\/algorithms\/[^/]+\//.exec(path)?.[0];
    if (chapter === undefined) continue;
    required.add(`${chapter}README.md`);
    if (chapter !== NO_CHAPTER) required.add(`${chapter}index.ts`);
  }
  return [...required]
    .filter((path) => !paths.has(path))
    .map((path) => ({ path, line: 0, message: `Missing. ${reasonFor(baseName(path))}` }));
};

function reasonFor(name: string): string {
  return name === 'index.ts'
    ? 'A chapter exports its algorithm, invariants and scenarios there, and is found by it.'
    : 'Ten lines: its one job, what it may import, where to start reading.';
}
