/** How long a node may take to stop, before it is ended. */

/** Milliseconds for a worker to hear that it is to stop: one whose code never yields hears nothing, and is ended. */
export const STOP_HEARD_MS = 3_000;

/** Milliseconds to give its result, for a worker that has heard: a busy machine and a slow disk take their time. */
export const STOP_GRACE_MS = 20_000;

/** Milliseconds after which a page has said in any case what became of a node that it was to stop; what is missing then does not come. */
export const STOP_ANSWER_MS = STOP_HEARD_MS + STOP_GRACE_MS + 2_000;
