/** Bad input to `parley trace`: every mistake has exit status 2, says what and where it is, and prints nothing on stdout. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Folder, parley, ROOT, runJson } from './cli-process.ts';

let folder: Folder;

beforeAll(async () => {
  folder = new Folder();
  const run = ['-c', path.join(ROOT, 'configs/bracha.yaml'), '-a', 'bracha', '--seed', '7'];
  await runJson([...run, '--trace', file('run.ndjson')]);
  const [first] = read('run.ndjson').split('\n');
  folder.write('future.ndjson', '{"parley_trace":2,"seed":1}\n');
  folder.write('cut.ndjson', `${first}\n${first!.slice(0, 40)}`);
  folder.write('shape.ndjson', `${first}\n\n{"time":0,"node":"n1","sequence":2,"kind":"log"}\n`);
  folder.write('prose.txt', 'It was a dark and stormy night.\n');
  folder.write('clocks.log', 'a {"a":1,"b":1}\nx\nb {"b":1,"a":1}\ny\n');
  folder.write('empty.ndjson', '');
  folder.write('inside/readme.txt', '');
});

afterAll(() => folder.remove());

function file(name: string): string {
  return path.join(folder.path, name);
}

const read = (name: string) => readFileSync(file(name), 'utf8');

function trace(...words: string[]) {
  return parley(['trace', ...words], { cwd: folder.path });
}

test.each<[string, string[], RegExp]>([
  ['no file', [], /missing required argument 'file'/],
  ['a missing file', ['runn.ndjson'], /there is no runn\.ndjson \(did you mean 'run\.ndjson'/],
  ['a folder', ['inside'], /inside is a folder/],
  [
    'another version',
    ['future.ndjson'],
    /future\.ndjson:1: the trace is of version 2, and this Parley reads version 1/,
  ],
  ['a cut line', ['cut.ndjson'], /cut\.ndjson:2: not JSON: .*may have been cut off/],
  ['a field that is missing', ['shape.ndjson'], /shape\.ndjson:3: in a log, 'path' must be a text/],
  ['no trace at all', ['prose.txt'], /prose\.txt:1: .*neither a trace .* nor a log/],
  ['clocks that contradict', ['clocks.log'], /clocks\.log:1: the clocks contradict each other/],
  ['an unknown format', ['run.ndjson', '--to', 'pdf'], /Allowed choices are ndjson, shiviz/],
  ['an ending that says nothing', ['run.ndjson', '-o', 'x.dat'], /which format\?/],
  ['itself as output', ['run.ndjson', '-o', './run.ndjson'], /would overwrite the trace/],
  ['an output that cannot be written', ['run.ndjson', '-o', 'no/x.csv'], /-o no\/x\.csv: ENOENT/],
  ['--json with --to', ['run.ndjson', '--to', 'csv', '--json'], /--json is for the summary/],
  ['--no-header without ndjson', ['run.ndjson', '--no-header'], /--no-header is for --to ndjson/],
  ['a time that is none', ['run.ndjson', '--from', 'soon'], /number of milliseconds/],
  ['an empty name', ['run.ndjson', '--node', 'n1,'], /Names stand between commas/],
  ['a name of no event', ['run.ndjson', '--cone-of', 'n1'], /n1#12 .* or n1@7/],
  [
    'an event that is not there',
    ['run.ndjson', '--cone-of', 'n1#99'],
    /run\.ndjson has no such event/,
  ],
  ['a parser that is none', ['clocks.log', '--parser', '('], /--parser: /],
  ['a parser without groups', ['clocks.log', '--parser', '(?<host>x)'], /it lacks clock, event/],
  ['one trace to compare', ['diff', 'run.ndjson'], /missing required argument 'b'/],
  ['an unknown option', ['check', 'run.ndjson', '--jsn'], /Did you mean --json/],
])('%s', async (_what, words, message) => {
  const { status, stdout, stderr } = await trace(...words);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/defect of Parley/);
  expect(stdout).toBe('');
  expect(status).toBe(2);
});

test('a conversion that fails half-way leaves no file behind', async () => {
  writeFileSync(file('late.ndjson'), `${read('run.ndjson')}{"time":\n`);
  expect((await trace('late.ndjson', '-o', 'late.csv')).status).toBe(2);
  expect(existsSync(file('late.csv'))).toBe(false);
});

test('an empty file is a trace in which nothing happens', async () => {
  const { status, stdout } = await trace('empty.ndjson');
  expect(stdout).toMatch(/^empty\.ndjson: 0 events/);
  expect(status).toBe(0);
});
