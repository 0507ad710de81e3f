/** A host that is still being made: what is sent to it meanwhile is kept. */

import { messageOf } from '../../core/errors.ts';
import { idleHost, type WorkerHost } from './worker-host.ts';

/** Stands for the host that `make` makes; when it cannot be made, that is its problem. */
export function laterHost<To, From>(
  make: () => Promise<WorkerHost<To, From>>,
): WorkerHost<To, From> {
  let made: WorkerHost<To, From> | undefined;
  let isClosed = false;
  const kept: To[] = [];
  const host = idleHost<To, From>(
    (message) => {
      if (made === undefined) kept.push(message);
      else made.post(message);
    },
    () => {
      isClosed = true;
      made?.close();
    },
  );
  make().then(
    (real) => {
      if (isClosed) return real.close();
      real.onmessage = (message) => host.onmessage(message);
      real.onproblem = (text) => host.onproblem(text);
      real.onsilence = (text) => host.onsilence(text);
      made = real;
      for (const message of kept) real.post(message);
      return undefined;
    },
    (error: unknown) => host.onproblem(messageOf(error)),
  );
  return host;
}
