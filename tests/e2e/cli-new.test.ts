/** `parley new`, in a folder of one's own: what it writes runs at once. In a copy of Parley's tree: tests/system/long/cli-new.test.ts. */

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { test, testThoroughly } from '../support/often.ts';
import { Folder, parley, parleyAlone, ROOT, runJson } from './cli-process.ts';

const execute = promisify(execFile);
const everybodyHeard = { heard: 'have you heard?' };

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

  testThoroughly('it runs live', async () => {
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
