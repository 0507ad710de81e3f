/** Statements: believed when the member that they name said just that, in this room; refused otherwise. */

import { describe, expect, test } from 'vitest';
import { keyPairFrom, syncSigner } from '../../../../src/net/ed25519.ts';
import {
  isGenuine,
  sayAs,
  STATEMENT_LENGTH_MAX,
  type Statement,
} from '../../../../src/lab/room/statement.ts';
import { fc } from '../../../support/property.ts';

const ann = keyPairFrom(new Uint8Array(32).fill(1));
const bob = keyPairFrom(new Uint8Array(32).fill(2));
const keys = new Map([
  ['ann-ann-ann', ann.publicKey],
  ['bob-bob-bob', bob.publicKey],
]);
const signer = syncSigner(ann, (member) => keys.get(member));

const said = (body: unknown, number = 7) =>
  sayAs(signer, 'ROOM', { by: 'ann-ann-ann', number, kind: 'choice' }, body);
const isBelieved = (statement: Statement, room = 'ROOM') => isGenuine(signer, room, statement);

describe('a statement', () => {
  test('is believed, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (body) => {
        const statement = await said(body);
        // It travels as JSON.
        const arrived = JSON.parse(JSON.stringify(statement)) as Statement;
        expect(await isBelieved(arrived)).toBe(true);
        expect(JSON.stringify(JSON.parse(arrived.text))).toBe(JSON.stringify(body));
      }),
    );
  });

  test('is refused in another room, from another member, as another kind, with another number or text', async () => {
    const statement = await said({ algorithm: 'echo' });
    expect(await isBelieved(statement)).toBe(true);
    expect(await isBelieved(statement, 'OTHER')).toBe(false);
    for (const change of [
      { by: 'bob-bob-bob' },
      { by: 'nobody-here' },
      { kind: 'control' as const },
      { number: 8 },
      { text: '{"algorithm":"bracha"}' },
      { text: '{"algorithm": "echo"}' },
      { signature: '00'.repeat(64) },
    ]) {
      expect(await isBelieved({ ...statement, ...change }), JSON.stringify(change)).toBe(false);
    }
  });

  test('with half a surrogate pair is refused and nothing is thrown', async () => {
    const statement = await said('fine');
    expect(await isBelieved({ ...statement, text: '"\ud800"' })).toBe(false);
  });

  test('that is too long is not made', async () => {
    await expect(said('x'.repeat(STATEMENT_LENGTH_MAX))).rejects.toThrow(/at most/);
  });
});
