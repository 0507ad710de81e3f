/** Says things in this member's name, each with a number above all that it said before. */

import { fastestSigner, isWeakKey, keyPairFrom, syncSigner } from '../../net/ed25519.ts';
import type { Signer } from '../../core/ports.ts';
import { fromHex, toHex } from '../../net/hex.ts';
import type { Bodies } from './messages.ts';
import { isGenuine, sayAs, type Statement, type StatementKind } from './statement.ts';

/** This member's voice, and its ear for who speaks. */
export class Voice {
  readonly member: string;
  /** In hexadecimal. */
  readonly publicKey: string;
  readonly signer: Signer;
  readonly #room: string;
  #last = 0;

  private constructor(room: string, member: string, publicKey: string, signer: Signer) {
    this.#room = room;
    this.member = member;
    this.publicKey = publicKey;
    this.signer = signer;
  }

  /** @param keyOf the public keys of the members, this one included */
  static async create(
    room: string,
    member: string,
    secretKey: Uint8Array,
    keyOf: (member: string) => Uint8Array | undefined,
  ): Promise<Voice> {
    const pair = keyPairFrom(secretKey);
    const signer = await fastestSigner(pair, (id) => (id === member ? pair.publicKey : keyOf(id)));
    return new Voice(room, member, toHex(pair.publicKey), signer);
  }

  /**
   * Says something. Numbers begin with the clock's, so that they grow over reloads; `above` is what they must exceed besides.
   *
   * @throws {RangeError} when the body is too long
   */
  async say<K extends StatementKind>(
    kind: K,
    body: Bodies[K],
    above = 0,
  ): Promise<Statement & { readonly kind: K }> {
    this.#last = Math.max(this.#last + 1, above + 1, Date.now());
    const { member: by } = this;
    const said = await sayAs(this.signer, this.#room, { by, number: this.#last, kind }, body);
    return { ...said, kind };
  }

  /** Whether it was said with this key, in hexadecimal. */
  hearsWith(statement: Statement, publicKey: string): Promise<boolean> {
    const key = fromHex(publicKey);
    if (isWeakKey(key)) return Promise.resolve(false);
    // A signer that only ever verifies: its own secret is never used.
    const signer = syncSigner({ secretKey: new Uint8Array(32), publicKey: key }, () => key);
    return isGenuine(signer, this.#room, statement);
  }

  /** Whether this was really said by whom it names. */
  hears(statement: Statement): Promise<boolean> {
    return isGenuine(this.signer, this.#room, statement);
  }
}
