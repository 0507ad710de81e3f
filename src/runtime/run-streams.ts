/**
 * The random streams of one simulated run. From a moment on they can be those of another seed: what has happened stays, and what
 * comes is another of the runs that could have come.
 */

import { Random } from '../core/random.ts';

/** Makes streams by name. */
export class RunStreams {
  #seed: number;
  readonly #made: (readonly [stream: Random, name: string])[] | undefined;

  /** @param mayChange true when {@link reseed} will be called: then every stream is remembered */
  constructor(seed: number, mayChange: boolean = false) {
    this.#seed = seed;
    this.#made = mayChange ? [] : undefined;
  }

  /** The stream of a concern. */
  stream(name: string): Random {
    const stream = Random.stream(this.#seed, name);
    this.#made?.push([stream, name]);
    return stream;
  }

  /** All streams, those that were made before and those to come, go on as those of another seed. */
  reseed(seed: number): void {
    this.#seed = seed;
    for (const [stream, name] of this.#made ?? []) stream.become(Random.stream(seed, name));
  }
}
