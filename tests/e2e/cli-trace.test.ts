/** `parley trace`: conversions there and back, filters, summaries, differences, checks, determinism. */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TraceSummary } from '../../src/check/trace/trace-summary.ts';
import { Folder, parley, parleyAlone, ROOT, runJson } from './cli-process.ts';

let folder: Folder;

beforeAll(async () => {
  folder = new Folder();
  const run = ['-c', path.join(ROOT, 'configs/bracha.yaml'), '-a', 'bracha', '--seed'];
  const words = [
    [...run, '7', '--trace', file('run.ndjson')],
    [...run, '8', '--trace', file('other.ndjson'), '--trace-header'],
    [...run, '7', '--trace', file('said.ndjson'), '--trace-header'],
  ];
  await Promise.all(words.map((one) => runJson(one)));
  folder.write('dice.ts', DICE);
  folder.write('two.yaml', 'n1: {}\nn2: {}\n');
  folder.write('three.yaml', 'n1: {}\nn2: {}\nn3: {}\n');
});

afterAll(() => folder.remove());

const DICE = `
  import { cast, defineAlgorithm } from '@parley-lab/parley';
  import * as v from 'valibot';
  let runs = 0;
  const messages = { roll: cast({ n: v.number() }) };
  class Base extends defineAlgorithm('dice', { messages }) {
    number() { return 0; }
    override onStart() { void this.toAll.roll({ n: this.number() }); }
    handlers = this.on({ roll: () => this.terminate() });
  }
  export class Dice extends Base { override number() { return Math.random(); } }
  export class Watch extends Base { override number() { return Date.now() + runs++; } }
  // The second run finds what the first has left behind.
  export class Order extends Base {
    override onStart() {
      const others = new Set(runs++ < 2 ? ['n1', 'n2', 'n3'] : ['n3', 'n2', 'n1']);
      for (const id of others) if (id !== this.id) void this.peer(id).roll({ n: 0 });
    }
  }
  export class Late extends Base {
    override onStart() {
      if (this.id === 'n2') this.every(0.02, async () => {});
      else void this.later(runs++ === 0);
    }
    async later(isFirst) {
      await new Promise((go) => isFirst || setTimeout(go, 5));
      void this.toAll.roll({ n: 0 });
    }
  }
  export class Fair extends Base { override number() { return this.random.next(); } }
`;

function file(name: string): string {
  return path.join(folder.path, name);
}

function trace(...words: string[]) {
  return parley(['trace', ...words], { cwd: folder.path });
}

const read = (name: string) => readFileSync(file(name), 'utf8');

describe('a summary', () => {
  test('is a table for people', async () => {
    const { status, stdout, stderr } = await trace('said.ndjson');
    expect(stderr).toBe('');
    expect(stdout).toMatch(
      /^said\.ndjson: 114 events of 4 nodes in [\d.]+ ms \(bracha, offline, json, seed 7\)\n/,
    );
    expect(stdout).toMatch(/\nmessage +role +sent +delivered +dropped +again +bytes +p50 ms/);
    expect(stdout).toMatch(/\nbracha\.echo +cast +12 +12 +0 +0 +456 /);
    expect(stdout).toMatch(/\nn4 +terminated +28 /);
    expect(status).toBe(0);
  });

  test('is an object for programs, of the events that were asked for', async () => {
    const { stdout } = await trace('run.ndjson', '--json', '--node', 'n1,n2', '--kind', 'deliver');
    const summary = JSON.parse(stdout) as TraceSummary;
    expect(summary.kinds).toEqual({ deliver: 13 });
    expect(Object.keys(summary.nodes)).toEqual(['n1', 'n2']);
    expect(summary.latency_ms?.count).toBe(13);
  });
});

