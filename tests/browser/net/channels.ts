/** Two negotiations in one page, wired to each other. */

import { negotiate, type Negotiation } from '../../../src/net/simple-peer.ts';
import { deferred } from '../../support/deferred.ts';

/** Both sides of a connection in the making. */
export interface Negotiations {
  readonly left: Negotiation;
  readonly right: Negotiation;
  /** Fulfilled with both reasons when both sides are closed. */
  readonly closed: Promise<readonly [string, string]>;
  close(): void;
}

/** Begins a connection; both channels may be taken in the current task. */
export function negotiateBoth(): Negotiations {
  const reasons = [deferred<string>(), deferred<string>()] as const;
  const left = negotiate(true, [], {
    signal: (data) => right.signal(asText(data)),
    closed: reasons[0].resolve,
  });
  const right: Negotiation = negotiate(false, [], {
    signal: (data) => left.signal(asText(data)),
    closed: reasons[1].resolve,
  });
  return {
    left,
    right,
    closed: Promise.all([reasons[0].promise, reasons[1].promise]),
    close: () => {
      left.close();
      right.close();
    },
  };
}

/** As signaling would carry it. */
function asText(data: unknown): unknown {
  return JSON.parse(JSON.stringify(data)) as unknown;
}
