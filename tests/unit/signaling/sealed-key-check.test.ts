/** Whether a key is the one of the room: said at once, to those who may know, and at no use for guessing. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newRoomKey } from '../../../src/net/rooms/room-key.ts';
import { KEY_STATE_TEXTS, REFUSALS_MAX } from '../../../src/net/signaling/sealed-key-check.ts';
import { SealedSignaling } from '../../../src/net/signaling/sealed-signaling.ts';
import { Carrier } from './carrier.ts';
import { keyState, kindOf, SealedRoom } from './sealed-room.ts';
import { tab } from './support.ts';

let room: SealedRoom;
beforeEach(() => {
  room = new SealedRoom();
});
afterEach(() => room.hub.close());

describe('the check of a key', () => {
  test('is not possible while nobody is there, and succeeds when somebody comes with the same', async () => {
    const ada = await room.join();
    expect(ada.signaling.keyState).toBe('alone');
    expect(KEY_STATE_TEXTS.alone).toContain('Nobody is here yet');
    const bob = await room.join();
    await Promise.all([keyState(ada, 'confirmed'), keyState(bob, 'confirmed')]);
    expect(bob.keyStates).toEqual(['asking', 'confirmed']);
    expect(ada.keyStates).toEqual(['alone', 'confirmed']);
    expect([ada.heard.all('problem'), bob.heard.all('problem')]).toEqual([[], []]);
  });

  test('says at once that a key or passphrase is wrong', async () => {
    const [ada, bob] = [await room.join(), await room.join()];
    const eve = await room.join({}, { roomKey: newRoomKey() });
    const problem = await eve.heard.until('problem', ({ code }) => code === 'wrong-key');
    expect(problem.message).toContain('The key or passphrase is not the one of this room');
    expect(eve.keyStates).toEqual(['asking', 'wrong']);
    // Both have the right one, and are not told otherwise by one who has not.
    expect([ada, bob].map(({ signaling }) => signaling.keyState)).toEqual([
      'confirmed',
      'confirmed',
    ]);
    eve.signaling.broadcast('what is going on?');
    await ada.heard.until('problem', ({ code }) => code === 'other-key');
    expect(ada.signaling.keyState).toBe('confirmed');
  });

  test('needs no answer where something opens, or things of several members do not', async () => {
    const [ada, bob] = [await room.join(), await room.join()];
    const deaf = (payload: unknown) => kindOf(payload) !== 'key-verdict';
    const [carol, eve] = [
      await room.join({}, { passes: deaf }),
      await room.join({}, { roomKey: newRoomKey(), passes: deaf }),
    ];
    ada.signaling.broadcast('first');
    await keyState(carol, 'confirmed');
    await eve.heard.until('problem', ({ code }) => code === 'other-key');
    expect(eve.signaling.keyState).toBe('asking');
    bob.signaling.broadcast('second');
    await keyState(eve, 'wrong');
    expect(eve.heard.all('broadcast')).toEqual([]);
  });

  test('does not listen to those who were not asked', async () => {
    const ada = await room.join();
    const deaf = (payload: unknown) => kindOf(payload) !== 'key-verdict';
    const bob = await room.join({}, { passes: deaf });
    const nonce = btoa('n'.repeat(16));
    for (let index = 0; index < 3; index++) {
      const { request } = await room.stranger();
      const verdict = { parley: 'key-verdict', check: nonce, nonce };
      bob.carrier.show('signal', { from: request.member, fromIncarnation: 1, payload: verdict });
      bob.carrier.show('signal', {
        from: ada.request.member,
        fromIncarnation: 1,
        payload: verdict,
      });
    }
    expect(bob.signaling.keyState).toBe('asking');
  });

  test('believes no single member that says no, if another says yes', async () => {
    const typo = await room.join({}, { roomKey: newRoomKey() });
    const [ada, bob] = [await room.join(), await room.join()];
    await Promise.all([keyState(ada, 'confirmed'), keyState(bob, 'confirmed')]);
    // She had nobody else to ask at first; Bob's question was her answer.
    expect(ada.keyStates).toEqual(['asking', 'wrong', 'confirmed']);
    expect(typo.signaling.keyState).toBe('alone');
  });

  test('that nobody answers says so', async () => {
    await room.stranger();
    const ada = await room.join({}, { timing: { answerMs: 1 } });
    await keyState(ada, 'unanswered');
    expect(KEY_STATE_TEXTS.unanswered).toContain('wait a minute');
    expect(ada.heard.all('problem')).toEqual([]);
  });

  test('tells few of those who guess that they are wrong, and whoever is right always', async () => {
    const ada = await room.join();
    const guesses = await Promise.all(
      Array.from({ length: REFUSALS_MAX + 3 }, () =>
        room.join({}, { roomKey: newRoomKey(), timing: { answerMs: 100 } }),
      ),
    );
    const heardByAda = () => ada.carrier.carried.map(({ event }) => kindOf(event.payload));
    while (heardByAda().length < guesses.length) await new Promise(setImmediate);
    const answers = guesses.map(async ({ carrier, request }) => {
      ada.carrier.signal(request.member, { parley: 'fence' });
      const fromAda = () =>
        carrier.carried
          .filter(({ event: { from } }) => from === ada.request.member)
          .map(({ event }) => kindOf(event.payload));
      while (!fromAda().includes('fence')) await new Promise(setImmediate);
      return fromAda().filter((kind) => kind === 'key-verdict');
    });
    expect((await Promise.all(answers)).flat()).toHaveLength(REFUSALS_MAX);
    const bob = await room.join();
    await keyState(bob, 'confirmed');
  });

  test('gives a stranger nothing to try passphrases on', async () => {
    const ada = await room.join();
    const eve = await room.stranger();
    const nonce = btoa('n'.repeat(16));
    eve.signaling.signal(ada.request.member, {
      parley: 'key-check',
      nonce,
      proof: btoa('p'.repeat(32)),
    });
    const { payload } = await eve.heard.until('signal');
    expect(payload).toEqual({
      parley: 'key-verdict',
      check: nonce,
      nonce: expect.any(String) as string,
    });
  });

  test('believes no verdict that was made for another question, another member or by nobody', async () => {
    const [ada, bob] = [await room.join(), await room.join()];
    await keyState(bob, 'confirmed');
    const { event } = bob.carrier.carried.find(({ event: { payload } }) => {
      return (payload as { parley: string }).parley === 'key-verdict';
    })!;
    const carrier = new Carrier(room.hub.connect());
    carrier.passes = () => false;
    const eve = new SealedSignaling(carrier, newRoomKey());
    await eve.join(tab());
    const verdict = event.payload as { check: string; nonce: string; proof: string };
    const show = (payload: unknown) =>
      carrier.show('signal', { from: ada.request.member, fromIncarnation: 1, payload });
    show(verdict);
    while (carrier.carried.length < 2) await new Promise(setImmediate);
    expect(eve.keyState).toBe('asking');
    const { check } = carrier.carried[0]!.event.payload as { check: string };
    show({ ...verdict, check });
    show({ ...verdict, check, proof: btoa('x'.repeat(32)) });
    expect(eve.keyState).not.toBe('confirmed');
  });
});
