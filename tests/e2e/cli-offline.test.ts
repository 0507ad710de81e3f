/** The simulator from the command line: some chapters (tests/system has all), the trace and its hash, reports, modules of one's own. */

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FORMAT_NAMES } from '../../src/net/format.ts';
import { Folder, parley, ROOT, runJson } from './cli-process.ts';
import { expectTraceOf, offlineChapter } from './cli-offline.suite.ts';

const chapters = readdirSync(path.join(ROOT, 'configs'))
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.replace('.yaml', ''));

let folder: Folder;

beforeAll(() => {
  folder = new Folder();
});

afterAll(() => {
  folder.remove();
});

function configOf(chapter: string): string {
  return `configs/${chapter}.yaml`;
}

test.each(
  chapters
    .map((chapter, at) => [chapter, FORMAT_NAMES[at % FORMAT_NAMES.length]!] as const)
    .filter((_, at) => at % 5 === 0),
)('%s ends well in %s, and its trace is the one whose hash is printed', async (chapter, format) => {
  const file = path.join(folder.path, `${chapter}.ndjson`);
  const words = ['-c', configOf(chapter), '-a', chapter, '-f', format, '--seed', '7'];
  const result = await runJson([...words, '--trace', file]);
  expect(result).toMatchObject({ mode: 'offline', format, seed: 7, ok: true, exitStatus: 0 });
  expectTraceOf(result, file);
});

offlineChapter('bracha');

test('the printed object is the contract’s, and nothing else is on stdout', async () => {
  const words = ['run', '-c', configOf('bracha'), '-a', 'Bracha', '--json', '-v'];
  const { stdout, stderr } = await parley(words);
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  const result = JSON.parse(stdout) as Awaited<ReturnType<typeof runJson>>;
  expect(result).toEqual({
    algorithm: 'bracha',
    mode: 'offline',
    format: 'json',
    seed: expect.any(Number),
    ok: true,
    elapsed_ms: expect.any(Number),
    virtual_ms: expect.any(Number),
    messages_sent: expect.any(Number),
    messages_delivered: expect.any(Number),
    bytes_delivered: expect.any(Number),
    trace_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    nodes: expect.any(Object),
  });
  const nodes = Object.values(result.nodes);
  expect(nodes[0]).toMatchObject({
    status: 'terminated',
    report: expect.any(Object),
    messages_received: { bracha: expect.any(Number) },
    bytes_received: expect.any(Number),
  });
  const received = nodes.map((node) => node.messages_received['bracha'] ?? 0);
  expect(result.messages_delivered).toBe(received.reduce((sum, count) => sum + count));
  expect(stderr).toMatch(new RegExp(`seed ${result.seed} \\(drawn`));
});

test('people get a table, without colours in a pipe', async () => {
  const words = ['run', '-c', configOf('echo'), '-a', 'echo', '--seed', '1'];
  const { status, stdout, stderr } = await parley(words);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^echo: ok \(offline, json, seed 1; .*\nnode +status +received/);
  expect(stdout + stderr).not.toContain('\u001b');
  const coloured = await parley(words, { environment: { FORCE_COLOR: '1' } });
  expect(coloured.stdout).toContain('\u001b');
  expect(coloured.stderr).toContain('\u001b');
});

