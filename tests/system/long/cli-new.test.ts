/** An algorithm that `parley new` made in Parley's own tree: it runs, its test passes, its types hold, and the page is built anew and knows it. */

import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyTree, Folder, parley, ROOT, runJson } from '../../e2e/cli-process.ts';

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
    // What its author would run: the suite of every day, and not this one.
    const env = { ...process.env, PARLEY_SUITE: 'everyday' };
    const cwd = tree.path;
    await execute(process.execPath, [vitest, 'run', '--project', 'unit', file], { cwd, env });
    const tsc = path.join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    await execute(process.execPath, [tsc, '-p', 'tsconfig.pure.json'], { cwd: tree.path });
  });

  test.each(['mygossip', 'echo'])('the name %s is taken', async (name) => {
    const { status, stderr } = await inTree('new', name);
    expect(stderr).toMatch(/choose another name/);
    expect(status).toBe(2);
  });

  test('it runs live, and the page knows it', async () => {
    const words = ['-c', 'configs/my_gossip.yaml', '-a', 'my_gossip', '-m', 'local'];
    const result = await runJson(words, { root: tree.path, cwd: tree.path });
    expect(result).toMatchObject({ mode: 'local', ok: true, exitStatus: 0 });
    expect(result.nodes['n4']?.report).toMatchObject(everybodyHeard);
  });
});
