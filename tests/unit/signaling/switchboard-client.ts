/** A switchboard without sockets, and clients that keep everything that it tells them. */
import { verifyProof } from '../../../src/net/signaling/ed25519-proof.ts';
import type { Line } from '../../../src/net/signaling/line.ts';
import { LocalRooms } from '../../../src/net/signaling/local-rooms.ts';
import type { ServerMessage } from '../../../src/net/signaling/protocol.ts';
import { ROOMS_LIMITS } from '../../../src/net/signaling/room-directory.ts';
import type { JoinRequest } from '../../../src/net/signaling/signaling.ts';
import { Switchboard } from '../../../src/net/signaling/switchboard.ts';
import { joinFrame, tab } from './support.ts';

/** A client of which every message and its end are kept. */
export class Client {
  readonly messages: ServerMessage[] = [];
  readonly ends: number[] = [];
  readonly line: Line;
  readonly request: JoinRequest;

  constructor(switchboard: Switchboard, changes: Partial<JoinRequest> = {}) {
    this.request = tab(changes);
    this.line = switchboard.connect({
      deliver: (message) => this.messages.push(message),
      end: (code) => this.ends.push(code),
    });
    this.line.receive(joinFrame(this.request));
  }

  last(): ServerMessage | undefined {
    return this.messages.at(-1);
  }
}

/** A switchboard over rooms whose clock stands still. */
export function setUp(limits: Partial<typeof ROOMS_LIMITS> = {}): {
  switchboard: Switchboard;
  rooms: LocalRooms;
  clock: { nowMs: number };
} {
  const clock = { nowMs: 1_000 };
  const rooms = new LocalRooms({ ...ROOMS_LIMITS, ...limits }, () => clock.nowMs);
  return { switchboard: new Switchboard({ rooms, verify: verifyProof }), rooms, clock };
}
