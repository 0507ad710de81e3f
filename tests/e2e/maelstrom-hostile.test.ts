/** Programs that break the protocol: each is named, with its line or its end, and nothing of it stays. */

import { spawnSync } from 'node:child_process';
import { describe, expect, test, vi } from 'vitest';
import { program, runProgram } from '../support/maelstrom-processes.ts';

const ECHO = { workload: 'echo', nodeCount: 1, rate: 50, limitMs: 2000 };

const SAID: readonly (readonly [way: string, problem: RegExp])[] = [
  [
    'no JSON',
    /^n0 broke the protocol: it is no JSON: .*; the line is: starting up! \(logs belong to stderr\)$/,
  ],
  ['no object', /a message is a JSON object; the line is: \[1, 2\]/],
  ['no body', /'body' must be an object; the line is: {"src":"n0","dest":"c1"}/],
  ['no type', /'body\.type' must be a text; the line is: {"src":"n0"/],
  ['odd number', /'body\.in_reply_to' must be a whole number; the line is: {/],
  ['unknown dest', /there is nobody called 'n9'; the line is: {"src":"n0","dest":"n9"/],
  ['other src', /it says that it is 'n5'; the line is: {"src":"n5"/],
  ['long line', /n0 wrote a line of more than 1048576 bytes, which begins: xxxxx/],
  ['line without end', /n0 wrote a line of more than 1048576 bytes, which begins: yyyyy/],
  ['deep nesting', /is nested too deeply, or holds itself; the line is: {"src":"n0"/],
  ['prototype', /may not have the key '__proto__'; the line is: {"src":"n0"/],
  [
    'exit',
    /^n0 ended with status 3; the last it wrote to stderr \(.*n0\.log\):\n {4}out of coffee$/,
  ],
  ['signal', /^n0 ended by SIGKILL$/],
];

describe('What a program says', () => {
  test.each(SAID)('%s', async (way, problem) => {
    const result = await runProgram(program('hostile.js', way), ECHO);
    expect(result.ok).toBe(false);
    expect(result.problems.find((text) => problem.test(text))).toBeDefined();
  });

  test('an answer that is none is told with what it should have been, and the run goes on', async () => {
    const result = await runProgram(program('hostile.js', 'wrong answer'), ECHO);
    expect(result.ok).toBe(false);
    expect(result.problems[0]).toMatch(
      /^n0 answers 'echo' with {"in_reply_to":\d+,"type":"echo_ok"}: 'echo' should be there$/,
    );
    expect(result.operations['echo']!.info).toBeGreaterThan(50);
  });

  test('who never comes to rest is not waited for longer than one is willing to', async () => {
    const result = await runProgram(program('hostile.js', 'busy'), ECHO, { patienceMs: 700 });
    expect(result.problems).toContain('n0 did not come to rest within 0.7 s of real time');
  });

  test('who says nothing when it is started is named', async () => {
    const silent = { file: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'] };
    const result = await runProgram(silent, ECHO, { patienceMs: 700 });
    expect(result.problems).toContain('n0 said nothing within 0.7 s of its start');
  });

  test('what a program has started ends with it', async () => {
    const script = 'sleep 1000 & echo "$!" >&2; exec cat';
    const result = await runProgram({ file: '/bin/sh', args: ['-c', script] }, ECHO, {
      patienceMs: 5000,
    });
    // It says what it was told: that it is c0.
    const problem = result.problems.find((text) => text.includes("it says that it is 'c0'"))!;
    const sleeper = Number(/\n {4}(\d+)$/.exec(problem)![1]);
    // Gone, or dead and waiting for whoever inherits it to notice.
    const isGone = () => {
      const stat = spawnSync('ps', ['-o', 'stat=', '-p', String(sleeper)]).stdout.toString();
      return stat.trim() === '' || stat.startsWith('Z');
    };
    await vi.waitUntil(isGone, { timeout: 10_000 });
  });
});
