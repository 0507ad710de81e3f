/** Tabs that join a room and record what they hear; for Node and browsers alike. */

import { newKeyPair } from '../../src/net/ed25519.ts';
import { provenBy } from '../../src/net/signaling/ed25519-proof.ts';
import type { JoinRequest, Signaling, SignalingEvents } from '../../src/net/signaling/signaling.ts';

/** A join request of a tab nobody else is. */
export function tab(changes: Partial<JoinRequest> = {}): JoinRequest {
  return {
    room: 'TEST-ROOM',
    member: `member-${crypto.randomUUID().slice(0, 13)}`,
    token: crypto.randomUUID(),
    incarnation: 1,
    ...changes,
  };
}

/** A new key, as a join request shows and proves it. */
export function newKey(): Required<Pick<JoinRequest, 'publicKey' | 'sign'>> {
  return provenBy(newKeyPair().secretKey);
}

type Name = keyof SignalingEvents;
const EVENT_NAMES: readonly Name[] = [
  'joined',
  'left',
  'signal',
  'broadcast',
  'relay',
  'relayDrained',
  'state',
  'problem',
];
type Recorded = { [N in Name]: { name: N; event: SignalingEvents[N] } }[Name];

/** Everything a signaling reports, from now on. */
export class Recording {
  readonly events: Recorded[] = [];
  #waiting: (() => void)[] = [];

  constructor(signaling: Signaling) {
    for (const name of EVENT_NAMES) {
      signaling.on(name, (event) => {
        this.events.push({ name, event } as Recorded);
        const waiting = this.#waiting;
        this.#waiting = [];
        for (const wake of waiting) wake();
      });
    }
  }

  /** The events of one name so far. */
  all<N extends Name>(name: N): SignalingEvents[N][] {
    return this.events.filter((entry) => entry.name === name).map((entry) => entry.event) as never;
  }

  /** The first event that matches, which may have been already. */
  async until<N extends Name>(
    name: N,
    matches: (event: SignalingEvents[N]) => boolean = () => true,
  ): Promise<SignalingEvents[N]> {
    for (;;) {
      const found = this.all(name).find(matches);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

/** A tab that joined, with everything it heard. */
export interface Joined {
  readonly signaling: Signaling;
  readonly heard: Recording;
  readonly request: JoinRequest;
}

/** Joins with a recording from the start. */
export async function joinTab(
  signaling: Signaling,
  changes: Partial<JoinRequest> = {},
): Promise<Joined> {
  const heard = new Recording(signaling);
  const request = tab(changes);
  await signaling.join(request);
  return { signaling, heard, request };
}

/**
 * Waits until everything that was said to `to` before has arrived, because what is said last
 * arrives last. Afterwards what was not heard will not be heard.
 */
export async function settle(from: Signaling, to: Joined): Promise<void> {
  const fence = crypto.randomUUID();
  from.signal(to.request.member, { fence });
  await to.heard.until('signal', ({ payload }) => fenceOf(payload) === fence);
}

function fenceOf(payload: unknown): unknown {
  return (payload as { fence?: unknown } | null)?.fence;
}
