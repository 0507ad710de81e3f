/** The limits of relayed links, each with its reason. */

/** Characters of an attempt's name; ours are two numbers. */
export const ATTEMPT_LENGTH_MAX = 64;

/**
 * Bytes of `gossip` that may be under way to the other end: a quarter of what the other classes have, so that it is the first to be told
 * that there is no room when the relay is slow, and is left out then.
 */
export const GOSSIP_WINDOW_BYTES = 16 * 1024;

/** Bytes of a reason: a sentence for people. */
export const REASON_BYTES_MAX = 400;

/** Beginnings of links that wait until this side begins as well, of all members together: a run makes 64 links a node. */
export const EARLY_MAX = 128;

/** The same of one member: it may begin anew a few times before this side has begun once. */
export const EARLY_PER_MEMBER_MAX = 8;
