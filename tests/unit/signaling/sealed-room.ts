/** A closed room of one process, with members who hold its key and others who do not. */

import { newRoomKey } from '../../../src/net/rooms/room-key.ts';
import { LocalHub } from '../../../src/net/signaling/hub.ts';
import type { KeyState } from '../../../src/net/signaling/sealed-key-check.ts';
import {
  SealedSignaling,
  type SealedSignalingOptions,
} from '../../../src/net/signaling/sealed-signaling.ts';
import type { JoinRequest } from '../../../src/net/signaling/signaling.ts';
import { Carrier } from './carrier.ts';
import { joinTab, Recording, tab, type Joined } from './support.ts';

/** A member behind a carrier. */
export interface SealedMember extends Joined {
  readonly signaling: SealedSignaling;
  readonly carrier: Carrier;
  readonly keyStates: KeyState[];
}

/** What may be different about a member. */
export interface MemberOptions extends SealedSignalingOptions {
  readonly roomKey?: Uint8Array;
  readonly passes?: Carrier['passes'];
}

/** One room. */
export class SealedRoom {
  readonly hub = new LocalHub();
  readonly #key = newRoomKey();

  /** A member, with the room's key unless another is given. */
  async join(
    changes: Partial<JoinRequest> = {},
    options: MemberOptions = {},
  ): Promise<SealedMember> {
    const carrier = new Carrier(this.hub.connect());
    carrier.passes = options.passes ?? carrier.passes;
    const signaling = new SealedSignaling(carrier, options.roomKey ?? this.#key, options);
    const heard = new Recording(signaling);
    const keyStates: KeyState[] = [];
    signaling.on('key', ({ state }) => keyStates.push(state));
    const request = tab(changes);
    await signaling.join(request);
    return { signaling, heard, request, carrier, keyStates };
  }

  /** Somebody who entered without the key, or knows what it does. */
  stranger(changes: Partial<JoinRequest> = {}): Promise<Joined> {
    return joinTab(this.hub.connect(), changes);
  }
}

/** Fulfilled when a member knows this of its key. */
export async function keyState({ signaling }: SealedMember, state: KeyState): Promise<void> {
  while (signaling.keyState !== state) {
    await new Promise<void>((resolve) => {
      const stop = signaling.on('key', () => {
        stop();
        resolve();
      });
    });
  }
}

/** What kind of message a payload is. */
export function kindOf(payload: unknown): unknown {
  return (payload as { parley?: unknown }).parley;
}
