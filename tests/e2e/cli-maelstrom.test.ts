/** `parley maelstrom` and `parley maelstrom-node`, as a shell runs them. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect } from 'vitest';
import { testUnless } from '../support/skip.ts';
import { test, testThoroughly } from '../support/often.ts';
import { parley, ROOT } from './cli-process.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'parley-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NODE = path.join(ROOT, 'tests', 'e2e', 'programs', 'node.js');
const FLOODING = path.join(ROOT, 'examples', 'maelstrom', 'flooding.ts');

describe('An algorithm', () => {
  const words = [
    'maelstrom',
    '-w',
    'broadcast',
    '-a',
    FLOODING,
    '--rate',
    '50',
    '--time-limit',
    '5',
    '--seed',
    '7',
  ];

  test('is judged, and the same seed gives the same run', async () => {
    const [first, second] = await Promise.all([
      parley([...words, '--json']),
      parley([...words, '--json']),
    ]);
    const report = JSON.parse(first.stdout) as Record<string, unknown>;
    expect(first.status).toBe(0);
    expect(report).toMatchObject({
      workload: 'broadcast',
      ok: true,
      nodes: 5,
      clients: 5,
      seed: 7,
    });
    const again = JSON.parse(second.stdout) as Record<string, unknown>;
    expect({ ...again, elapsed_ms: 0 }).toEqual({ ...report, elapsed_ms: 0 });
  });

  test('that loses messages in partitions is told which, with status 1', async () => {
    const storm = ['--nemesis', 'partition', '--nemesis-interval', '0.5'];
    const { status, stdout } = await parley([...words, ...storm]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^broadcast: not ok/);
    expect(stdout).toMatch(/\n {2}lost: \d+ was known at event \d+; process \d+’s read/);
    expect(stdout).toMatch(/faults fired: partition [1-9]/);
  });

  testThoroughly('leaves a trace and a history that the other commands read', async () => {
    const trace = path.join(folder, 'run.ndjson');
    const history = path.join(folder, 'history.jsonl');
    const made = await parley([...words, '--trace', trace, '--history', history, '--json']);
    expect(made.status).toBe(0);
    const sent = readFileSync(trace, 'utf8')
      .split('\n', 2000)
      .filter((line) => line.includes('"send"'));
    expect(sent.some((line) => line.includes('"type":"flood"'))).toBe(true);
    const [checked, summary] = await Promise.all([
      parley(['check', history]),
      parley(['trace', trace, '--type', 'flood', '--json']),
    ]);
    expect(checked).toMatchObject({ status: 0 });
    expect(checked.stdout).toMatch(/broadcast, seed 7 +valid/);
    expect(summary.status).toBe(0);
  });

  test('suffers our faults, at the nodes alone', async () => {
    const { status, stdout } = await parley([
      ...[
        'maelstrom',
        '-w',
        'unique-ids',
        '-a',
        path.join(ROOT, 'examples/maelstrom/unique-ids.ts'),
      ],
      ...['--time-limit', '5', '--seed', '1', '--json'],
      ...['--faults', 'crashes: [{ node: n1, at: 1s, for: 500ms }]'],
    ]);
    const report = JSON.parse(stdout) as { faults_fired: object; counts: object };
    expect(report).toMatchObject({ faults_fired: { crash: 1, restart: 1 }, counts: {}, ok: true });
    expect(status).toBe(0);
  });
});

describe('A program', () => {
  const echo = ['maelstrom', 'test', '-w', 'echo', '--bin', process.execPath, '--node-count', '1'];

  test('is run as Maelstrom runs it; the report says what was assumed of its time', async () => {
    const { status, stdout, stderr } = await parley([
      ...[...echo, '--rate', '20', '--time-limit', '3', '--watch', '0.3'],
      ...['--concurrency', '2n', '--', NODE, 'echo'],
    ]);
    expect(stderr).toMatch(/^seed \d+ \(drawn; --seed repeats it\)/);
    expect(stdout).toMatch(/^echo: ok \(.*1 nodes, 2 clients/);
    expect(stdout).toMatch(/time: virtual; no node spoke unasked in the 0\.\d s that it was given/);
    expect(status).toBe(0);
  });

  testThoroughly('can be given all the time that passes', async () => {
    const { status, stdout } = await parley([
      ...[...echo, '--rate', '20', '--time-limit', '1', '--time', 'real', '--seed', '1', '--json'],
      ...['--', NODE, 'echo'],
    ]);
    const report = JSON.parse(stdout) as { time: { time: string }; elapsed_ms: number };
    expect(report.time.time).toBe('real');
    expect(report.elapsed_ms).toBeGreaterThanOrEqual(1000);
    expect(status).toBe(0);
  });

  // It sleeps before it has said anything, and says it in two pieces, with work between them.
  const PYTHON = `
import json, sys, time
time.sleep(0.3)
for line in sys.stdin:
    message = json.loads(line)
    body = message["body"]
    answer = {"type": body["type"] + "_ok", "in_reply_to": body["msg_id"]}
    if "echo" in body:
        answer["echo"] = body["echo"]
    text = json.dumps({"src": message["dest"], "dest": message["src"], "body": answer})
    print(text[:9], end="", flush=True)
    if body["type"] == "init":
        until = time.monotonic() + 0.3
        while time.monotonic() < until:
            pass
    print(text[9:], flush=True)
`;
  const hasPython = spawnSync('python3', ['-c', 'import json']).status === 0;
  testUnless(hasPython ? undefined : 'there is no python3')('may be in any language', async () => {
    const script = path.join(folder, 'echo.py');
    writeFileSync(script, PYTHON);
    const { status, stdout } = await parley([
      ...['maelstrom', '-w', 'echo', '--bin', 'python3', '--node-count', '2', '--rate', '20'],
      ...['--time-limit', '3', '--watch', '0', '--seed', '1', '--json', '--', script],
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, problems: [] });
    expect(status).toBe(0);
  });
});

test('an algorithm is one of Maelstrom’s nodes, in another run of ours', async () => {
  const { status, stdout } = await parley([
    ...['maelstrom', '-w', 'broadcast', '--bin', process.execPath, '--node-count', '3'],
    ...['--rate', '20', '--time-limit', '3', '--watch', '0', '--seed', '1', '--json', '--'],
    ...[path.join(ROOT, 'bin', 'parley.js'), 'maelstrom-node', '-a', FLOODING],
  ]);
  const report = JSON.parse(stdout) as { ok: boolean; net: { servers: { sent: number } } };
  expect(report).toMatchObject({ ok: true, problems: [] });
  expect(report.net.servers.sent).toBeGreaterThan(20);
  expect(status).toBe(0);
});

describe('A node by hand', () => {
  const talk = (...lines: readonly string[]) => {
    const words = [path.join(ROOT, 'bin', 'parley.js'), 'maelstrom-node', '-a', FLOODING];
    return spawnSync(process.execPath, words, { input: lines.join('\n'), encoding: 'utf8' });
  };
  const init =
    '{"src":"c0","dest":"n0","body":{"type":"init","msg_id":1,"node_id":"n0","node_ids":["n0"]}}';

  test('answers what it was asked, and ends with its input', () => {
    const { stdout, status } = talk(
      init,
      '{"src":"c1","dest":"n0","body":{"type":"broadcast","message":3,"msg_id":2}}',
      '{"src":"c1","dest":"n0","body":{"type":"read","msg_id":3}}',
    );
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      { src: 'n0', dest: 'c0', body: { type: 'init_ok', in_reply_to: 1 } },
      { src: 'n0', dest: 'c1', body: { type: 'broadcast_ok', in_reply_to: 2 } },
      { src: 'n0', dest: 'c1', body: { type: 'read_ok', in_reply_to: 3, messages: [3] } },
    ]);
    expect(status).toBe(0);
  });

  test.each([
    ['hello', 'it is no JSON'],
    ['{"src":"c1","dest":"n0","body":{"type":"read","msg_id":1}}', "before 'init'"],
  ])('ends with status 1 at %s', (line, problem) => {
    const { stderr, status } = talk(line);
    expect(stderr).toContain(problem);
    expect(status).toBe(1);
  });
});
