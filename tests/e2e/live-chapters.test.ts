/** Every chapter over real data channels: as workers of one page, in both formats; Bracha also with a tab for each node. */

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FormatName } from '../../src/core/result.ts';
import { loadConfig } from '../../src/core/config/load-config.ts';
import { chapterNames, locateChapter } from '../../src/cli/chapters.ts';
import { summarize } from '../../src/lab/run-result.ts';
import { LiveLab } from '../support/live-page.ts';

const configs = path.join(import.meta.dirname, '../../configs');
const formats: readonly FormatName[] = ['json', 'msgpack'];

/** What the comment in each configuration promises. */
const messages: Readonly<Record<string, readonly [min: number, max: number]>> = {
  bracha: [27, 27],
  chang_roberts: [12, 27],
  echo: [6, 6],
  message_chain: [30, 30],
  pingpong: [60, 60],
  simple_broadcast: [30, 30],
};

let lab: LiveLab;
beforeAll(async () => {
  lab = await LiveLab.open();
});
afterAll(() => lab?.close());

test('every chapter has a configuration that is tried here', () => {
  const names = readdirSync(configs).map((file) => path.basename(file, '.yaml'));
  expect(Object.keys(messages)).toEqual(expect.arrayContaining([...chapterNames()]));
  expect(names).toEqual(expect.arrayContaining(Object.keys(messages)));
});

describe.each(formats)('as workers of one page, in %s', (format) => {
  test.each(Object.keys(messages))('%s', async (algorithm) => {
    const config = readFileSync(path.join(configs, `${algorithm}.yaml`), 'utf8');
    const { chapter } = await locateChapter(algorithm, '.');
    const nodes = loadConfig(config, chapter.algorithm.definition).nodes.map(({ id }) => id);
    const run = await lab.newRun({ algorithm, config, format });
    await run.start(await run.openTab(), ...nodes);
    const results = await run.results(nodes);
    const summary = summarize(
      {
        algorithm,
        mode: 'local',
        format,
        seed: 0,
        elapsed_ms: 0,
        virtual_ms: null,
        trace_sha256: null,
      },
      results,
    );
    expect(summary).toMatchObject({ ok: true });
    const [min, max] = messages[algorithm]!;
    expect(summary.messages_sent).toBeGreaterThanOrEqual(min);
    expect(summary.messages_sent).toBeLessThanOrEqual(max);
    expect(Object.values(results).map(({ status }) => status)).toEqual(
      nodes.map(() => 'terminated'),
    );
    expect(run.pageErrors).toEqual([]);
    await run.close();
  });
});

test('four tabs, a node each: Bracha delivers in all', async () => {
  const config = readFileSync(path.join(configs, 'bracha.yaml'), 'utf8');
  const run = await lab.newRun({ algorithm: 'bracha', config });
  const nodes = ['n1', 'n2', 'n3', 'n4'];
  await run.startTabs(nodes);
  for (const result of Object.values(await run.results(nodes))) {
    expect(result).toMatchObject({
      status: 'terminated',
      report: { delivered_value: 'TestValue123' },
    });
  }
  expect(run.pageErrors).toEqual([]);
  await run.close();
});
