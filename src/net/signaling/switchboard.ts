/**
 * The part of a signaling server that is no server: who may join, and who hears what. The server in
 * `signaling-server/` plugs WebSockets into it, the {@link LocalHub} plugs in tabs' own nodes, and
 * so both keep the same rules. It sends through {@link Outlet}s and never waits.
 *
 * Its parts: a {@link Line} is one client's way through it (`line.ts`), a {@link RoomDirectory}
 * keeps the rooms (`room-directory.ts`), a `Room` their rules (`room.ts`).
 */
import { toHex } from '../hex.ts';
import { ClientLine, type Line, type LineContext, type Outlet } from './line.ts';
import { NONCE_BYTES, type ProofVerifier } from './proof.ts';
import type { RoomDirectory } from './room-directory.ts';

/** What makes a switchboard. */
export interface SwitchboardOptions {
  readonly rooms: RoomDirectory;
  /** Judges whether members hold the keys that they show. */
  readonly verify: ProofVerifier;
  /** Whether members without a key are turned away; they are not when absent. */
  readonly requireKey?: boolean;
  /** Draws {@link NONCE_BYTES} random bytes, in hexadecimal. */
  readonly nonce?: () => string;
}

/** Routes what members of the same room say to one another. */
export class Switchboard {
  readonly #context: LineContext;

  constructor({ rooms, verify, requireKey, nonce }: SwitchboardOptions) {
    this.#context = {
      rooms,
      verify,
      requireKey: requireKey ?? false,
      nonce: nonce ?? (() => toHex(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)))),
    };
  }

  /** Plugs in a client. It has joined nothing yet. */
  connect(outlet: Outlet): Line {
    return new ClientLine(outlet, this.#context);
  }
}
