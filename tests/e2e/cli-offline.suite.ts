/** A chapter in the simulator from the command line, in every way that there is to run it there. */

import { describe, expect, test } from 'vitest';
import { FORMAT_NAMES } from '../../src/net/format.ts';
import { runJson } from './cli-process.ts';

/** Declares the tests for a chapter. */
export function offlineChapter(chapter: string): void {
  const config = `configs/${chapter}.yaml`;
  describe(chapter, () => {
    test.each(FORMAT_NAMES)('ends well in %s, twice the same', async (format) => {
      const words = ['-c', config, '-a', chapter, '-f', format, '--seed', '7'];
      const [first, second] = await Promise.all([runJson(words), runJson(words)]);
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