test('reports are appended, with the field names of the earlier frameworks', async () => {
  const reports = path.join(folder.path, 'reports', 'new');
  const words = ['-c', configOf('simple_broadcast'), '-a', 'SimpleBroadcastUpper'];
  const first = await runJson([...words, '--report-dir', reports]);
  await runJson([...words, '--report-dir', reports]);
  const ids = Object.keys(first.nodes);
  expect(readdirSync(reports).sort()).toEqual(ids.map((id) => `${id}.jsonl`).sort());
  const lines = readFileSync(path.join(reports, `${ids[0]}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n');
  expect(lines).toHaveLength(2);
  expect(JSON.parse(lines[0]!)).toMatchObject({
    elapsed_time: expect.any(Number),
    messages_received: first.nodes[ids[0]!]!.messages_received,
    bytes_received: first.nodes[ids[0]!]!.bytes_received,
    algorithm: first.algorithm,
    details: expect.any(Object),
  });
});

describe('a module of one’s own', () => {
  const module = `
    import { cast, defineAlgorithm, Simulation, type NodeId } from '@parley-lab/parley';
    import * as v from 'valibot';
    import { z } from 'zod';
    import { limit } from './limit';
    const messages = { say: cast({ text: v.string() }), count: cast({ up: z.number() }) };
    export class Says extends defineAlgorithm('says', { messages }) {
      heard: NodeId[] = [];
      override onStart() { void this.toAll.say({ text: typeof Simulation }); }
      handlers = this.on({
        say: (src) => { if (this.heard.push(src) === limit) this.terminate(); },
        count: () => {},
      });
      override report() { return { heard: this.heard.toSorted() }; }
    }
    export class Serves extends defineAlgorithm('serves', { messages, service: true }) {
      ticks = 0;
      override onStart() { this.every(100, () => { this.ticks++; }); }
      handlers = this.on({ say: () => {}, count: () => {} });
      override report() { return { ticks: this.ticks }; }
    }
    export class Breaks extends defineAlgorithm('breaks', { messages }) {
      override onStart() { if (this.id === 'n1') void this.toAll.say({ text: 'now' }); }
      handlers = this.on({
        say: () => { throw new Error('no thank you'); },
        count: () => {},
      });
    }
    export class Waits extends defineAlgorithm('waits', { messages }) {
      handlers = this.on({ say: () => {}, count: () => {} });
    }
  `;

  beforeAll(() => {
    folder.write('limit.ts', 'export const limit: number = 2;\n');
    folder.write('mine.ts', module);
    folder.write('three.yaml', 'n1: {}\nn2: {}\nn3: {}\n');
    folder.write(
      'lies.ts',
      `import { defineAlgorithm } from '@parley-lab/parley';
       export class Lies extends defineAlgorithm('lies', {}) {
         handlers = this.on({});
         override state() { return { lie: true }; }
       }
       export const invariants = [{
         name: 'Nobody lies',
         check: ({ nodes }) => nodes.some((node) => node.state.lie) ? 'n1 lied' : undefined,
       }];`,
    );
  });

  function mine(name: string, ...words: string[]) {
    return runJson(['-c', 'three.yaml', '-a', name, ...words], { cwd: folder.path });
  }

  test('runs in its own folder, with nothing installed there', async () => {
    const result = await mine('./mine.ts#Says');
    expect(result).toMatchObject({ algorithm: 'says', ok: true, exitStatus: 0 });
    expect(result.nodes['n1']?.report).toEqual({ heard: ['n2', 'n3'] });
  });

  test('a service runs its time and counts as well ended', async () => {
    const result = await mine('mine.ts#serves', '--for', '2');
    // The twentieth tick would come just after the stop: the nodes started a few milliseconds late.
    expect(result).toMatchObject({ ok: true, exitStatus: 0 });
    expect(result.nodes['n2']).toMatchObject({ status: 'stopped', report: { ticks: 19 } });
  });

  test('a handler that throws fails the run, with node, message and the line', async () => {
    const result = await mine('./mine.ts#Breaks');
    expect(result).toMatchObject({ ok: false, exitStatus: 1 });
    const failed = Object.values(result.nodes).find(({ status }) => status === 'failed');
    expect(failed?.error).toMatch(/handler 'say' of breaks, message from n1: no thank you/);
    const line = module.slice(0, module.indexOf('no thank you')).split('\n').length;
    expect(failed?.error).toContain(`${path.join(folder.path, 'mine.ts')}:${line}:`);
    expect(result.nodes['n1']?.status).toBe('stopped');
  });

  test('what never ends times out', async () => {
    const result = await mine('./mine.ts#Waits', '-t', '3');
    expect(result).toMatchObject({ ok: false, exitStatus: 1, virtual_ms: 3000 });
    expect(result.nodes['n1']?.status).toBe('timeout');
  });

  test('a loop without end is ended by force, and its node is named', async () => {
    folder.write(
      'loops.ts',
      `import { defineAlgorithm } from '@parley-lab/parley';
       export class Loops extends defineAlgorithm('loops', {}) {
         // A loop that takes no processor away from other tests.
         override onStart() {
           const nothing = new Int32Array(new SharedArrayBuffer(4));
           while (this.id === 'n2') Atomics.wait(nothing, 0, 0);
         }
         handlers = this.on({});
       }`,
    );
    const words = ['run', '-c', 'three.yaml', '-a', './loops.ts'];
    const { status, stderr } = await parley(words, { cwd: folder.path });
    expect(stderr).toMatch(/n2 has not come back from its code for 10 s/);
    expect(status).not.toBe(0);
  });

  test('a broken invariant ends the run', async () => {
    const result = await mine('./lies.ts');
    expect(result).toMatchObject({
      ok: false,
      exitStatus: 1,
      violation: { invariant: 'Nobody lies', detail: 'n1 lied' },
    });
    for (const { status } of Object.values(result.nodes)) expect(status).toBe('stopped');
  });
});
