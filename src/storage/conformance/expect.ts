/** What cases say of what they found. No test framework: the suite runs in any. */

import { equalValues } from '../../core/canonical.ts';
import { messageOf } from '../../core/errors.ts';
import { isSigned } from '../../core/signed.ts';

/** A promise of a storage does not hold. */
export class ConformanceError extends Error {
  override readonly name = 'ConformanceError';
}

/** Both are the same value. @throws {ConformanceError} */
export function expectEqual(actual: unknown, expected: unknown, what: string): void {
  const both = [actual, expected].map((value) => (value === undefined ? ['absent'] : [0, value]));
  if (equalValues(both[0], both[1])) return;
  throw new ConformanceError(`${what}: found ${print(actual)} instead of ${print(expected)}`);
}

/** It fails with an error of one of these names. @returns the error @throws {ConformanceError} */
export async function expectFailure(
  promise: Promise<unknown>,
  names: readonly string[],
  what: string,
): Promise<Error> {
  let result: unknown;
  try {
    result = await promise;
  } catch (error) {
    if (error instanceof Error && names.includes(error.name)) return error;
    const name = error instanceof Error ? error.name : typeof error;
    throw new ConformanceError(`${what}: failed with ${name}: ${messageOf(error)}`, {
      cause: error,
    });
  }
  throw new ConformanceError(
    `${what}: gave ${print(result)} instead of failing with ${names.join(' or ')}`,
  );
}

/** Whether a text mentions something. @throws {ConformanceError} */
export function expectMention(text: string, part: string, what: string): void {
  if (!text.includes(part)) {
    throw new ConformanceError(`${what}: '${text}' does not name '${part}'`);
  }
}

function print(value: unknown): string {
  if (value === undefined) return 'nothing';
  const plain = (_key: string, part: unknown): unknown => {
    if (part instanceof Uint8Array) return `bytes ${Array.from(part).join(' ')}`;
    return isSigned(part) ? 'a signed value' : part;
  };
  const text = JSON.stringify(value, plain);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
