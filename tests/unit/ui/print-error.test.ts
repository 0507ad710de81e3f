import { expect, test } from 'vitest';
import { printError } from '../../../src/ui/inspect/print-error.ts';

test('an error is its text and its places in the algorithm, the innermost first', () => {
  const error = [
    'onStart of echo: boom <b>x</b>',
    'TypeError: boom <b>x</b>',
    '    at Echo.call (src/algorithms/echo/echo.ts:97:109)',
    '    at eval (src/algorithms/echo/echo.ts:46:78)',
    '    at Array.from (<anonymous>)',
    '    at async Echo.onStart (http://localhost:9000/src/algorithms/echo/echo.ts:46:37)',
    '    at #T (http://localhost:9433/assets/sandbox-worker-xJT593IY.js:4:72507)',
  ].join('\n');
  expect(printError(error)).toEqual({
    text: 'onStart of echo: boom <b>x</b>',
    places: ['Echo.call, echo.ts line 97', 'echo.ts line 46', 'Echo.onStart, echo.ts line 46'],
  });
});

test('what has no stack is told as it is', () => {
  expect(printError('its tab was closed')).toEqual({ text: 'its tab was closed', places: [] });
  expect(printError('a\nb\nc')).toEqual({ text: 'a\nb\nc', places: [] });
});
