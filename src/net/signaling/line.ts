/**
 * One client's way through a switchboard: it asks for a seat, proves its key if it shows one, has
 * its seat, and loses it. What it says is held against where it stands.
 */
import type { ProofVerdict, ProofVerifier } from './proof.ts';
import { proofContent } from './proof.ts';
import {
  CLOSE_CODES,
  type ClientMessage,
  type CloseCode,
  type ErrorCode,
  type JoinMessage,
  type MemberDescription,
  type ServerMessage,
} from './protocol.ts';
import type { Guest, RoomDirectory, Seat } from './room-directory.ts';

/**
 * How the switchboard reaches one client. None of this may throw, nor close its line before it
 * returns: an announcement may be half way through a room.
 */
export interface Outlet {
  /** Sends one message. */
  deliver(message: ServerMessage): void;
  /** Ends the connection after what was delivered. Closing its line later does no harm. */
  end(code: CloseCode): void;
  /**
   * Asked before a join is looked into, its proof judged and its room looked up; false when the
   * client asked too often. Without it every client is admitted.
   */
  admit?(): boolean;
}

/** One client's connection to the switchboard. */
export interface Line {
  /** Whether it is in a room. */
  readonly joined: boolean;
  /** How many others a broadcast would reach now. */
  readonly audience: number;
  /** Takes one verified message of this client. */
  receive(message: ClientMessage): void;
  /** The client is gone; the others hear it at once. */
  close(reason: 'closed' | 'lost'): void;
}

/** What all lines of a switchboard share. */
export interface LineContext {
  readonly rooms: RoomDirectory;
  readonly verify: ProofVerifier;
  /** 32 fresh random bytes, in hexadecimal. */
  readonly nonce: () => string;
  readonly requireKey: boolean;
}

type Standing =
  | { readonly at: 'door' }
  | { readonly at: 'challenge'; readonly request: JoinMessage; readonly nonce: string }
  | { readonly at: 'verification' | 'entrance' }
  | { readonly at: 'seat'; readonly seat: Seat }
  | { readonly at: 'end'; readonly reason: 'left' | 'closed' | 'lost' };

/** A line, and the guest that its room knows. */
export class ClientLine implements Line, Guest {
  readonly #outlet: Outlet;
  readonly #context: LineContext;
  #standing: Standing = { at: 'door' };

  constructor(outlet: Outlet, context: LineContext) {
    this.#outlet = outlet;
    this.#context = context;
  }

  get joined(): boolean {
    return this.#standing.at === 'seat';
  }

  get audience(): number {
    return this.#standing.at === 'seat' ? this.#standing.seat.audience : 0;
  }

  receive(message: ClientMessage): void {
    switch (message.type) {
      case 'join':
        return this.#join(message);
      case 'prove':
        return this.#prove(message.signature);
      case 'ping':
        return this.#outlet.deliver({ type: 'pong' });
      case 'leave':
        this.#leave('left');
        return this.#outlet.end(CLOSE_CODES.done);
      case 'signal':
      case 'broadcast':
      case 'relay':
        if (this.#standing.at === 'seat') return this.#standing.seat.say(message);
        return this.#complain('bad-message', 'Join a room first.');
    }
  }

  close(reason: 'closed' | 'lost'): void {
    this.#leave(reason);
  }

  seated(seat: Seat, you: MemberDescription, others: readonly MemberDescription[]): void {
    const standing = this.#standing;
    if (standing.at === 'end') {
      // It went while its seat was made ready, and the room is just announcing it.
      return queueMicrotask(() => seat.leave(standing.reason));
    }
    this.#standing = { at: 'seat', seat };
    this.#outlet.deliver({ type: 'welcome', you, members: [...others] });
  }

  refused(code: ErrorCode, message: string): void {
    if (this.#standing.at === 'end') return;
    this.#standing = { at: 'door' };
    this.#complain(code, message);
  }

  told(message: ServerMessage): void {
    if (this.#standing.at === 'seat') this.#outlet.deliver(message);
  }

  superseded(): void {
    const message = 'This tab was opened or reloaded elsewhere and continues there.';
    this.#end('superseded', message, CLOSE_CODES.superseded);
  }

  evicted(message: string): void {
    this.#end('unavailable', message, CLOSE_CODES.tryAgainLater);
  }

  #join(request: JoinMessage): void {
    const { at } = this.#standing;
    if (at !== 'door') {
      const what = at === 'seat' || at === 'end' ? 'has joined' : 'is joining';
      return this.#complain('bad-message', `This connection ${what} a room already.`);
    }
    if (this.#outlet.admit?.() === false) {
      const message =
        'Too many joins from your address, or too many of rooms that do not exist. Check the ' +
        'code, and try again in a minute.';
      return this.#complain('rate-limited', message);
    }
    if (request.publicKey !== undefined) {
      const nonce = this.#context.nonce();
      this.#standing = { at: 'challenge', request, nonce };
      return this.#outlet.deliver({ type: 'challenge', nonce });
    }
    if (this.#context.requireKey) {
      const message = 'This server admits only members that show a key and prove it. Show one.';
      return this.#complain('key-required', message);
    }
    this.#enter(request);
  }

  #prove(signature: string): void {
    if (this.#standing.at !== 'challenge') {
      return this.#complain('bad-message', 'Nothing is to be proven here: join with a key first.');
    }
    const { request, nonce } = this.#standing;
    // A nonce is good for one proof, whatever becomes of it.
    this.#standing = { at: 'verification' };
    const verdict = this.#context.verify(
      request.publicKey!,
      proofContent(nonce, request),
      signature,
    );
    if (typeof verdict === 'string') return this.#judged(request, verdict);
    void verdict.then((later) => this.#judged(request, later));
  }

  #judged(request: JoinMessage, verdict: ProofVerdict): void {
    if (this.#standing.at !== 'verification') return;
    if (verdict === 'proven') return this.#enter(request);
    const why =
      verdict === 'weak'
        ? 'is of small order: anybody could sign for it. Make a new one.'
        : 'was not proven: the signature over the challenge does not fit it. Join again; if that ' +
          'does not help, reload the page.';
    // One guess a connection: to judge one costs more than to make it.
    this.#end('bad-proof', `The key of member ${request.member} ${why}`, CLOSE_CODES.policy);
  }

  #enter(request: JoinMessage): void {
    this.#standing = { at: 'entrance' };
    this.#context.rooms.join(request, this);
  }

  #leave(reason: 'left' | 'closed' | 'lost'): void {
    const standing = this.#standing;
    if (standing.at === 'end') return;
    this.#standing = { at: 'end', reason };
    if (standing.at === 'seat') standing.seat.leave(reason);
  }

  #end(code: ErrorCode, message: string, closeCode: CloseCode): void {
    if (this.#standing.at === 'end') return;
    this.#standing = { at: 'end', reason: 'closed' };
    this.#complain(code, message);
    this.#outlet.end(closeCode);
  }

  #complain(code: ErrorCode, message: string): void {
    this.#outlet.deliver({ type: 'error', code, message });
  }
}
