/** What a node answers that has asked another one. */

import { Refusal, RemoteError } from '../../src/index.ts';

/**
 * The other's answer. What it refused is refused in its words; where it did not answer, nobody knows what happened.
 *
 * @throws {Refusal} in both cases
 */
export async function passedOn<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof RemoteError && error.code === 'refused') {
      throw new Refusal(error.message.slice(`${error.peer}: `.length), { cause: error });
    }
    const text = error instanceof Error ? error.message : String(error);
    throw new Refusal(`timeout: ${text}`, { cause: error });
  }
}
