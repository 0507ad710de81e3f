/** `parley new`, in a copy of Parley's tree and in a folder of one's own: what it writes runs at once. */

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyTree, Folder, parley, parleyAlone, ROOT, runJson } from './cli-process.ts';

const execute = promisify(execFile);
const everybodyHeard = { heard: 'have you heard?' };

describe('in the tree', () => {
  let tree: Folder;

  beforeAll(async () => {
    tree = new Folder();
    copyTree(tree.path);
    const { status, stdout } = await inTree('new', 'my_gossip');
    expect(status).toBe(0);
    expect(stdout).toContain('npx parley run -c configs/my_gossip.yaml -a my_gossip');
  });

  afterAll(() => {
    tree.remove();
  });

  function inTree(...words: string[]) {
    return parley(words, { root: tree.path, cwd: tree.path });
  }

  test('it is found by its name and listed', async () => {
    const words = ['-c', 'configs/my_gossip.yaml', '-a', 'MyGossip', '--strict'];
    const result = await runJson(words, { root: tree.path, cwd: tree.path });
    expect(result).toMatchObject({ algorithm: 'my_gossip', ok: true, exitStatus: 0 });
    expect(Object.values(result.nodes).map(({ report }) => report)).toMatchObject(
      Array.from({ length: 4 }, () => everybodyHeard),
    );
    expect((await inTree('algorithms')).stdout).toMatch(/^my_gossip +A rumour/m);
  });

  test('its test passes and its types hold', async () => {
    const vitest = path.join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
    const file = 'tests/unit/algorithms/my-gossip.test.ts';
    await execute(process.execPath, [vitest, 'run', '--project', 'unit', file], { cwd: tree.path });
    const tsc = path.join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    await execute(process.execPath, [tsc, '-p', 'tsconfig.pure.json'], { cwd: tree.path });
  });

  test.each(['mygossip', 'echo'])('the name %s is taken', async (name) => {
    const { status, stderr } = await inTree('new', name);
    expect(stderr).toMatch(/choose another name/);
    expect(status).toBe(2);
  });
});

describe('elsewhere', () => {
  let folder: Folder;

  beforeAll(async () => {
    folder = new Folder();
    const { status, stdout } = await parley(['new', 'my_gossip'], { cwd: folder.path });
    expect(status).toBe(0);
    expect(stdout).toMatch(/bin[/\\]parley\.js run -c my_gossip\/my_gossip\.yaml -a \.\/my_gossip/);
  });

  afterAll(() => {
    folder.remove();
  });

  test('it runs at once, named by its folder', async () => {
    const words = ['-c', 'my_gossip/my_gossip.yaml', '-a', './my_gossip', '--strict'];
    const result = await runJson(words, { cwd: folder.path });
    expect(result).toMatchObject({ algorithm: 'my_gossip', ok: true, exitStatus: 0 });
    const inside = path.join(folder.path, 'my_gossip');
    const there = await runJson(['-c', 'my_gossip.yaml', '-a', '.'], { cwd: inside });
    expect(there).toMatchObject({ algorithm: 'my_gossip', ok: true });
  });

  test('its package knows where Parley is, and its test passes once that is installed', async () => {
    const project = path.join(folder.path, 'my_gossip');
    const text = readFileSync(path.join(project, 'package.json'), 'utf8');
    const made = JSON.parse(text) as { dependencies: Record<string, string> };
    const place = made.dependencies['@parley-lab/parley']!;
    expect(place).toMatch(/^file:/);
    expect(existsSync(path.resolve(project, place.slice(5), 'bin', 'parley.js'))).toBe(true);
    // What `npm install` makes of such a dependency.
    mkdirSync(path.join(project, 'node_modules', '@parley-lab'), { recursive: true });
    symlinkSync(ROOT, path.join(project, 'node_modules', '@parley-lab', 'parley'), 'junction');
    const { stdout } = await execute(process.execPath, ['--test'], { cwd: project });
    expect(stdout).toMatch(/fail 0/);
  });

  test('it runs live', async () => {
    const words = ['-c', 'my_gossip/my_gossip.yaml', '-a', './my_gossip', '-m', 'local'];
    // Alone: the bundler keeps a process that was started in a folder which is no longer there.
    const options = { cwd: folder.path };
    const result = await runJson([...words, '-f', 'msgpack'], options, parleyAlone);
    expect(result).toMatchObject({ mode: 'local', ok: true, exitStatus: 0 });
    expect(result.nodes['n4']?.report).toMatchObject(everybodyHeard);
  });

  test('a folder that is there is left alone', async () => {
    const { status, stderr } = await parley(['new', 'my_gossip'], { cwd: folder.path });
    expect(stderr).toMatch(/my_gossip exists here already/);
    expect(status).toBe(2);
  });
});
