import { describe, expect, test, vi } from 'vitest';
import { toHex } from '../../../src/net/hex.ts';
import { verifyProof } from '../../../src/net/signaling/ed25519-proof.ts';
import { LocalRooms } from '../../../src/net/signaling/local-rooms.ts';
import { proofContent, type ProofVerdict } from '../../../src/net/signaling/proof.ts';
import type { ServerMessageOf } from '../../../src/net/signaling/protocol.ts';
import { ROOMS_LIMITS } from '../../../src/net/signaling/room-directory.ts';
import type { JoinRequest } from '../../../src/net/signaling/signaling.ts';
import { Switchboard } from '../../../src/net/signaling/switchboard.ts';
import { deferred } from '../../support/deferred.ts';
import { newKey, tab } from './support.ts';
import { Client, setUp } from './switchboard-client.ts';

describe('a proof', () => {
  test('is asked for before anybody hears of the member, with a nonce of its own', async () => {
    const { switchboard, rooms } = setUp();
    const watcher = new Client(switchboard);
    const nonces: string[] = [];
    for (let index = 0; index < 3; index++) {
      const client = new Client(switchboard, newKey());
      nonces.push((client.last() as ServerMessageOf<'challenge'>).nonce);
      client.line.receive({ type: 'broadcast', payload: 'too early' });
      expect(client.last()).toMatchObject({ code: 'bad-message', message: 'Join a room first.' });
      client.line.close('lost');
    }
    expect(new Set(nonces).size).toBe(3);
    for (const nonce of nonces) expect(nonce).toMatch(/^[0-9a-f]{64}$/);
    expect(rooms.memberCount).toBe(1);
    expect(watcher.messages).toHaveLength(1);
  });

  test('that was made for another connection, member, room or incarnation does not fit', async () => {
    const { switchboard } = setUp();
    const request = tab({ ...newKey(), incarnation: 5 });
    const seen = new Client(switchboard, request);
    const old = await prove(seen, request);
    expect(seen.last()).toMatchObject({ type: 'welcome' });
    const replayed = new Client(switchboard, request);
    replayed.line.receive({ type: 'prove', signature: old });
    await expectRefused(replayed);
    for (const other of [
      { ...request, room: 'OTHER-ROOM' },
      { ...request, member: 'another-member' },
      { ...request, incarnation: 6 },
      { ...request, publicKey: newKey().publicKey },
    ]) {
      const liar = new Client(switchboard, request);
      await prove(liar, other);
      await expectRefused(liar);
    }
    expect(seen.ends).toEqual([]);
  });

  test('is judged once a connection, and not at all without a challenge', async () => {
    const { switchboard, rooms } = setUp();
    const request = tab(newKey());
    const client = new Client(switchboard, request);
    const { nonce } = client.last() as ServerMessageOf<'challenge'>;
    const signature = toHex(await request.sign!(proofContent(nonce, request)));
    client.line.receive({ type: 'prove', signature: '00'.repeat(64) });
    client.line.receive({ type: 'prove', signature });
    expect(client.last()).toMatchObject({ code: 'bad-message' });
    await expectRefused(client);
    client.line.receive({ type: 'prove', signature });
    const keyless = new Client(switchboard);
    keyless.line.receive({ type: 'prove', signature });
    expect(keyless.last()).toMatchObject({ code: 'bad-message' });
    expect(rooms.memberCount).toBe(1);
  });

  test('that is judged after its client went seats nobody', async () => {
    const rooms = new LocalRooms(ROOMS_LIMITS, () => 0);
    const verdict = deferred<ProofVerdict>();
    const switchboard = new Switchboard({ rooms, verify: () => verdict.promise });
    const clients = [new Client(switchboard, newKey()), new Client(switchboard, newKey())];
    for (const { line } of clients) line.receive({ type: 'prove', signature: '00'.repeat(64) });
    clients[0]!.line.close('lost');
    verdict.resolve('proven');
    await vi.waitUntil(() => clients[1]!.line.joined);
    expect(rooms.memberCount).toBe(1);
    expect(clients[0]!.messages).toHaveLength(1);
  });

  test('is required of everybody where keys are', () => {
    const rooms = new LocalRooms(ROOMS_LIMITS, () => 0);
    const switchboard = new Switchboard({ rooms, verify: verifyProof, requireKey: true });
    const keyless = new Client(switchboard);
    expect(keyless.messages).toMatchObject([{ type: 'error', code: 'key-required' }]);
    expect(new Client(switchboard, newKey()).last()).toMatchObject({ type: 'challenge' });
    expect(rooms.roomCount).toBe(0);
  });

  async function prove(client: Client, claim: JoinRequest): Promise<string> {
    const { nonce } = client.last() as ServerMessageOf<'challenge'>;
    const signature = toHex(await claim.sign!(proofContent(nonce, claim)));
    const answers = client.messages.length;
    client.line.receive({ type: 'prove', signature });
    // WebCrypto answers from another thread.
    await vi.waitUntil(() => client.messages.length > answers, { timeout: 10_000 });
    return signature;
  }

  async function expectRefused(client: Client): Promise<void> {
    await vi.waitUntil(() => client.ends.length > 0, { timeout: 10_000 });
    expect(client.last()).toMatchObject({ type: 'error', code: 'bad-proof' });
    expect(client.ends).toEqual([1008]);
  }
});
