/** nodemanager's files on the command line: defaults, rooms, faults, and errors with their place. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { withForeignDefaults } from '../../../src/cli/run/nodemanager-file.ts';
import { prepareRun, type PreparedRun } from '../../../src/cli/run/prepare-run.ts';
import { runRequest, type RunOptions } from '../../../src/cli/run/run-request.ts';

const PLAIN: RunOptions = {
  ...{ mode: 'offline', format: 'json', seed: 1, startupDelay: 0, verbose: 0 },
  ...{ link: 'simple-peer', frameAuth: 'signature' },
};

async function prepared(text: string, options: Partial<RunOptions> = {}): Promise<PreparedRun> {
  const folder = mkdtempSync(path.join(tmpdir(), 'parley-nodemanager-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, 'nm.yaml'), text);
  const asked = withForeignDefaults({ ...PLAIN, config: 'nm.yaml', ...options }, folder);
  return prepareRun(
    runRequest(asked, () => 1),
    folder,
  );
}

const SAMPLING = 'sampling: { algorithm: gbps, params: { view_size: 4 } }\n';

test('a context is a room: the same one whatever the address, another one for another context', async () => {
  const network = { mode: 'network', id: 'node_1' } as const;
  const here = await prepared(`context: red\nport: 9100\n${SAMPLING}`, network);
  const there = await prepared(`context: red\nport: 9200\n${SAMPLING}`, {
    ...network,
    id: 'node_2',
  });
  const elsewhere = await prepared(`context: blue\nport: 9100\n${SAMPLING}`, network);
  expect(there.room).toBe(here.room);
  expect(there.spec.runId).toBe(here.spec.runId);
  expect(elsewhere.room).not.toBe(here.room);
  expect(elsewhere.spec.runId).not.toBe(here.spec.runId);
});

test('what the file says counts where the options say nothing', async () => {
  const text =
    'simulation: { nb_nodes: 3, max_sim_time: 7, timeout: 50, real_time_factor: 4 }\nlatency: { base_latency_ms: 10, jitter_factor: 0 }\n' +
    SAMPLING;
  const { request, plan } = await prepared(text);
  expect(request).toMatchObject({
    algorithm: 'share_vec',
    serviceMs: 7000,
    timeoutMs: 50_000,
    pace: 4,
  });
  expect(plan.faults).toEqual({ latency: { min: 10, max: 10 } });
  const other = await prepared(text, { algorithm: 'gossip_average', for: 2, pace: 0 });
  expect(other.request).toMatchObject({
    algorithm: 'gossip_average',
    serviceMs: 2000,
    pace: undefined,
  });
  const stormy = await prepared(text, { faults: 'loss: 10%' });
  expect(stormy.plan.faults).toEqual({ loss: '10%' });
});

test('a file of one node is as many as are asked for', async () => {
  expect((await prepared(SAMPLING)).plan.nodes).toHaveLength(8);
  expect((await prepared(SAMPLING, { nodes: 3 })).plan.nodes).toHaveLength(3);
});

test('what is wrong is said with its place, and what has no effect as a warning', async () => {
  await expect(prepared('sampling: { algorithm: gbbs }')).rejects.toThrow('nm.yaml:1:24');
  const { warnings } = await prepared(`address: 0.0.0.0\n${SAMPLING}`);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain("nm.yaml:1:1: warning: 'address' has no effect");
  const { warnings: unused } = await prepared(`${SAMPLING}simulation: { nb_nodes: 2 }\n`, {
    algorithm: 'cyclon',
  });
  expect(unused.at(-1)).toContain("'sampling' has no effect: cyclon has no use for it");
});

test('a view larger than the network is told once, with its place in the file', async () => {
  const text = `simulation: { nb_nodes: 3 }\n${SAMPLING}`;
  const { warnings } = await prepared(text, { strict: true });
  const told = warnings.filter((text) => text.includes('view_size'));
  expect(told).toHaveLength(1);
  expect(told[0]).toContain('nm.yaml:2:51');
});
