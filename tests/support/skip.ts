/**
 * Tests that this machine cannot run: the only way to skip, because it says why.
 *
 *     const missing = existsSync(vectors) ? undefined : `there is no ${vectors}`;
 *     testUnless(missing)('accepts the published vectors', () => { … });
 *
 * The reason becomes part of the test's name, and tests/run.js lists it at the end of a run.
 */

import { describe, test, type TestContext } from 'vitest';

type TestBody = (context: TestContext) => void | Promise<void>;
type GroupBody = () => void | Promise<void>;

/** `test`, or a test that is skipped and says why. */
export function testUnless(
  reason: string | undefined,
): (name: string, body: TestBody, timeoutMs?: number) => void {
  return (name, body, timeoutMs) => {
    test.skipIf(reason !== undefined)(withReason(name, reason), body, timeoutMs);
  };
}

/** `describe`, or a group whose tests are skipped and say why. */
export function describeUnless(
  reason: string | undefined,
): (name: string, body: GroupBody) => void {
  return (name, body) => {
    describe.skipIf(reason !== undefined)(withReason(name, reason), body);
  };
}

function withReason(name: string, reason: string | undefined): string {
  return reason === undefined ? name : `${name} — ${reason}`;
}
