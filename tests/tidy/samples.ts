/**
 * Small files that keep or break each rule of the house: what tests/tidy.test.ts tries the rules on.
 *
 * Words and paths that a rule forbids everywhere are put together from two strings here.
 */

/** Paths and their texts. */
type Files = Readonly<Record<string, string>>;

interface Samples {
  readonly accepts?: readonly Files[];
  /** The places that the rule must name, and the files that hold them. */
  readonly finds?: readonly (readonly [places: readonly string[], files: Files])[];
}

const decision = (...parts: string[]): string => parts.map((part) => `## ${part}\n`).join('\n');

const fourParts = decision('Status', 'Context', 'Decision', 'Consequences');

export const samples: Readonly<Record<string, Samples>> = {
  importsGoDown: {
    accepts: [
      { 'src/ui/app/a.ts': "import { b } from '../../lab/b.ts'; import '../../core/c.ts';" },
      { 'src/ui/core/a.ts': "import './b.ts';", 'src/core/a/b.ts': "import '../c.ts';" },
      { 'src/cli/a.ts': "import '../../signaling-server/b.ts'; import '../../bin/c.js';" },
      { 'src/cli/a.ts': "new URL('../../', import.meta.url); import '../../package.json';" },
      { 'src/algorithms/a/b.ts': "import '../c/index.ts'; import 'lit';" },
      { 'src/lab/a.ts': "import.meta.glob(['../algorithms/*/index.ts', '/configs/*.yaml']);" },
      { 'src/index.ts': "export * from './lab/a.ts'; export * from './core/b.ts';" },
      { 'signaling-server/a.ts': "import '../src/net/signaling/protocol.ts'; import './b.ts';" },
      { 'tests/unit/a.test.ts': "import '../../src/ui/a.ts';" },
      { 'src/core/a.ts': "// import '../net/b.ts';\nconst text = \"import '../net/b.ts'\";" },
    ],
    finds: [
      [['src/core/a.ts:2'], { 'src/core/a.ts': "import './b.ts';\nimport '../check/b.ts';" }],
      [['src/core/a.ts:1'], { 'src/core/a.ts': "import type { B } from '../net/b.ts';" }],
      [['src/core/a.ts:1'], { 'src/core/a.ts': "type B = import('../net/b.ts').B;" }],
      [['src/net/a.ts:1'], { 'src/net/a.ts': "export { b } from '../storage/b.ts';" }],
      [['src/check/a.ts:1'], { 'src/check/a.ts': "export * from '../algorithms/b/c.ts';" }],
      [['src/runtime/a.ts:1'], { 'src/runtime/a.ts': "await import('../algorithms/b/c.ts');" }],
      [['src/storage/a.ts:1'], { 'src/storage/a.ts': "import '../runtime/b.ts';" }],
      [['src/lab/a.ts:1'], { 'src/lab/a.ts': "import.meta.glob('../ui/**/*.ts');" }],
      [['src/net/a.ts:1'], { 'src/net/a.ts': "new URL('../runtime/w.ts', import.meta.url);" }],
      [['src/ui/a.ts:1'], { 'src/ui/a.ts': "import '../cli/b.ts';" }],
      [['src/cli/a.ts:1'], { 'src/cli/a.ts': "import '../ui/b.ts';" }],
      [['src/lab/a.ts:1'], { 'src/lab/a.ts': "import '../../tests/b.ts';" }],
      [['src/ui/a.ts:1'], { 'src/ui/a.ts': "import '../../signaling-server/b.ts';" }],
      [['src/core/a.ts:1'], { 'src/core/a.ts': "import '../index.ts';" }],
      [['src/index.ts:1'], { 'src/index.ts': "export * from './ui/a.ts';" }],
      [['signaling-server/a.ts:1'], { 'signaling-server/a.ts': "import '../src/net/b.ts';" }],
      [['signaling-server/a.ts:1'], { 'signaling-server/a.ts': "import '../src/core/b.ts';" }],
    ],
  },

  importsNameFiles: {
    accepts: [
      { 'src/a.ts': "import './b.ts'; import './c.css?inline';", 'src/b.ts': '', 'src/c.css': '' },
      { 'bin/a.js': "import('../dist/cli.js'); import 'lit'; import 'node:fs';" },
    ],
    finds: [
      [['src/a.ts:1'], { 'src/a.ts': "import './b';", 'src/b.ts': '' }],
      [['src/a.ts:1'], { 'src/a.ts': "export * from './b.js';", 'src/b.ts': '' }],
      [['src/a.ts:1'], { 'src/a.ts': "import './b';", 'src/b/index.ts': '' }],
      [['src/a.ts:1'], { 'src/a.ts': "import './gone.ts';" }],
    ],
  },

  computesTheSameEverywhere: {
    accepts: [
      { 'src/core/a.ts': 'Math.floor(Math.PI); record.Date; let x: { Date: Date };' },
      { 'src/net/a.ts': 'Date.now(); Math.random(); 2 ** 3;' },
      { 'src/core/a.ts': '/** Unlike Date.now() and 2 ** 3. */ const text = "Math.random()";' },
    ],
    finds: [
      [['src/core/a.ts:2'], { 'src/core/a.ts': '\nnew Date();' }],
      [['src/algorithms/a/b.ts:1'], { 'src/algorithms/a/b.ts': 'Math.random();' }],
      [['src/check/a.ts:1'], { 'src/check/a.ts': "Math['exp'](1);" }],
      [['src/core/a.ts:1'], { 'src/core/a.ts': 'const { random } = Math;' }],
      [['src/core/a.ts:1'], { 'src/core/a.ts': 'const same = 2 ** 3;' }],
      [['src/core/a.ts:1'], { 'src/core/a.ts': 'x **= 3;' }],
      [['src/core/a.ts:1'], { 'src/core/a.ts': 'a.localeCompare(b);' }],
      [['src/core/a.ts:1'], { 'src/core/a.ts': 'new Intl.Collator();' }],
      [['src/core/a.ts:1'], { 'src/core/a.ts': 'setTimeout(f, 1);' }],
      [['src/core/a.ts:1'], { 'src/core/a.ts': 'const now = { performance };' }],
      [['src/core/a.ts:1'], { 'src/core/a.ts': "globalThis['Date'];" }],
      [['src/core/a.ts:1'], { 'src/core/a.ts': 'crypto.subtle;' }],
      [['src/core/a.ts:1'], { 'src/core/a.ts': 'await fetch(x);' }],
    ],
  },

  isErasable: {
    accepts: [
      { 'src/a.ts': 'declare global { interface Window { x: 1 } } // @decorator\nexport {};' },
      { 'vite.config.ts': 'export default {};', 'src/b.d.ts': 'declare namespace N {}' },
    ],
    finds: [
      [['src/a.ts:1'], { 'src/a.ts': 'class A { @state() x = 1; }' }],
      [['src/a.ts:1'], { 'src/a.ts': '@element class A {}' }],
      [['src/a.ts:1'], { 'src/a.ts': 'const enum E { A }' }],
      [['src/a.ts:1'], { 'src/a.ts': 'namespace N { export const x = 1; }' }],
      [['src/a.ts:2'], { 'src/a.ts': 'class A {\nconstructor(readonly x: 1) {} }' }],
      [['src/a.ts:1'], { 'src/a.ts': 'export default 1;' }],
      [['src/a.ts:1'], { 'src/a.ts': "export { x as default } from './b.ts';" }],
    ],
  },

  filesAreShort: {
    accepts: [{ 'src/a.ts': '\n'.repeat(500), 'docs/a.md': '\n'.repeat(900) }],
    finds: [[['src/a.css'], { 'src/a.css': '\n'.repeat(501) }]],
  },

  filesGettingLong: {
    accepts: [{ 'src/a.ts': '\n'.repeat(300), 'src/b.ts': '\n'.repeat(501) }],
    finds: [[['src/a.ts'], { 'src/a.ts': '\n'.repeat(301) }]],
  },

  namesAreKebab: {
    accepts: [
      { 'src/log-store.ts': '', 'tests/types/a.test-d.ts': '', 'README.md': '', LICENSE: '' },
      { 'configs/chang_roberts.yaml': '', 'tests/unit/fixtures/Some_Data.json': '' },
      { 'src/algorithms/chang_roberts/view.ts': '', 'src/algorithms/README.md': '' },
      { '.gitignore': '', '.github/ISSUE_TEMPLATE/bug.md': '', 'docs/decisions/0001-a-b.md': '' },
    ],
    finds: [
      [['src/logStore.ts'], { 'src/logStore.ts': '' }],
      [['src/two_phase/a.ts'], { 'src/two_phase/a.ts': '' }],
      [['src/Raft.ts'], { 'src/Raft.ts': '' }],
    ],
  },

  foldersExplainThemselves: {
    accepts: [{ 'src/core/a.ts': '', 'src/core/README.md': '', 'src/index.ts': '' }],
    finds: [
      [['src/net/README.md'], { 'src/net/signaling/a.ts': '' }],
      [
        ['src/algorithms/raft/README.md', 'src/algorithms/raft/index.ts'],
        { 'src/algorithms/raft/raft.ts': '', 'src/algorithms/README.md': '' },
      ],
    ],
  },

  noNotesToSelf: {
    accepts: [{ 'docs/a.md': 'We have much to do.', 'package-lock.json': 'X' + 'XX' }],
    finds: [[['src/a.ts:2'], { 'src/a.ts': '\n// TO' + 'DO: later' }]],
  },

  noConflictMarkers: {
    accepts: [{ 'docs/a.md': '`<<<<<<< HEAD` and\n> quoted' }],
    finds: [[['docs/a.md:2'], { 'docs/a.md': `one\n${'<'.repeat(7)} HEAD` }]],
  },

  noMachinePaths: {
    accepts: [{ 'src/a.ts': "'../work/a'; `${base}/tmp/`;", 'a.md': ' /tmp' + '/x' }],
    finds: [
      [['src/a.ts:1'], { 'src/a.ts': "open('/ro" + "ot/a')" }],
      [['tests/a.ts:2'], { 'tests/a.ts': '\n// see /ho' + 'me/somebody/a' }],
    ],
  },

  lockNamesNoRegistry: {
    accepts: [{ 'package-lock.json': '{ "url": "https://opencollective.com/x" }' }],
    finds: [
      [['package-lock.json:2'], { 'package-lock.json': '\n"resolved": "https://host/a.tgz"' }],
    ],
  },

  disabledRulesSayWhy: {
    accepts: [{ 'src/a.ts': '// oxlint-' + 'disable-next-line no-var -- merges with the DOM' }],
    finds: [[['src/a.ts:1'], { 'src/a.ts': '/* eslint-' + 'disable no-var */' }]],
  },

  textIsNeverMarkup: {
    accepts: [{ 'src/ui/a.ts': '// never innerHTML\nnode.textContent = x;' }],
    finds: [
      [['src/ui/a.ts:1'], { 'src/ui/a.ts': 'node.innerHTML = x;' }],
      [['src/ui/a.ts:1'], { 'src/ui/a.ts': 'html`<p .innerHTML=${x}></p>`;' }],
      [['src/ui/a.ts:1'], { 'src/ui/a.ts': "import { unsafeHTML } from 'lit';" }],
    ],
  },

  testsSayWhenTheyRun: {
    accepts: [
      { 'tests/unit/a.test.ts': "import { expect, test } from 'vitest';" },
      {
        'tests/e2e/a.test.ts':
          "import { expect } from 'vitest';\nimport { often, test } from '../support/often.ts';",
      },
    ],
    finds: [
      [
        ['tests/e2e/a.test.ts:2'],
        {
          'tests/e2e/a.test.ts':
            "import { someOf } from '../support/often.ts';\nimport { expect, test } from 'vitest';",
        },
      ],
    ],
  },

  testsAreNotSilenced: {
    accepts: [
      { 'tests/unit/a.test.ts': "test('x', f); testUnless(reason)('y', f); queue.skip(1);" },
      { 'tests/support/skip.ts': 'test.skipIf(true);' },
    ],
    finds: [
      [['tests/a.test.ts:1'], { 'tests/a.test.ts': "test.only('x', f);" }],
      [['tests/a.test.ts:2'], { 'tests/a.test.ts': "\ndescribe.skip('x', f);" }],
      [['tests/a.test.ts:1'], { 'tests/a.test.ts': "it.concurrent.skip.each([1])('x', f);" }],
      [['tests/a.test.ts:1'], { 'tests/a.test.ts': "test.runIf(x)('x', f);" }],
    ],
  },

  decisionsHaveFourParts: {
    accepts: [{ 'docs/decisions/0001-one-way.md': fourParts, 'docs/guide.md': '' }],
    finds: [
      [['docs/decisions/one-way.md'], { 'docs/decisions/one-way.md': fourParts }],
      [
        ['docs/decisions/0001-one-way.md', 'docs/decisions/0001-one-way.md'],
        { 'docs/decisions/0001-one-way.md': decision('Status', 'Decision') },
      ],
    ],
  },

  decisionsHaveOwnNumbers: {
    accepts: [{ 'docs/decisions/0001-a.md': '', 'docs/decisions/0002-b.md': '' }],
    finds: [
      [
        ['docs/decisions/0001-b.md'],
        { 'docs/decisions/0001-a.md': '', 'docs/decisions/0001-b.md': '' },
      ],
    ],
  },

  wordsStandTogether: {
    accepts: [
      { 'src/ui/a/b.ts': 'html`<p>Hello</p>`' },
      {
        'src/ui/a/words.ts': "export const WORDS = { hello: 'Hello to all' };",
        'src/ui/a/b.ts': 'html`<p class="big lead" @click=${() => 1}>${WORDS.hello} · </p>`',
        'src/ui/a/c.ts': "css`p { margin: 0 auto; }`; element.dispatchEvent(new Event('change'));",
      },
    ],
    finds: [
      [['src/ui/a/b.ts:1'], { 'src/ui/a/words.ts': '', 'src/ui/a/b.ts': 'html`<p>Hello</p>`' }],
      [['src/ui/a/b.ts:1'], { 'src/ui/a/words.ts': '', 'src/ui/a/b.ts': "say('Hello to all');" }],
      [['src/ui/a/b.ts:1'], { 'src/ui/a/words.ts': '', 'src/ui/a/b.ts': 'say(`${a} of all`);' }],
      [
        ['src/ui/a/b.ts:1'],
        { 'src/ui/a/words.ts': '', 'src/ui/a/b.ts': 'html`<p title="Hello"></p>`' },
      ],
    ],
  },

  filesAreNamedLikeTags: {
    accepts: [
      { 'src/ui/app/parley-app.ts': "customElements.define('parley-app', App);" },
      { 'src/ui/theme.ts': 'registry.define(x);', 'src/ui/main.ts': "import './a.ts';" },
    ],
    finds: [
      [['src/ui/parley-a.ts:1'], { 'src/ui/parley-a.ts': "customElements.define('parley-b', B);" }],
      [['src/ui/app.ts:1'], { 'src/ui/app.ts': "customElements.define('parley-app', App);" }],
      [['src/ui/my-app.ts:1'], { 'src/ui/my-app.ts': "customElements.define('my-app', App);" }],
      [['src/ui/parley-a.ts:1'], { 'src/ui/parley-a.ts': 'export class A {}' }],
      [['src/ui/parley-a.ts:1'], { 'src/ui/parley-a.ts': 'customElements.define(tag, A);' }],
    ],
  },
};
