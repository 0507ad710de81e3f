/** The application that the manual shows is one, and topologies that it makes are run. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parley, ROOT } from '../e2e/cli-process.ts';

const manual = readFileSync(path.join(ROOT, 'docs/applications.md'), 'utf8');

const PATIENCE_MS = 60_000;

function blocks(language: string): string {
  const all = [...manual.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))];
  return all.map(([, block]) => block).join('\n');
}

test(
  'the example finds the maximum, and runs on a topology that was made',
  async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'parley-applications-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(path.join(folder, 'mine.ts'), blocks('ts'));
    writeFileSync(path.join(folder, 'mine.yaml'), blocks('yaml'));
    const run = (...words: string[]) => parley(words, { cwd: folder });

    const mine = ['-a', './mine.ts#MaximumNode', '--seed', '1', '--json'];
    const first = await run('run', '-c', 'mine.yaml', ...mine);
    expect(first.status, first.stderr).toBe(0);
    const { nodes } = JSON.parse(first.stdout) as {
      nodes: Record<string, { status: string; report: { highest: number } }>;
    };
    expect(Object.values(nodes).map(({ report }) => report.highest)).toEqual([8, 8, 8]);
    expect(Object.values(nodes).map(({ status }) => status)).toEqual(Array(3).fill('terminated'));

    const made = await run('topology', '--kind', 'star', '--nodes', '4', '-o', 'star.yaml');
    expect(made.status, made.stderr).toBe(0);
    const files = ['--log-dir', 'logs', '--views', 'views.jsonl'];
    const second = await run('run', '-c', 'star.yaml', ...mine, '--for', '4', ...files);
    expect(second.status, second.stderr).toBe(0);
    const [sample] = readFileSync(path.join(folder, 'views.jsonl'), 'utf8').split('\n');
    expect(JSON.parse(sample!)).toMatchObject({
      node: 'node_1',
      view: ['node_2', 'node_3', 'node_4'],
    });
    expect(readFileSync(path.join(folder, 'logs/node_4.log'), 'utf8')).toBe('');
  },
  PATIENCE_MS,
);
