/** The two ways in which a command can fail that are nobody's defect, and the exit status of each. */

/** Exit statuses of the command line, part of its contract. */
export const EXIT_STATUS = {
  /** Everything ended as it should. */
  ok: 0,
  /** A node failed, departed or timed out, an invariant broke, or the machine lacks something. */
  failed: 1,
  /** Bad usage or a configuration that cannot run. */
  usage: 2,
} as const;

/** The command, a file it names or a configuration is wrong. The message says what, where, and what was probably meant. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** This machine lacks something: a browser, a free port, a server that answers. The message says what to do. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}
