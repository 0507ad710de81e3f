/** `parley explore` and `parley replay LINK`: what fails is found, made small, linked, and comes back byte for byte. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { someOf, test, testOften, testThoroughly } from '../support/often.ts';
import { Folder, parley, parleyAlone, ROOT, Shell } from './cli-process.ts';

const FIXTURES = path.join(ROOT, 'tests/e2e/fixtures');
const WRONG = ['-a', './half-quorum.ts', '-c', 'half-quorum.yaml'];
const BRACHA = ['-a', 'bracha', '-c', path.join(ROOT, 'configs/bracha.yaml')];
const PROPERTY = 'No two nodes decide differently';

/** What `--json` prints. */
interface ExploredJson {
  readonly algorithm: string;
  readonly seeds: number;
  readonly ok: boolean;
  readonly failures: readonly {
    readonly seed: number;
    readonly property: string;
    readonly virtual_ms: number;
    readonly events: number;
    readonly minimal: {
      readonly events: number;
      readonly faults: number;
      readonly link: string;
    };
    readonly inevitable?: readonly { readonly virtual_ms: number; readonly probability: number }[];
  }[];
  readonly faults_fired: Readonly<Record<string, number>>;
  readonly events: number;
  readonly elapsed_ms: number;
}

async function explore(
  words: readonly string[],
  cwd = FIXTURES,
): Promise<{ json: ExploredJson; status: number | null; stderr: string }> {
  const { status, stdout, stderr } = await parley(['explore', ...words, '--json'], { cwd });
  if (stdout === '') throw new Error(`status ${status}, and nothing on stdout:\n${stderr}`);
  return { json: JSON.parse(stdout) as ExploredJson, status, stderr };
}

let folder: Folder;
beforeAll(() => {
  folder = new Folder();
});
afterAll(() => folder.remove());

