/**
 * How statements get from member to member: over the link to a member where there is one, and through signaling where there is none, or none
 * yet. Which way one came does not matter to who believes it, as it is signed.
 */

import type { Value } from '../../core/value.ts';
import type { SendOutcome, Signaling } from '../../net/signaling/signaling.ts';
import type { MemberLinks } from './member-links.ts';
import { payloadOf } from './messages.ts';
import type { Statement } from './statement.ts';

/** Characters of statements in one message of signaling, which takes 128 KiB with everything around and escaped. */
const PAYLOAD_LENGTH_MAX = 64 * 1024;

/** Statements in one message. */
const PAYLOAD_STATEMENTS_MAX = 64;

/** Sends statements. */
export class RoomWire {
  readonly #signaling: Signaling;
  readonly #links: MemberLinks | undefined;
  readonly #failed: (problem: string) => void;

  /** `failed` hears why something could not be sent at all. */
  constructor(
    signaling: Signaling,
    links: MemberLinks | undefined,
    failed: (problem: string) => void,
  ) {
    this.#signaling = signaling;
    this.#links = links;
    this.#failed = failed;
  }

  /** Tells one member. */
  tell(to: string, statements: readonly Statement[]): void {
    const isOpen = this.#links?.wayTo(to) !== undefined;
    for (const part of parts(statements)) {
      const isTaken = this.#links?.send(to, valueOf(part)) ?? false;
      // A link that broke may never come back. What arrives twice is known the second time.
      if (isTaken === false || !isOpen)
        this.#signal((payload) => this.#signaling.signal(to, payload), part);
    }
  }

  /** Tells everybody, one by one. */
  tellEach(members: Iterable<string>, statements: readonly Statement[]): void {
    for (const member of members) this.tell(member, statements);
  }

  /** Tells everybody through signaling: where there is no hub yet. */
  broadcast(statements: readonly Statement[]): void {
    for (const part of parts(statements)) {
      this.#signal((payload) => this.#signaling.broadcast(payload), part);
    }
  }

  /** Over the link alone, and not at all without one; a promise is fulfilled when the member has room for more. */
  stream(to: string, statement: Statement): Promise<void> | boolean {
    return this.#links?.send(to, valueOf([statement])) ?? false;
  }

  #signal(send: (payload: unknown) => SendOutcome, part: readonly Statement[]): void {
    try {
      // Queued is fine, and full or closed shows itself: signaling says what is wrong with it.
      send(payloadOf(part));
    } catch (error) {
      this.#failed((error as Error).message);
    }
  }
}

function valueOf(statements: readonly Statement[]): Value {
  return payloadOf(statements);
}

/** Cuts statements into messages. */
function* parts(statements: readonly Statement[]): Iterable<readonly Statement[]> {
  let part: Statement[] = [];
  let length = 0;
  for (const statement of statements) {
    const isFull = length + statement.text.length > PAYLOAD_LENGTH_MAX;
    if (part.length > 0 && (isFull || part.length === PAYLOAD_STATEMENTS_MAX)) {
      yield part;
      part = [];
      length = 0;
    }
    part.push(statement);
    length += statement.text.length;
  }
  if (part.length > 0) yield part;
}
