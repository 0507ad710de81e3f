/** Live modes from the command line: headless Chromium, real WebRTC, a server for the run or one for all. */

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { someOf, test, testOften, testThoroughly } from '../support/often.ts';
import { Folder, parley, parleyAlone, runJson, Shell } from './cli-process.ts';

/** What each chapter does live is tried in live-chapters.suite.ts: here it is the command that is tried. */
const chapters = [
  ['bracha', 'json'],
  ['message_chain', 'msgpack'],
] as const;

/** With the status that a command ends with. */
const signals = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const;

let folder: Folder;

beforeAll(() => {
  folder = new Folder();
  folder.write('three.yaml', 'n1: {}\nn2: {}\nn3: {}\n');
  folder.write(
    'mine.ts',
    `import { cast, defineAlgorithm } from '@parley-lab/parley';
     import * as v from 'valibot';
     const messages = { say: cast({ text: v.string() }) };
     export class Breaks extends defineAlgorithm('breaks', { messages }) {
       override onStart() { if (this.id === 'n1') void this.toAll.say({ text: 'now' }); }
       handlers = this.on({
         say: () => { throw new Error('no thank you'); },
       });
     }
     export class Waits extends defineAlgorithm('waits', { messages }) {
       override onStart() { this.log.info('here I am'); }
       handlers = this.on({ say: () => {} });
       override report() { return { waited: true }; }
     }
     export class Serves extends defineAlgorithm('serves', { messages, service: true }) {
       handlers = this.on({ say: () => {} });
     }`,
  );
});

afterAll(() => {
  folder.remove();
});

function mine(name: string, ...words: string[]) {
  const reference = `./mine.ts#${name}`;
  return runJson(['-c', 'three.yaml', '-a', reference, '-m', 'local', ...words], {
    cwd: folder.path,
  });
}

describe('local', () => {
  testOften.each(someOf(chapters, 1))('%s ends well in %s', async (chapter, format) => {
    const words = ['-c', `configs/${chapter}.yaml`, '-a', chapter, '-m', 'local', '-f', format];
    const result = await runJson([...words, '--seed', '5']);
    expect(result).toMatchObject({
      algorithm: chapter,
      mode: 'local',
      format,
      seed: 5,
      ok: true,
      virtual_ms: null,
      trace_sha256: null,
      exitStatus: 0,
    });
    for (const { status } of Object.values(result.nodes)) expect(status).toBe('terminated');
  });

  testThoroughly(
    '--tabs runs a tab a node, with delays, reports and a trace in order of time',
    async () => {
      const trace = path.join(folder.path, 'live.ndjson');
      const reports = path.join(folder.path, 'reports');
      const words = ['-c', 'configs/bracha.yaml', '-a', 'bracha', '-m', 'local', '--tabs'];
      const more = ['--latency', '5-20', '--trace', trace, '--report-dir', reports];
      const result = await runJson([...words, ...more]);
      expect(result).toMatchObject({ ok: true, exitStatus: 0 });
      const events = readFileSync(trace, 'utf8').trimEnd().split('\n');
      const parsed = events.map((line) => JSON.parse(line) as { time: number; node: string });
      const times = parsed.map(({ time }) => time);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(new Set(parsed.map(({ node }) => node))).toEqual(new Set(Object.keys(result.nodes)));
      expect(readdirSync(reports)).toHaveLength(Object.keys(result.nodes).length);
    },
  );

  testThoroughly('more nodes than a page holds take further pages', async () => {
    const nodes = Array.from({ length: 10 }, (_, at) => `n${at + 1}`);
    const lines = nodes.map((id, at) => {
      const next = nodes[(at + 1) % nodes.length]!;
      return `${id}: { node_id: ${at + 1}, neighbours: [${next}] }\n`;
    });
    folder.write('ring.yaml', lines.join(''));
    const shell = new Shell(['run', '-c', 'ring.yaml', '-a', 'ChangRoberts', '-m', 'local'], {
      cwd: folder.path,
    });
    const { status, stdout, stderr } = await shell.finished;
    expect(stderr).toMatch(/10 nodes in 2 pages/);
    expect(stdout).toMatch(/^chang_roberts: ok/);
    expect(status).toBe(0);
  });

  test('a handler that throws fails the run, with the line of the source', async () => {
    const result = await mine('Breaks');
    expect(result).toMatchObject({ ok: false, exitStatus: 1 });
    const failed = Object.values(result.nodes).find(({ status }) => status === 'failed');
    expect(failed?.error).toMatch(/handler 'say' of breaks, message from n1: no thank you/);
    expect(failed?.error).toContain(`${path.join(folder.path, 'mine.ts')}:7:`);
  });

  testThoroughly('time over: every node says so and reports', async () => {
    const result = await mine('Waits', '-t', '6');
    expect(result).toMatchObject({ ok: false, exitStatus: 1 });
    expect(result.nodes['n2']).toMatchObject({ status: 'timeout', report: { waited: true } });
  });

  testThoroughly('a service runs its time', async () => {
    const result = await mine('Serves', '--for', '1');
    expect(result).toMatchObject({ ok: true, exitStatus: 0 });
    expect(result.nodes['n3']?.status).toBe('stopped');
  });

  testOften.each(someOf(signals, 1))(
    '%s stops the nodes, and their reports are written',
    async (signal, expected) => {
      const reports = path.join(folder.path, signal);
      const words = ['run', '-c', 'three.yaml', '-a', './mine.ts#Waits', '-m', 'local', '--json'];
      const shell = new Shell([...words, '--report-dir', reports], { cwd: folder.path });
      await shell.until(/n3 here I am/);
      shell.kill(signal);
      const { status, stdout } = await shell.finished;
      expect(status).toBe(expected);
      expect(JSON.parse(stdout)).toMatchObject({
        ok: false,
        nodes: { n1: { status: 'stopped', report: { waited: true } } },
      });
      expect(readdirSync(reports)).toEqual(['n1.jsonl', 'n2.jsonl', 'n3.jsonl']);
    },
  );

  testThoroughly('a second signal ends at once', async () => {
    const words = ['run', '-c', 'three.yaml', '-a', './mine.ts#Waits', '-m', 'local'];
    const shell = new Shell(words, { cwd: folder.path });
    await shell.until(/n3 here I am/);
    shell.kill('SIGINT');
    await shell.until(/a second one ends at once/);
    shell.kill('SIGINT');
    const { status, stdout } = await shell.finished;
    expect(status).toBe(130);
    expect(stdout).toBe('');
  });
});

