import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  appendReports,
  prepareReportFolder,
  reportLines,
} from '../../../src/cli/run/report-lines.ts';
import { sampleResult } from './sample-result.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'parley-reports-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('a line has the field names of the earlier frameworks, and more', () => {
  expect(reportLines(sampleResult, 'run7').get('n1')).toEqual({
    // Whole seconds, not rounded up.
    elapsed_time: 2,
    messages_received: { upper: 3, 'upper.lower': 4 },
    bytes_received: 120,
    algorithm: 'upper',
    details: { value: 'yes', hops: '2', nested: '{"list":[1,2]}' },
    node: 'n1',
    status: 'terminated',
    mode: 'offline',
    format: 'json',
    seed: 42,
    run: 'run7',
    messages_sent: 5,
    dropped: {},
    elapsed_ms: 3000,
    trace_sha256: 'ab'.repeat(32),
  });
});

test('lines are appended, one file a node', () => {
  const lines = reportLines(sampleResult, 'run7');
  const nested = path.join(folder, 'a', 'b');
  prepareReportFolder(nested);
  appendReports(nested, lines);
  appendReports(nested, lines);
  expect(readdirSync(nested).sort()).toEqual(['n1.jsonl', 'n2.jsonl']);
  const written = readFileSync(path.join(nested, 'n2.jsonl'), 'utf8').trimEnd().split('\n');
  expect(written).toHaveLength(2);
  expect(JSON.parse(written[1]!)).toEqual(lines.get('n2'));
});

test('an id that is no file name stays in its folder', () => {
  const nodes = { '../evil': sampleResult.nodes['n1']! };
  appendReports(folder, reportLines({ ...sampleResult, nodes }, 'run7'));
  expect(readdirSync(folder)).toEqual(['..%2Fevil.jsonl']);
});

test('a folder that cannot be made is bad usage', () => {
  writeFileSync(path.join(folder, 'file'), '');
  expect(() => prepareReportFolder(path.join(folder, 'file', 'below'))).toThrow(/--report-dir/);
});
