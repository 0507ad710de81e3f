/**
 * States an invariant of our own code and stops the run when it does not hold.
 *
 * Kept in production: a laboratory has to show violations, not to hide them.
 *
 * @param condition what must be true
 * @param invariant the invariant in words, e.g. `'a reply belongs to one request'`
 * @throws {AssertionError} when the condition is false
 */
export function assert(condition: unknown, invariant: string): asserts condition {
  if (!condition) throw new AssertionError(invariant);
}

/** An invariant of Parley itself does not hold: a defect of ours, never of the user's algorithm. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
  constructor(invariant: string) {
    super(`invariant does not hold: ${invariant}`);
  }
}
