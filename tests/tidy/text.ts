/** What must not stand in a file, whatever its language. */

import {
  baseName,
  isCode,
  isFixture,
  onEach,
  problemAt,
  problemsWhere,
  type Check,
  type Problem,
} from './source-file.ts';
import { walk, withoutComments, type Node } from './syntax.ts';

/** Written by a person: no lock file, no data. */
const isWritten = (path: string): boolean =>
  /\.(ts|js|mjs|md|css|html|ya?ml|jsonc?|sh)$/.test(path) &&
  !isFixture(path) &&
  baseName(path) !== 'package-lock.json';

// The words are put together here so that this file does not break its own rule.
const NOTES = ['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'];

/** A note to oneself is read by nobody: do it now, or write an issue. */
export const noNotesToSelf: Check = onEach(isWritten, (file) =>
  problemsWhere(
    file,
    new RegExp(`\\b(${NOTES.join('|')})\\b`, 'g'),
    ([word]) => `'${word}' is read by nobody: do it now, or write an issue.`,
  ),
);

/** What git leaves where two changes met, at the beginning of a line. */
export const noConflictMarkers: Check = onEach(isWritten, (file) =>
  problemsWhere(file, /^(?:<{7}|>{7}) .*/gm, () => 'Two changes met here: make one text of them.'),
);

/** Absolute paths that exist on one machine; prose may name them as examples. */
const MACHINE_PATH = /(?<![\w.)\]}/])\/(work|root|tmp|home\/\w+|Users\/\w+)\//g;

export const noMachinePaths: Check = onEach(
  (path) => isWritten(path) && !path.endsWith('.md'),
  (file) =>
    problemsWhere(
      file,
      MACHINE_PATH,
      ([found]) => `'${found}' exists on one machine: use a relative path or os.tmpdir().`,
    ),
);

/** The lock file must install through whichever registry a machine is set to use. */
export const lockNamesNoRegistry: Check = onEach(
  (path) => baseName(path) === 'package-lock.json',
  (file) =>
    problemsWhere(
      file,
      /"resolved": "https?:\/\/([^/"]+)/g,
      ([, host]) =>
        `The lock file names the registry ${host}: ` +
        'run npm install --omit-lockfile-registry-resolved (.npmrc should say it already).',
    ).slice(0, 1),
);

/** A lint rule is switched off for a reason, and the reason stands beside it. */
export const disabledRulesSayWhy: Check = onEach(isCode, (file) =>
  problemsWhere(
    file,
    /(oxlint|eslint)-disable(?!.* -- \S).*/g,
    () => 'Say why the rule is switched off: `// oxlint-disable-next-line rule -- the reason`.',
  ),
);

/** What peers send, and what students write, is text: markup in it must stay visible as text. */
const MARKUP =
  /\b(innerHTML|outerHTML|insertAdjacentHTML|setHTMLUnsafe|createContextualFragment|srcdoc|unsafeHTML|unsafeSVG|unsafeMathML|document\.write)\b/g;

export const textIsNeverMarkup: Check = onEach(
  (path) => path.startsWith('src/') && isCode(path),
  (file) =>
    problemsWhere(
      file,
      MARKUP,
      ([name]) => `'${name}' turns text into markup: use Lit's html templates or textContent.`,
      withoutComments(file),
    ),
);

/** The one file that may skip, because it says why. */
const SKIP_HELPER = 'tests/support/skip.ts';

const TEST_FUNCTIONS = new Set(['test', 'it', 'describe', 'suite', 'bench', 'context', 'ctx']);

const MODIFIERS = new Set(['only', 'skip', 'skipIf', 'runIf', 'todo']);

/** A test that does not run says so, with its reason; one that runs alone hides all others. */
export const testsAreNotSilenced: Check = onEach(
  (path) => /^(tests|bench)\//.test(path) && isCode(path) && path !== SKIP_HELPER,
  (file) => {
    const problems: Problem[] = [];
    walk(file, (node) => {
      if (node.type !== 'MemberExpression' || node.property.type !== 'Identifier') return;
      const { name } = node.property;
      if (!MODIFIERS.has(name) || !TEST_FUNCTIONS.has(rootName(node.object) ?? '')) return;
      const advice =
        name === 'only' ? 'remove it' : `use testUnless(reason) from ${SKIP_HELPER}, or remove it`;
      problems.push(problemAt(file, node.property.start, `'.${name}' silences tests: ${advice}.`));
    });
    return problems;
  },
);

/** Where there is time, a file that tries things often would run vitest's own `test` a second time, with nothing new in it. */
export const testsSayWhenTheyRun: Check = onEach(
  (path) => /^tests\/(unit|compliance|simulation|e2e)\//.test(path) && isCode(path),
  (file) =>
    file.text.includes(`/often.ts'`)
      ? problemsWhere(
          file,
          /import \{[^}]*\btest\b[^}]*\} from 'vitest'/g,
          () => 'Take `test`, `testOften` or `testThoroughly` from tests/support/often.ts.',
        )
      : [],
);

/** `describe` of `describe.concurrent.each`. */
function rootName(node: Node): string | undefined {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'MemberExpression') return rootName(node.object);
  return node.type === 'CallExpression' ? rootName(node.callee) : undefined;
}