describe('a conversion', () => {
  test('to ShiViz and back gives the very bytes', async () => {
    await trace('run.ndjson', '-o', 'run.log');
    const { stdout } = await trace('run.log', '--to', 'ndjson', '--no-header');
    expect(stdout).toBe(read('run.ndjson'));
  });

  test('to Parley’s own format keeps what the header says', async () => {
    const { stdout } = await trace('said.ndjson', '--to', 'ndjson');
    expect(stdout).toBe(read('said.ndjson'));
    const part = await trace('said.ndjson', '--to', 'ndjson', '--until', '0');
    const [header] = part.stdout.split('\n');
    expect(JSON.parse(header!)).toMatchObject({ algorithm: 'bracha', seed: 7, filtered: true });
  });

  test('reads stdin and writes stdout', () => {
    const command = [path.join(ROOT, 'bin/parley.js'), 'trace', '-', '--to', 'csv'];
    const csv = execFileSync(process.execPath, command, { input: read('run.ndjson') }).toString();
    expect(csv.split('\r\n')).toHaveLength(1 + 114 + 1);
  });

  test('stops without a word when its reader goes away', () => {
    const shell = `${process.execPath} ${path.join(ROOT, 'bin/parley.js')} trace run.ndjson --to shiviz | head -1`;
    const options = { cwd: folder.path, stdio: 'pipe', shell: '/bin/sh' } as const;
    const printed = execFileSync(shell, { ...options }).toString();
    expect(printed).toBe(`${read('run.log').split('\n')[0]}\n`);
  });

  test('to PlantUML is a diagram of what was asked for', async () => {
    const { stdout } = await trace('run.ndjson', '--to', 'plantuml', '--kind', 'send,deliver');
    expect(stdout).toMatch(/^@startuml\ntitle run\.ndjson\nparticipant "n1" as p1\n/);
    expect(stdout.match(/ ->> /g)).toHaveLength(27);
    expect(stdout).not.toMatch(/note|never arrives/);
    expect(stdout.endsWith('@enduml\n')).toBe(true);
  });

  test('of a cone has what an event depends on, and nothing else', async () => {
    const options = ['--to', 'ndjson', '--no-header', '--cone-of'];
    const events = async (...words: string[]) => {
      const { stdout } = await trace('run.ndjson', ...options, ...words);
      return stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { node: string; kind: string });
    };
    const past = await events('n1#1', '--cone', 'past');
    expect(new Set(past.map(({ node }) => node))).toEqual(new Set(['n1']));
    expect(past.at(-1)).toMatchObject({ kind: 'send', message: 'n1#1' });
    const future = await events('n1#1', '--cone', 'future');
    expect(new Set(future.map(({ node }) => node))).toEqual(new Set(['n1', 'n2', 'n3', 'n4']));
    expect(future[0]).toEqual(past.at(-1));
    const both = await events('n1#1');
    expect(both).toHaveLength(past.length + future.length - 1);
    expect(await events('n2@1', '--cone', 'past')).toHaveLength(1);
  });

  test('says what was probably meant when nothing fits', async () => {
    const { status, stderr } = await trace('run.ndjson', '--type', 'ecko', '--json');
    expect(stderr).toMatch(/--type ecko: no event has it \(did you mean 'echo'\?\)/);
    expect(stderr).toMatch(/none of the events fits/);
    expect(status).toBe(0);
  });
});

describe('several files', () => {
  test('are merged, causes first, whatever their clocks say and in whichever order they are named', async () => {
    const events = read('run.ndjson')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { node: string; time: number });
    const skews: Readonly<Record<string, number>> = { n1: 0, n2: 5000, n3: 12.5, n4: 0 };
    for (const node of Object.keys(skews)) {
      const own = events.filter((event) => event.node === node);
      const lines = own.map(
        (event) => `${JSON.stringify({ ...event, time: event.time + skews[node]! })}\n`,
      );
      folder.write(`${node}.ndjson`, lines.join(''));
    }
    const names = ['n1', 'n2', 'n3', 'n4'].map((node) => `${node}.ndjson`);
    const merged = await trace(...names, '--to', 'ndjson', '-o', 'merged.ndjson');
    expect(merged.stderr).toMatch(/the clock of n1 is moved on by \d+(\.\d+)? ms/);
    expect(merged.status).toBe(0);
    expect((await trace('check', 'merged.ndjson')).stdout).toMatch(/114 events, nothing wrong/);
    const again = await trace(...names.toReversed(), '--to', 'ndjson');
    expect(again.stdout).toBe(read('merged.ndjson'));
    const [header] = again.stdout.split('\n');
    expect(JSON.parse(header!)).toMatchObject({ files: 4, clock_shift_ms: expect.any(Object) });
  });

  test('that are one file are refused', async () => {
    const { status, stderr } = await trace('run.ndjson', './run.ndjson');
    expect(stderr).toMatch(/a file is named twice/);
    expect(status).toBe(2);
  });
});

