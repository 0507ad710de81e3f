/** Members who say things, for tests. */

import { keyPairFrom, syncSigner } from '../../../../src/net/ed25519.ts';
import { toHex } from '../../../../src/net/hex.ts';
import type { Bodies } from '../../../../src/lab/room/messages.ts';
import { sayAs, type Statement, type StatementKind } from '../../../../src/lab/room/statement.ts';

/** The room that they speak in. */
export const CODE = 'ROOM23';

/** Somebody with a key. */
export class Speaker {
  readonly member: string;
  /** In hexadecimal. */
  readonly key: string;
  readonly #pair: ReturnType<typeof keyPairFrom>;
  #last = 0;

  constructor(member: string, seed: number) {
    this.member = member;
    this.#pair = keyPairFrom(new Uint8Array(32).fill(seed));
    this.key = toHex(this.#pair.publicKey);
  }

  /** Signs something. */
  says<K extends StatementKind>(kind: K, body: Bodies[K], number?: number): Promise<Statement> {
    this.#last = number ?? this.#last + 1;
    const signer = syncSigner(this.#pair, () => undefined);
    return sayAs(signer, CODE, { by: this.member, number: this.#last, kind }, body);
  }
}