describe('explore', () => {
  test('says that a correct algorithm holds under its chapter’s plan', async () => {
    const { json, status } = await explore([...BRACHA, '--seeds', '10..19', '--jobs', '2']);
    expect(status).toBe(0);
    expect(Object.keys(json)).toEqual([
      ...['algorithm', 'seeds', 'ok', 'failures', 'faults_fired', 'events', 'elapsed_ms'],
    ]);
    expect(json).toMatchObject({ algorithm: 'bracha', seeds: 10, ok: true, failures: [] });
    expect(json.faults_fired['equivocate']).toBeGreaterThan(0);
    expect(json.events).toBeGreaterThan(100);
  });

  test('finds a bug, makes it small, and links it; the link comes back byte for byte', async () => {
    const { json, status } = await explore([...WRONG, '--seeds', '8..8']);
    expect(status).toBe(1);
    expect(json.ok).toBe(false);
    const [failure] = json.failures;
    expect(failure).toMatchObject({ property: PROPERTY });
    const { link, events } = failure!.minimal;
    expect(events).toBeLessThanOrEqual(failure!.events);
    expect(link).toMatch(/^http:\/\/localhost:9000\/#\/run\/1\./);

    const file = folder.write('link.txt', `${link}\n`);
    const trace = path.join(folder.path, 'again.ndjson');
    const words = ['replay', file, '--trust', '--trace', trace, '--json'];
    const { stdout, status: replayed } = await parley(words);
    expect(replayed).toBe(0);
    const again = JSON.parse(stdout) as Record<string, unknown>;
    expect(again).toMatchObject({ same: true, ok: false, property: PROPERTY, events });
    const bytes = readFileSync(trace);
    expect(again['trace_sha256']).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(bytes.toString()).toContain('"kind":"violation"');
  });

  test('tells the story to people', async () => {
    const words = ['explore', ...WRONG, '--seeds', '8..8', '--inevitable', '10'];
    const { stdout, status } = await parley(words, { cwd: FIXTURES });
    expect(status).toBe(1);
    expect(stdout).toMatch(/half-quorum\.ts: not ok \(\d+ seeds/);
    expect(stdout).toMatch(/seed \d+: No two nodes decide differently\n {2}decided: /);
    expect(stdout).toMatch(/How it comes about:/);
    expect(stdout).toMatch(/receives vote from n\d \(n\d#\d\)/);
    expect(stdout).toMatch(/When it became inevitable \(10 continuations from each of \d+ mom/);
    expect(stdout).toMatch(/from [\d.]+ ms on every continuation fails/);
  });

  const schedules = [
    ['walk', '6..6'],
    ['pct', '1..9'],
  ] as const;
  testOften.each(someOf(schedules, 1))(
    'finds it under the schedule %s, and needs none in the link',
    async (kind, seeds) => {
      const words = [...WRONG, '--schedule', kind, '--seeds', seeds, '--failures', '1'];
      const { json } = await explore(words);
      const { link } = json.failures[0]!.minimal;
      const { stdout } = await parley(['replay', link, '--trust', '--json']);
      expect(JSON.parse(stdout)).toMatchObject({ same: true, property: PROPERTY });
    },
  );

  testThoroughly('the same seeds give the same failures', async () => {
    const words = [...WRONG, '--seeds', '8..11', '--failures', '2', '--jobs', '2'];
    const [one, two] = await Promise.all([explore(words), explore(words)]);
    expect(one.json.failures[0]).toEqual(two.json.failures[0]);
  });

  test('fails when a fault that was expected never fired', async () => {
    const plan = 'crashes: [{ node: n2, at: 20s }]\nexpect: fired\n';
    const { json, status } = await explore([...BRACHA, '--seeds', '3', '--faults', plan]);
    expect(json).toMatchObject({ ok: false, failures: [], faults_fired: { crash: 0 } });
    expect(status).toBe(1);
  });

  testThoroughly('names a step that never comes to its end, and goes on', async () => {
    const module = folder.write(
      'endless.ts',
      `import { defineAlgorithm } from '@parley-lab/parley';
      export class Endless extends defineAlgorithm('endless', { messages: {} }) {
        // A loop that takes no processor away from other tests.
        override onStart() {
          const nothing = new Int32Array(new SharedArrayBuffer(4));
          while (this.n < 9) Atomics.wait(nothing, 0, 0);
          this.terminate();
        }
        handlers = this.on({});
      }`,
    );
    const config = folder.write('endless.yaml', 'n1: {}\n');
    const { json, status } = await explore(['-a', module, '-c', config, '--seeds', '1']);
    expect(status).toBe(1);
    expect(json.failures).toEqual([
      expect.objectContaining({ seed: 0, property: 'Every step comes to its end' }),
    ]);
  });

  test('Ctrl-C ends it with what was found', async () => {
    const shell = new Shell(['explore', ...BRACHA, '--seeds', '1000000', '--json']);
    await shell.until(/1000000 seeds in \d+ threads/);
    shell.kill('SIGINT');
    const { status, stdout, stderr } = await shell.finished;
    expect(stderr).toMatch(/SIGINT: what was found so far follows/);
    expect(status).toBe(130);
    const { ok, seeds } = JSON.parse(stdout) as ExploredJson;
    expect(ok).toBe(true);
    expect(seeds).toBeLessThan(1_000_000);
  });

  const wrong: [string, readonly string[], RegExp][] = [
    ['no such chapter', ['-a', 'brachia', '-c', 'half-quorum.yaml'], /did you mean 'bracha'/],
    [
      'wrong faults',
      [...WRONG, '--faults', 'lost: 5%'],
      /unknown key 'lost' \(did you mean 'loss'/,
    ],
    ['no such bug', [...BRACHA, '--break', 'skip-eco-quorum'], /did you mean 'skip-echo-quorum'/],
  ];
  test.each(wrong)('%s is bad usage', async (_name, words, message) => {
    const { status, stdout, stderr } = await parley(['explore', ...words], { cwd: FIXTURES });
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });
});

describe('replay of a link', () => {
  let link: string;
  beforeAll(async () => {
    const { json } = await explore([...WRONG, '--seeds', '8..8']);
    link = json.failures[0]!.minimal.link;
  });

  test('does not run source that it carries unless it is trusted', async () => {
    const { status, stdout, stderr } = await parley(['replay', link]);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/carries an algorithm of its sender's, .*half-quorum\.ts \(\d+ lines\)/);
    expect(stderr).toMatch(/--trust/);
  });

  test('prints that source', async () => {
    const { stdout } = await parley(['replay', link, '--source']);
    expect(stdout).toBe(readFileSync(path.join(FIXTURES, 'half-quorum.ts'), 'utf8'));
  });

  test('says whether a mended algorithm still fails, and that it has changed', async () => {
    const source = readFileSync(path.join(FIXTURES, 'half-quorum.ts'), 'utf8');
    const mended = folder.write(
      'half-quorum.ts',
      source.replace('count < this.n / 2', 'count <= this.n / 2'),
    );
    const { status, stdout } = await parley(['replay', link, '-a', mended]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/the algorithm has changed since the link was made/);
    expect(stdout).toMatch(/the link says that it breaks: No two nodes decide differently/);
  });

  testThoroughly('a changed chapter is noticed', async () => {
    const words = [...BRACHA, '--break', 'skip-echo-quorum', '--seeds', '1'];
    const { json } = await explore(words);
    const { link: chapterLink } = json.failures[0]!.minimal;
    expect(chapterLink.length).toBeLessThan(2000);
    const { stdout, status } = await parleyAlone(['replay', chapterLink, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ same: true, source_changed: false });
    expect(status).toBe(0);
  });

  test.each([
    ['a link that was cut', () => link.slice(0, 200), /the link is damaged/],
    [
      'a link of the future',
      () => link.replace('#/run/1.', '#/run/7.'),
      /the link is of version 7/,
    ],
  ])('%s is bad usage', async (_name, broken, message) => {
    const { status, stderr } = await parley(['replay', broken(), '--trust']);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });
});
