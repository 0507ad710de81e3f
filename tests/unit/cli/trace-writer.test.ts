import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { TraceWriter } from '../../../src/cli/run/trace-writer.ts';
import type { TraceEvent } from '../../../src/core/trace.ts';
import { TraceHash, traceLine } from '../../../src/runtime/trace-file.ts';

/** Enough for several chunks, with characters of several bytes at every place of a chunk's end. */
const events: readonly TraceEvent[] = Array.from({ length: 3000 }, (_, at) => ({
  kind: 'log',
  time: at,
  node: 'n1',
  sequence: at + 1,
  path: 'echo',
  level: 'info',
  text: 'ünïcödé 😀'.repeat(at % 7),
}));

test('the hash is that of the file, with or without one', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'parley-trace-'));
  try {
    const file = path.join(folder, 'run.ndjson');
    const writing = new TraceWriter(file);
    const hashing = new TraceWriter(undefined);
    const inThePage = new TraceHash();
    for (const event of events) {
      writing.add(event);
      hashing.add(event);
      inThePage.add(traceLine(event));
    }
    const hash = writing.finish();
    const written = readFileSync(file);
    expect(hash).toBe(createHash('sha256').update(written).digest('hex'));
    expect(hashing.finish()).toBe(hash);
    expect(inThePage.digest()).toBe(hash);
    expect(written.toString()).toBe(events.map(traceLine).join(''));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a file that cannot be written is bad usage', () => {
  const file = path.join(tmpdir(), 'parley-no-such-folder', 'run.ndjson');
  expect(() => new TraceWriter(file)).toThrow(/--trace .*ENOENT/);
});
