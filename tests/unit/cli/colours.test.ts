import pico from 'picocolors';
import { expect, test } from 'vitest';
import { coloursFor, nodePainter } from '../../../src/cli/colours.ts';

const terminal = { isTTY: true };
const pipe = {};

test.each([
  ['a terminal', terminal, {}, true],
  ['a pipe', pipe, {}, false],
  ['a terminal with NO_COLOR', terminal, { NO_COLOR: '1' }, false],
  ['a terminal with an empty NO_COLOR', terminal, { NO_COLOR: '' }, true],
  ['a dumb terminal', terminal, { TERM: 'dumb' }, false],
  ['a pipe with FORCE_COLOR', pipe, { FORCE_COLOR: '1' }, true],
  ['a pipe with FORCE_COLOR=0', pipe, { FORCE_COLOR: '0' }, false],
  ['a pipe with both', pipe, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  ['a pipe of a build server', pipe, { CI: 'true' }, false],
])('%s: colours are %#', (_what, stream, environment, expected) => {
  expect(coloursFor(stream, environment).isColorSupported).toBe(expected);
});

test('a node has one colour, its neighbours have others', () => {
  const ids = Array.from({ length: 10 }, (_, at) => `n${at + 1}`);
  const paint = nodePainter(ids, pico.createColors(true));
  expect(new Set(ids.map((id) => paint(id, 'x'))).size).toBe(10);
  expect(paint('n3')).toBe(nodePainter(ids, pico.createColors(true))('n3'));
  expect(nodePainter(ids, pico.createColors(false))('n3', 'n3  ')).toBe('n3  ');
});