describe('network', () => {
  let server: Shell;
  let address: string;

  beforeAll(async () => {
    server = new Shell(['signal', '--port', '0', '--host', '127.0.0.1']);
    const [, found] = await server.until(/on this machine +(http:\/\/\S+)/);
    address = found!;
  });

  afterAll(async () => {
    server.kill('SIGTERM');
    expect((await server.finished).status).toBe(0);
  });

  testThoroughly('four shells meet in a room', async () => {
    const words = ['-c', 'configs/bracha.yaml', '-a', 'bracha', '-m', 'network', '-f', 'msgpack'];
    const ids = ['n1', 'n2', 'n3', 'n4'];
    // At the same time, each a shell of its own.
    const results = await Promise.all(
      ids.map((id) => runJson([...words, '--id', id, '--signal', address], {}, parleyAlone)),
    );
    for (const [at, result] of results.entries()) {
      expect(result).toMatchObject({ mode: 'network', ok: true, exitStatus: 0 });
      expect(Object.keys(result.nodes)).toEqual([ids[at]]);
    }
    const values = results.map(({ nodes }) => Object.values(nodes)[0]!.report['delivered_value']);
    expect(new Set(values).size).toBe(1);
  });

  test('who never comes is named', async () => {
    const words = ['run', '-c', 'configs/echo.yaml', '-a', 'echo', '-m', 'network', '--id', 'n1'];
    const shell = new Shell([...words, '--signal', address, '-t', '4', '--json']);
    const { status, stdout, stderr } = await shell.finished;
    expect(stderr).toMatch(/waiting for n2, n3, n4/);
    const { nodes } = JSON.parse(stdout) as Awaited<ReturnType<typeof runJson>>;
    expect(nodes['n1']).toMatchObject({ status: 'timeout' });
    expect(nodes['n1']?.error).toMatch(/n2 \(never came\)/);
    expect(status).toBe(1);
  });

  testThoroughly('a node id that is taken in the room is refused', async () => {
    const words = ['run', '-c', 'configs/echo.yaml', '-a', 'echo', '-m', 'network', '--id', 'n1'];
    const room = ['--signal', address, '--room', 'TAKEN-ROOM'];
    const first = new Shell([...words, ...room]);
    await first.until(/waiting for/);
    const second = await parley([...words, ...room]);
    expect(second.stdout + second.stderr).toMatch(/n1.*already/);
    expect(second.status).toBe(1);
    first.kill('SIGTERM');
    expect((await first.finished).status).toBe(143);
  });
});
