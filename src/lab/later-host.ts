/** A host of a simulation that is still being made: what is sent to it meanwhile is kept. */

import { messageOf } from '../core/errors.ts';
import type { SimulationHost } from './simulate.ts';

/** Stands for the host that `make` makes; when it cannot be made, that is the problem of the run. */
export function laterHost(make: () => Promise<SimulationHost>): SimulationHost {
  let made: SimulationHost | undefined;
  let isClosed = false;
  const kept: Parameters<SimulationHost['post']>[0][] = [];
  const host: SimulationHost = {
    onmessage: () => {},
    onproblem: () => {},
    post(message) {
      if (made === undefined) kept.push(message);
      else made.post(message);
    },
    close() {
      isClosed = true;
      made?.close();
    },
  };
  make().then(
    (real) => {
      if (isClosed) return real.close();
      real.onmessage = (message) => host.onmessage(message);
      real.onproblem = (text) => host.onproblem(text);
      made = real;
      for (const message of kept) real.post(message);
      return undefined;
    },
    (error: unknown) => host.onproblem(messageOf(error)),
  );
  return host;
}
