/** A chapter in the simulator from the command line. */

import { describe, expect, test } from 'vitest';
import type { FormatName } from '../../src/core/result.ts';
import { FORMAT_NAMES } from '../../src/net/format.ts';
import { parleyAlone, runJson } from './cli-process.ts';

/** Declares the tests for a chapter, in some of the formats. */
export function offlineChapter(
  chapter: string,
  formats: readonly FormatName[] = FORMAT_NAMES,
): void {
  const config = `configs/${chapter}.yaml`;
  describe(chapter, () => {
    test.each(formats)('ends well in %s, twice the same', async (format) => {
      const words = ['-c', config, '-a', chapter, '-f', format, '--seed', '7'];
      const [first, second] = await Promise.all([
        runJson(words),
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
