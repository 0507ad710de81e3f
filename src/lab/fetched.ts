/** Code of this page that is loaded when it is asked for. */

/**
 * Says what to do when a part of the page cannot be fetched, where the browser says only which file it was.
 *
 * @throws {Error} when it could not be fetched
 */
export async function fetched<T>(part: Promise<T>): Promise<T> {
  try {
    return await part;
  } catch (error) {
    // Browsers reject with a TypeError of their own wording; what a module throws by itself is passed on.
    if (!(error instanceof TypeError)) throw error;
    throw new Error(
      'a part of this page could not be fetched, because its server does not answer. Start it again ' +
        '(npm start), or check the network; then try once more.',
      { cause: error },
    );
  }
}
