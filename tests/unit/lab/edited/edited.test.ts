import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { chapterFrom, type ModuleExports } from '../../../../src/lab/chapters.ts';
import { compile, javascriptOf } from '../../../../src/lab/edited/compile.ts';
import { SyntaxProblem } from '../../../../src/lab/edited/edited-code.ts';
import { evaluate, resolve } from '../../../../src/lab/edited/module-room.ts';
import { planOf } from '../../../../src/lab/run-spec.ts';
import { Simulation } from '../../../../src/runtime/simulator.ts';

const FOLDER = 'src/algorithms/bracha';

/** What the page has, as the sandbox finds it. */
const page = Object.fromEntries(
  [
    ...['algorithm', 'bug', 'canonical', 'machine', 'machine-driver', 'message', 'signed'],
    ...['id', 'schema', 'value', 'errors', 'any-value'],
  ].map((name) => [
    `src/core/${name}.ts`,
    () => import(`../../../../src/core/${name}.ts`) as Promise<ModuleExports>,
  ]),
);
const world = {
  ...page,
  'src/algorithms/verdict.ts': () => import('../../../../src/algorithms/verdict.ts'),
  valibot: () => import('valibot'),
};

function chapterFiles(edits: Readonly<Record<string, string>> = {}) {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ name, text: edits[name] ?? readFileSync(`${FOLDER}/${name}`, 'utf8') }));
}

async function run(edits: Readonly<Record<string, string>>) {
  const exports = await evaluate(compile(FOLDER, chapterFiles(edits)), world);
  const chapter = chapterFrom(exports, 'bracha');
  const config = [1, 2, 3, 4].map((n) => `n${n}: { is_sender: ${n === 1} }`).join('\n');
  const spec = { runId: 'r', algorithm: 'bracha', config, configFile: 'c', strict: false, seed: 1 };
  const { plan } = planOf({ ...spec, format: 'json' }, chapter);
  return new Simulation({ plan, invariants: chapter.invariants }).run();
}

test('a chapter whose code is text runs as the chapter does', async () => {
  expect((await run({})).ok).toBe(true);
});

test('what is edited is what runs', async () => {
  const rules = readFileSync(`${FOLDER}/rules.ts`, 'utf8');
  const broken = rules.replace('  echoQuorum,\n', '  echoQuorum: () => 1,\n');
  expect(broken).not.toBe(rules);
  const { ok, violation } = await run({ 'rules.ts': broken });
  expect(ok).toBe(false);
  expect(violation?.invariant).toMatch(/^A ready has a quorum of echoes/);
});

describe('problems have their place', () => {
  test('of what is no TypeScript', () => {
    try {
      javascriptOf('mine.ts', 'const a: number = 1;\nconst b = = 2;\n');
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(SyntaxProblem);
      expect(error).toMatchObject({ file: 'mine.ts', line: 2, column: 11 });
      expect((error as Error).message).toBe('Unexpected token');
    }
  });

  test('of an import that leads nowhere, with what was probably meant', async () => {
    const files = [{ name: 'index.ts', text: `import { x } from './quorum.ts';\nexport { x };` }];
    const other = { name: 'quorums.ts', text: 'export const x = 1;' };
    await expect(evaluate(compile(FOLDER, [...files, other]), world)).rejects.toThrow(
      /index\.ts imports '\.\/quorum\.ts', which the page does not have \(did you mean '.*quorums\.ts'\?\)/,
    );
  });

  test('of code that throws while it is loaded', async () => {
    const files = [{ name: 'index.ts', text: `throw new Error('not today');` }];
    await expect(evaluate(compile('src/algorithms/x', files), world)).rejects.toThrow(
      'src/algorithms/x/index.ts cannot be loaded: Error: not today',
    );
  });
});

test('modules that import each other in a circle are loaded once', async () => {
  const code = compile('src/algorithms/x', [
    {
      name: 'index.ts',
      text: `import { b } from './b.ts'; export const a = () => 'a'; export const both = () => a() + b();`,
    },
    {
      name: 'b.ts',
      text: `import { a } from './index.ts'; export const b = () => a().toUpperCase();`,
    },
  ]);
  const exports = await evaluate(code, {});
  expect((exports['both'] as () => string)()).toBe('aA');
});

test('paths lead where they lead in the repository', () => {
  expect(resolve('src/algorithms/a/b.ts', './c.ts')).toBe('src/algorithms/a/c.ts');
  expect(resolve('src/algorithms/a/b.ts', '../../core/id.ts')).toBe('src/core/id.ts');
  expect(resolve('src/algorithms/a/b.ts', 'valibot')).toBe('valibot');
});
