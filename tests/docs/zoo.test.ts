/** The module that the manual of the zoo shows has the bug that it says it has. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parley, ROOT } from '../e2e/cli-process.ts';

const manual = readFileSync(path.join(ROOT, 'docs/zoo.md'), 'utf8');

const PATIENCE_MS = 60_000;

test(
  'the example is found, listed, and put into a run',
  async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'parley-zoo-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const code = [...manual.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, block]) => block);
    writeFileSync(path.join(folder, 'mine.ts'), code.join('\n'));
    writeFileSync(path.join(folder, 'mine.yaml'), 'n1:\nn2:\nn3:\nn4:\n');
    const run = (...words: string[]) => parley(words, { cwd: folder });

    const hunt = await run('zoo', '-a', './mine.ts', '--json');
    expect(hunt.status, hunt.stderr).toBe(0);
    const caught = JSON.parse(hunt.stdout) as object;
    expect(Object.keys(caught)).toEqual(
      'algorithm bug found seed seeds_tried virtual_ms property'.split(' '),
    );
    expect(caught).toMatchObject({ algorithm: 'mine', bug: 'skip-quorum', found: true, seed: 1 });

    // A bug that changes nothing is never found.
    const right = code.join('\n').replace('echoQuorum: () => 1', 'echoQuorum: rules.echoQuorum');
    writeFileSync(path.join(folder, 'right.ts'), right);
    const vain = await run('zoo', '-a', './right.ts', '--json');
    expect(vain.status).toBe(1);
    const missed = { found: false, seed: null, seeds_tried: 20, virtual_ms: null };
    expect(JSON.parse(vain.stdout)).toMatchObject(missed);

    const broken = ['run', '-a', './mine.ts', '-c', 'mine.yaml', '--break', 'skip-quorum'];
    const { status, stdout } = await run(...broken, '--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      breaks: ['skip-quorum'],
      violation: { invariant: 'Whoever is done has heard a quorum' },
    });
    expect((await run(...broken)).stdout).toContain('broken on purpose: skip-quorum');

    const wrong = await run(...broken.slice(0, -1), 'skip-quorom');
    expect(wrong).toMatchObject({ status: 2, stdout: '' });
    expect(wrong.stderr).toContain("mine has no bug 'skip-quorom' (did you mean 'skip-quorum'?)");
  },
  PATIENCE_MS,
);
