/** What is decided while a wave is out. */

/** Rules of {@link Echo}. */
export const rules = { gather, isAnswer };

/** Waits for the calls: for all of them. */
function gather(calls: readonly Promise<void>[]): Promise<unknown> {
  return Promise.all(calls);
}

/** Whether a call that ended with this error, or without one, was answered. */
function isAnswer(error: Error | undefined): boolean {
  return error === undefined;
}
