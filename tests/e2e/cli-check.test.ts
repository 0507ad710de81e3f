/** `parley check`: verdicts, exit statuses, and what it says of files that it cannot read. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeUnless } from '../support/skip.ts';
import { Folder, parley, parleyAlone, ROOT, type Finished } from './cli-process.ts';

const data = process.env['PARLEY_TEST_DATA'] ?? path.resolve(ROOT, '../shared/data');
const published = path.join(data, 'linearizability/histories.jsonl');
const missing = existsSync(published)
  ? undefined
  : 'PARLEY_TEST_DATA has no linearizability/histories.jsonl';

const WRITE = '[0,"invoke","write",1],[0,"ok","write",1]';
const readOf = (value: unknown) =>
  `[1,"invoke","read",null],[1,"ok","read",${JSON.stringify(value)}]`;
const line = (fields: string, ...events: string[]) =>
  `{${fields},"events":[${events.join(',')}]}\n`;
const register = '"model":"register"';

let folder: Folder;

beforeAll(() => {
  folder = new Folder();
  const good = line(`"name":"good",${register},"linearizable":true`, WRITE, readOf(1));
  const bad = line(`"name":"bad",${register},"linearizable":false`, WRITE, readOf(2));
  folder.write('good.jsonl', good);
  folder.write('both.jsonl', good + bad);
  folder.write('surprise.jsonl', good + bad.replace('false', 'true'));
  folder.write('silent.jsonl', line(`"name":"a",${register}`, WRITE, readOf(2)));
  folder.write('nameless.jsonl', line('"initial":0', WRITE));
  const txn =
    '[0,"invoke","txn",[["r","x",null],["append","y",1]]],[1,"invoke","txn",[["r","y",null],["append","x",1]]]';
  const done =
    '[0,"ok","txn",[["r","x",[]],["append","y",1]]],[1,"ok","txn",[["r","y",[]],["append","x",1]]]';
  folder.write(
    'skew.jsonl',
    line('"name":"skew","workload":"txn-list-append","valid":false', txn, done),
  );
  folder.write(
    'hostile.jsonl',
    line(`"name":"\\u001b[2J",${register}`, WRITE, readOf('\u001b[31m')),
  );
  folder.write(
    'stack.ts',
    `export const stack = {
      name: 'stack', operations: ['push', 'pop'], initial: () => [],
      action: ({ f, input, output }) => ({ f, value: f === 'push' ? input : output ?? null }),
      step: (state, { f, value }) =>
        f === 'push' ? [...state, value] : state.at(-1) === value ? state.slice(0, -1) : undefined,
      describe: ({ f, value }) => f + ' ' + value,
    };\n`,
  );
  const push = '[0,"invoke","push",1],[0,"ok","push",1],[0,"invoke","push",2],[0,"ok","push",2]';
  const pop = '[0,"invoke","pop",null],[0,"ok","pop",2]';
  folder.write('stack.jsonl', line('"name":"stack"', push, pop));
});

afterAll(() => {
  folder.remove();
});

function check(...words: string[]): Promise<Finished> {
  return parley(['check', ...words], { cwd: folder.path });
}

function linesOf({ stdout }: Finished): Record<string, unknown>[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((text) => JSON.parse(text) as Record<string, unknown>);
}

describeUnless(missing)('published histories', () => {
  test('all have the verdict that was published', async () => {
    const result = await check(published, '--json');
    expect(result.stderr).toBe('');
    expect(result.status).toBe(0);
    const lines = linesOf(result);
    expect(lines).toHaveLength(133);
    for (const one of lines) {
      expect(one).toEqual({
        name: expect.any(String),
        linearizable: expect.any(Boolean),
        operations: expect.any(Number),
        ms: expect.any(Number),
      });
    }
  });

  test('are explained to people', async () => {
    const { stdout, status } = await check(published);
    expect(stdout).toMatch(/✓ etcd_002\.log +linearizable +77 operations/);
    expect(stdout).toMatch(/etcd\.edn +not linearizable.*\n {4}“acquire” of process 0’s acquire/);
    expect(stdout).toMatch(/133 histories in \d+ ms: 86 linearizable, 47 not, 0 unknown; all as/);
    expect(status).toBe(0);
  });
});

describe('verdicts', () => {
  test('as the file gives them are a success', async () => {
    const result = await parleyAlone(['check', 'both.jsonl', '--json'], { cwd: folder.path });
    expect(result.status).toBe(0);
    expect(linesOf(result)).toMatchObject([
      { name: 'good', linearizable: true, operations: 2 },
      { name: 'bad', linearizable: false, operations: 2 },
    ]);
  });

  test('other than the file gives them are a failure, which is explained and drawn', async () => {
    const { stdout, status } = await check('surprise.jsonl');
    expect(status).toBe(1);
    expect(stdout).toMatch(/✗ bad +not linearizable .* {2}the file says linearizable\n/);
    expect(stdout).toMatch(
      /“read → 2” of process 1’s read \(events 2 to 3\) can take effect at no/,
    );
    expect(stdout).toMatch(/1 {13}├ read → 2 ┤ {2}✗ at no moment\n/);
    expect(stdout).toMatch(/1 not as expected\n$/);
  });

  test('are expected to be true where the file gives none', async () => {
    expect((await check('silent.jsonl', '--json')).status).toBe(1);
  });

  test('say why with --json -v', async () => {
    const [verdict] = linesOf(await check('silent.jsonl', '--json', '-v'));
    expect(verdict).toMatchObject({
      linearizable: false,
      anomalies: [{ kind: 'not-linearizable', operations: [1] }],
    });
  });

  test('may be those of another model, or of one’s own', async () => {
    expect((await check('good.jsonl', '--model', 'cas-register')).status).toBe(0);
    expect((await check('nameless.jsonl', '--model', 'register')).status).toBe(0);
    for (const model of ['./stack.ts', './stack.ts#stack']) {
      const result = await check('stack.jsonl', '--model', model, '--json');
      expect(linesOf(result)).toMatchObject([{ linearizable: true, operations: 3 }]);
    }
  });

  test('of workloads are called valid', async () => {
    const result = await check('skew.jsonl', '--json');
    expect(linesOf(result)).toMatchObject([{ name: 'skew', valid: false, operations: 2 }]);
    expect(result.status).toBe(0);
    const { stdout, status } = await check('skew.jsonl', '--consistency', 'snapshot-isolation');
    expect(stdout).toMatch(/✗ skew +valid .* {2}the file says not valid/);
    expect(status).toBe(1);
  });

  test('show anomalies with their reasons', async () => {
    const { stdout } = await check('skew.jsonl');
    expect(stdout).toMatch(/G2: each comes before the next: T0 → T1 → T0\n/);
    expect(stdout).toMatch(/T0 comes before T1 \(rw\): it read "x" without 1/);
  });

  test('show what a terminal would obey instead of letting it', async () => {
    const { stdout } = await check('hostile.jsonl');
    expect(stdout).toMatch(/\\u001b\[2J/);
    // oxlint-disable-next-line no-control-regex -- that there are none is what it is about
    expect(stdout).not.toMatch(/\u001b/);
  });

  test('that take too long are unknown', async () => {
    const count = 60;
    const processes = Array.from({ length: count }, (_, at) => at);
    const calls = processes.map((at) => `[${at},"invoke","write",${at}]`);
    const reads = [0, 1, 0].map((value) => readOf(value).replaceAll('[1,', '[99,'));
    const returns = processes.map((at) => `[${at},"ok","write",${at}]`);
    folder.write('hard.jsonl', line(`"name":"hard",${register}`, ...calls, ...reads, ...returns));
    const result = await check('hard.jsonl', '--timeout', '0.3', '--json');
    expect(linesOf(result)).toMatchObject([{ name: 'hard', linearizable: 'unknown' }]);
    expect(result.status).toBe(1);
  });
});

describe('bad input', () => {
  beforeAll(() => {
    folder.write(
      'cut.jsonl',
      line(`"name":"a",${register}`, WRITE) + '{"name":"b","events":[[0,"inv',
    );
    folder.write('words.jsonl', 'hello\n');
    folder.write('empty.jsonl', '');
    folder.write('order.jsonl', line(register, WRITE) + line(register, '[0,"ok","read",1]'));
    folder.write('twice.jsonl', line(register, '[0,"invoke","write",1]', '[0,"invoke","write",2]'));
    folder.write('unknown.jsonl', line(register, '[0,"invoke","push",1]'));
    folder.write('arguments.jsonl', line('"model":"cas-register"', '[0,"invoke","cas",1]'));
    folder.write('initial.jsonl', line('"model":"bank","initial":7', WRITE));
    folder.write('model.jsonl', line('"model":"regster"', WRITE));
    folder.write('workload.jsonl', line('"workload":"unique-id"', WRITE));
    folder.write('late.jsonl', line(register, WRITE) + line(register, WRITE, '[1,"ok","read",1]'));
    folder.write('empty.ts', 'export const x = 1;\n');
  });

  test.each<[string, string[], RegExp]>([
    ['no file', [], /missing required argument 'file'/],
    ['a missing file', ['god.jsonl'], /there is no file god\.jsonl \(did you mean 'good\.jsonl'/],
    ['a folder', ['.'], /\. is a folder/],
    ['a file that breaks off', ['cut.jsonl'], /cut\.jsonl:2:30: the file breaks off/],
    ['no JSON', ['words.jsonl'], /words\.jsonl:1:1: this is not JSON/],
    ['nothing', ['empty.jsonl'], /empty\.jsonl:1: there is no history/],
    [
      'a return before its call',
      ['order.jsonl'],
      /order\.jsonl:2: event 0: process 0 returns from read/,
    ],
    [
      'a process in two calls',
      ['twice.jsonl'],
      /twice\.jsonl:1: event 1: process 0 calls write before/,
    ],
    [
      'an unknown operation',
      ['unknown.jsonl'],
      /unknown\.jsonl:1: event 0: the model register has no operation push/,
    ],
    [
      'malformed arguments',
      ['arguments.jsonl'],
      /arguments\.jsonl:1: event 0: cas takes \[from, to\]/,
    ],
    ['a malformed beginning', ['initial.jsonl'], /initial\.jsonl:1: .*maps accounts to numbers/],
    [
      'an unknown model in the file',
      ['model.jsonl'],
      /model\.jsonl:1: there is no model 'regster' \(did you mean 'register'/,
    ],
    [
      'an unknown workload in the file',
      ['workload.jsonl'],
      /workload\.jsonl:1: .*did you mean 'unique-ids'/,
    ],
    ['no model', ['nameless.jsonl'], /nameless\.jsonl:1: it names no model.*--model/],
    [
      'the wrong model',
      ['good.jsonl', '--model', 'kv'],
      /good\.jsonl:1: event 0: write takes \[key, value\]/,
    ],
    [
      'the wrong workload',
      ['good.jsonl', '--workload', 'echo'],
      /good\.jsonl:1: event 0: this workload has no/,
    ],
    [
      'an unknown model',
      ['good.jsonl', '--model', 'quue'],
      /there is no model 'quue' \(did you mean 'queue'/,
    ],
    ['an unknown workload', ['good.jsonl', '--workload', 'ehco'], /did you mean 'echo'/],
    [
      'a model and a workload',
      ['good.jsonl', '--model', 'kv', '--workload', 'echo'],
      /cannot be used with/,
    ],
    ['a level that is none', ['good.jsonl', '--consistency', 'some'], /strict-serializable/],
    ['a time that is none', ['good.jsonl', '--timeout', '-1'], /a number above zero/],
    [
      'a module without a model',
      ['good.jsonl', '--model', './empty.ts'],
      /\.\/empty\.ts exports no model/,
    ],
    ['a missing module', ['good.jsonl', '--model', './stck.ts'], /did you mean '\.\/stack\.ts'/],
    ['an error in a later history', ['late.jsonl'], /late\.jsonl:2: event 2: process 1 returns/],
  ])('%s has status 2, says where, and prints no verdict', async (_what, words, problem) => {
    const { status, stdout, stderr } = await check(...words);
    expect(stderr).toMatch(problem);
    expect(stderr).not.toMatch(/defect of Parley/);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });
});
