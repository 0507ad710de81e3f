/** The identity proof over a relayed link: it stands on the link's keys as it stands on certificates elsewhere. */

import { expect, test } from 'vitest';
import { fromBase64, toBase64 } from '../../../../src/net/base64.ts';
import { eachClass } from '../../../../src/net/channel.ts';
import { newKeyPair, syncSigner } from '../../../../src/net/ed25519.ts';
import { Handshake } from '../../../../src/net/handshake.ts';
import { RelayKeyPair, type RelayCipher } from '../../../../src/net/relay/relay-cipher.ts';
import { RelayHub } from '../../../../src/net/relay/relay-hub.ts';
import { PACKET_KIND, packetOf, readPacket } from '../../../../src/net/relay/relay-packet.ts';
import { Wire, type Side, type Tamper } from './wire.ts';

const pairs = { n1: newKeyPair(), n2: newKeyPair() };
const keyOf = (id: string) => pairs[id as 'n1' | 'n2'].publicKey;

/** What the proof of one side comes to. */
function prove(wire: Wire, side: Side): Promise<string> {
  const [own, other, far]: ['n1' | 'n2', string, Side] =
    side === 'left' ? ['n1', 'n2', 'right'] : ['n2', 'n1', 'left'];
  return new Promise((resolve) => {
    const handshake: Handshake = new Handshake(
      {
        room: '7KQ2MX',
        runId: 'run',
        self: { id: own, incarnation: 1 },
        other: { id: other, incarnation: 1 },
        arrived: { control: 0, data: 0 },
        frameAuth: 'signature',
        signer: syncSigner(pairs[own], keyOf),
        membershipKey: undefined,
        nonce: crypto.getRandomValues(new Uint8Array(32)),
      },
      {
        send: (frame) => void link.channels.control.send(frame),
        proven: () => resolve('proven'),
        failed: resolve,
      },
    );
    const idle = eachClass(() => ({ frame: () => {}, closed: () => {} }));
    const control = {
      open: () => handshake.begin(),
      frame: (frame: Uint8Array) => handshake.take(frame),
      closed: resolve,
    };
    const link = new RelayHub(wire[side]).open(far, '1.1', {
      channels: { ...idle, control },
      secured: (certificates) => handshake.secured(certificates),
      closed: () => {},
    });
  });
}

test('two nodes prove who they are over a relay', async () => {
  const wire = new Wire();
  expect(await Promise.all([prove(wire, 'left'), prove(wire, 'right')])).toEqual([
    'proven',
    'proven',
  ]);
});

test('a relay that decrypts and encrypts anew in between is found out by both', async () => {
  const wire = new Wire();
  wire.tamper = middleman();
  const [left, right] = await Promise.all([prove(wire, 'left'), prove(wire, 'right')]);
  expect([left, right]).toEqual(
    Array.from({ length: 2 }, () => expect.stringMatching(/somebody sits between/)),
  );
});

/** Speaks to each side as if it were the other. */
function middleman(): Tamper {
  const keys = { left: new RelayKeyPair(), right: new RelayKeyPair() };
  const ciphers: { left?: RelayCipher; right?: RelayCipher } = {};
  return (data, _number, from) => {
    const to = from === 'left' ? 'right' : 'left';
    const { kind, attempt, body } = readPacket(fromBase64(data))!;
    if (kind === PACKET_KIND.key) {
      ciphers[from] ??= keys[from].agree(attempt, body.slice(1));
      return [toBase64(packetOf(kind, attempt, body.slice(0, 1), keys[to].publicKey))];
    }
    const content = ciphers[from]!.open(body);
    return [toBase64(packetOf(kind, attempt, ciphers[to]!.seal(content)))];
  };
}
