/** What the README shows is run as it stands there. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test, onTestFinished } from 'vitest';
import type { RunResult } from '../../src/core/result.ts';
import { parley, ROOT } from '../e2e/cli-process.ts';

/** Each of these starts a process, which a busy machine makes wait. */
const patient = { timeout: 60_000 };

const readme = readFileSync(path.join(ROOT, 'README.md'), 'utf8');

function blocks(language: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm');
  return [...readme.matchAll(fence)].map((match) => match[1]!);
}

test('the algorithm on the first page runs', patient, async () => {
  const [code] = blocks('ts');
  const folder = mkdtempSync(path.join(tmpdir(), 'parley-readme-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, 'ping.ts'), code!);
  writeFileSync(
    path.join(folder, 'ping.yaml'),
    'n1: { initiator: true }\nn2: { initiator: false }\n',
  );
  const words = ['run', '-c', 'ping.yaml', '-a', './ping.ts', '--seed', '1', '--json'];
  const { status, stdout, stderr } = await parley(words, { cwd: folder });
  expect(status, stderr).toBe(0);
  expect(stderr).toContain('ACK_Ping_0');
  const { nodes } = JSON.parse(stdout) as RunResult;
  expect(nodes['n2']).toMatchObject({ status: 'terminated', report: { pings_received: 6 } });
});

const commands = blocks('sh')
  .flatMap((block) => block.split('\n'))
  .map((line) => line.replace(/\s+#.*$/, '').trim())
  .filter((line) => line.startsWith('npx parley '));

test('shows commands', () => expect(commands.length).toBeGreaterThan(5));

const offline = commands.filter((line) => line.includes(' run ') && !/ -m | \.\/mine/.test(line));

test.each(offline)('`%s` works', patient, async (line) => {
  const { status, stderr } = await parley(line.split(/\s+/).slice(2));
  expect(status, stderr).toBe(0);
});

test.each(commands)('`%s` names options that there are', patient, async (line) => {
  const [, , command, ...words] = line.split(/\s+/);
  const { stdout } = await parley([command!, '--help']);
  for (const option of words.filter((word) => /^--?[a-z]/.test(word))) {
    expect(stdout).toMatch(new RegExp(`(^|[\\s,])${option}\\b`));
  }
});
