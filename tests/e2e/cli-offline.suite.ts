/** A chapter in the simulator from the command line. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FormatName } from '../../src/core/result.ts';
import { FORMAT_NAMES } from '../../src/net/format.ts';
import { Folder, parleyAlone, runJson } from './cli-process.ts';

/** Declares the tests for a chapter, in some of the formats. */
export function offlineChapter(
  chapter: string,
  formats: readonly FormatName[] = FORMAT_NAMES,
): void {
  const config = `configs/${chapter}.yaml`;
  describe(chapter, () => {
    let folder: Folder;
    beforeAll(() => {
      folder = new Folder();
    });
    afterAll(() => folder.remove());

    test.each(formats)('ends well in %s, twice the same', async (format) => {
      const words = ['-c', config, '-a', chapter, '-f', format, '--seed', '7'];
      const trace = path.join(folder.path, `${format}.ndjson`);
      const [first, second] = await Promise.all([
        runJson([...words, '--trace', trace]),
        // In another process, which has other addresses, other timing, and has run nothing before.
        runJson(words, {}, parleyAlone),
      ]);
      expect(first).toMatchObject({
        mode: 'offline',
        format,
        seed: 7,
        ok: true,
        exitStatus: 0,
      });
      expectTraceOf(first, trace);
      expect(second.trace_sha256).toBe(first.trace_sha256);
      expect(second.nodes).toEqual(first.nodes);
    });

    test('ends well with real signatures, real delays and another seed', async () => {
      const words = ['-c', config, '-a', chapter, '--signatures', 'ed25519'];
      const result = await runJson([...words, '--latency', '10-50', '--startup-delay', '100']);
      expect(result).toMatchObject({ ok: true, exitStatus: 0 });
      expect(result.virtual_ms).toBeGreaterThan(100);
    });
  });
}

/** Lines of events, and the bytes whose hash was printed. */
export function expectTraceOf(
  result: { readonly trace_sha256: string | null },
  file: string,
): void {
  const written = readFileSync(file);
  expect(result.trace_sha256).toBe(createHash('sha256').update(written).digest('hex'));
  for (const line of written.toString().trimEnd().split('\n')) {
    expect(JSON.parse(line)).toMatchObject({ node: expect.any(String) });
  }
}
