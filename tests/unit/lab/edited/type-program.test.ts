import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { typeTexts } from '../../../../src/cli/page/type-texts-plugin.ts';
import { TypeProgram, type Texts } from '../../../../src/lab/edited/type-program.ts';

const FOLDER = 'src/algorithms/echo';
const MAIN = `/${FOLDER}/echo.ts`;
const own: Texts = Object.fromEntries(
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [`/${FOLDER}/${name}`, readFileSync(`${FOLDER}/${name}`, 'utf8')]),
);

let program: TypeProgram;
beforeAll(() => {
  program = new TypeProgram(typeTexts());
});

/** What is wrong with the chapter's main file with these lines after it. */
function withLines(...lines: readonly string[]) {
  program.change({ ...own, [MAIN]: `${own[MAIN]}${lines.join('\n')}\n` });
  return program.check(MAIN);
}

test('a chapter as it is has no type errors: Parley, its language and its packages are known', () => {
  expect(withLines()).toEqual([]);
});

test('a wrong type is said at its place, and is gone when it is mended', () => {
  const line = own[MAIN]!.split('\n').length;
  const [first, ...others] = withLines(`export const count: number = 'three';`);
  expect(first).toMatchObject({
    ...{ severity: 'error', message: "Type 'string' is not assignable to type 'number'." },
    ...{ line, column: 14, endLine: line, endColumn: 19 },
  });
  expect(others).toEqual([]);
  expect(withLines('export const count: number = 3;')).toEqual([]);
});

test('what the world of an algorithm does not have is an error; what is only unused, a warning', () => {
  const found = withLines('setTimeout(() => {}, 1);', 'const idle = 1;');
  expect(found.map(({ severity }) => severity)).toEqual(['error', 'warning']);
  expect(found[0]!.message).toContain("Cannot find name 'setTimeout'");
});

test('the surface of the library and schemas have their types', () => {
  expect(
    withLines(
      `import { cast, type NodeId as Id } from '@parley-lab/parley';`,
      `import * as schema from 'valibot';`,
      'export const hello = cast({ text: schema.string() });',
      'export const me: Id = 3;',
    ).map(({ message }) => message),
  ).toEqual(["Type 'number' is not assignable to type 'string'."]);
});

test('what stands at a place is told with its type', () => {
  const line = own[MAIN]!.split('\n').length;
  withLines('export const count = 3;');
  expect(program.describe(MAIN, line, 15)).toContain('const count: 3');
  expect(program.describe(MAIN, line + 500, 1)).toBeUndefined();
});