describe('diff', () => {
  test('of equal traces is 0, header or not', async () => {
    const { status, stdout } = await trace('diff', 'run.ndjson', 'said.ndjson');
    expect(stdout).toBe('the same: 114 events\n');
    expect(status).toBe(0);
  });

  test('of two seeds shows where they part and says that the seeds differ', async () => {
    const { status, stdout } = await trace('diff', 'said.ndjson', 'other.ndjson');
    expect(stdout).toMatch(
      /^12 events are the same; here they part:\n {2}A {2}said\.ndjson, line 14 /,
    );
    expect(stdout).toMatch(
      /\n {2}A {2}said\.ndjson[^]*?\n {5}▸ +14 +[\d.]+ ms {2}n3 [^]*?\n {2}B {2}other\.ndjson/,
    );
    expect(stdout).toMatch(/likely cause: the seeds differ: seed is 7 in A and 8 in B\n/);
    expect(status).toBe(1);
  });

  test('is an object for programs', async () => {
    const { status, stdout } = await trace('diff', 'said.ndjson', 'other.ndjson', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      equal: false,
      same: 12,
      facts: [{ fact: 'seed', a: 7, b: 8 }],
      a: { line: 14, event: { node: 'n3' }, left: 102 },
    });
    expect(status).toBe(1);
  });
});

describe('check', () => {
  test('names the place of what cannot have happened', async () => {
    const lines = read('run.ndjson').split('\n');
    const sending = lines.findIndex((line) => line.includes('"kind":"send"'));
    folder.write('torn.ndjson', lines.toSpliced(sending, 1).join('\n'));
    const { status, stdout } = await trace('check', 'torn.ndjson');
    const found = stdout.trimEnd().split('\n');
    expect(found[0]).toMatch(
      new RegExp(`^torn\\.ndjson:${sending + 1}: gap: event \\d+ is missing at n1$`),
    );
    expect(found[1]).toMatch(
      /^torn\.ndjson:\d+: unsent: n2 received n1#1 from n1, who never sent it$/,
    );
    expect(status).toBe(1);
    const { stdout: json } = await trace('check', 'torn.ndjson', '--json');
    expect(JSON.parse(json)).toMatchObject({ ok: false, events: 113, count: 2 });
  });

  test('knows that a chosen part is no whole', async () => {
    await trace('run.ndjson', '-o', 'part.ndjson', '--node', 'n2');
    const { status, stderr } = await trace('check', 'part.ndjson');
    expect(stderr).toMatch(/events were left out/);
    expect(status).toBe(0);
  });
});

describe('determinism', () => {
  const twice = (name: string, ...words: string[]) => {
    const run = ['run', '-c', 'two.yaml', '-a', `./dice.ts#${name}`, '--seed', '3', ...words];
    // What the module keeps between runs is what this is about: it begins with nothing.
    return parleyAlone([...run, '--check-determinism'], { cwd: folder.path });
  };

  test('of a fair run is confirmed', async () => {
    const { status, stdout, stderr } = await twice('Fair', '--json', '--trace', 'fair.ndjson');
    expect(stderr).toMatch(/a second run was the same, event by event/);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, deterministic: true });
    expect(status).toBe(0);
    const { trace_sha256 } = JSON.parse(stdout) as { trace_sha256: string };
    expect(createHash('sha256').update(read('fair.ndjson')).digest('hex')).toBe(trace_sha256);
  });

  test.each([
    [
      'Order',
      'three.yaml',
      /order: n\d sends the same to another node first: the order .* of a Set or Map/,
    ],
    ['Late', 'two.yaml', /nothing is seen that led n\d to it: .* none of its ports \(setTimeout/],
  ])('of %s is refuted, with the likely cause', async (name, config, why) => {
    const words = ['-c', config, '-a', `./dice.ts#${name}`, '--seed', '3', '--check-determinism'];
    const { status, stderr } = await parleyAlone(['run', ...words, '-t', '1'], {
      cwd: folder.path,
    });
    expect(stderr).toMatch(why);
    expect(status).toBe(1);
  });

  test.each([
    ['Dice', /Math\.random\(\); use this\.random/],
    ['Watch', /Date\.now\(\); use this\.now\(\)/],
  ])('of %s is refuted, with the first event that differs and why', async (name, why) => {
    const { status, stderr } = await twice(name);
    expect(stderr).toMatch(/▸ +8 +[\d.]+ ms {2}n\d sends roll to n\d \(n\d#1\): \{"n":/);
    expect(stderr).toMatch(why);
    expect(status).toBe(1);
  });
});

test('a header says what ran, and is not part of the hash', async () => {
  const words = ['-c', path.join(ROOT, 'configs/echo.yaml'), '-a', 'echo', '--seed', '5'];
  const { trace_sha256 } = await runJson([...words, '--trace', file('h.ndjson'), '--trace-header']);
  const [header, ...lines] = read('h.ndjson').split('\n');
  expect(JSON.parse(header!)).toMatchObject({
    parley_trace: 1,
    algorithm: 'echo',
    mode: 'offline',
    format: 'json',
    seed: 5,
    config_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    nodes: expect.any(Array),
  });
  expect(createHash('sha256').update(lines.join('\n')).digest('hex')).toBe(trace_sha256);
});
