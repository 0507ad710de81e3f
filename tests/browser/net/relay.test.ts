/** Relayed links as a browser has them: two workers, their pages, and a server in between. */

import { expect, test } from 'vitest';
import { RelayHub } from '../../../src/net/relay/relay-hub.ts';
import { relayPipe } from '../../../src/net/relay/relay-pipe.ts';
import { relayPorts } from '../../../src/net/relay/relay-ports.ts';
import { roomKeyOfPassphrase } from '../../../src/net/rooms/passphrase.ts';
import { newRoomKey } from '../../../src/net/rooms/room-key.ts';
import { toHex } from '../../../src/net/hex.ts';
import { LocalHub } from '../../../src/net/signaling/hub.ts';
import { SealedSignaling } from '../../../src/net/signaling/sealed-signaling.ts';
import { channelCompliance } from '../../compliance/channel.suite.ts';
import { tab } from '../../support/signaling-tabs.ts';
import { RemoteEnd } from './remote-end.ts';

channelCompliance(
  'relay between workers, in a closed room',
  async () => {
    const hub = new LocalHub();
    const key = newRoomKey();
    const members = await Promise.all(
      [1, 2].map(async () => {
        const signaling = new SealedSignaling(hub.connect(), key);
        const { you } = await signaling.join(tab());
        return { name: you.member, relay: new RelayHub(relayPipe(signaling)) };
      }),
    );
    const [left, right] = [0, 1].map((side) => {
      const { ports } = relayPorts(members[side]!.relay, members[1 - side]!.name, '1.1');
      return new RemoteEnd({ port: ports.data });
    });
    return {
      left: left!,
      right: right!,
      dispose: () => {
        left!.terminate();
        right!.terminate();
        hub.close();
      },
    };
  },
  { carriesReason: true, isReliable: true },
);

test('a passphrase gives the key here that it gives everywhere', async () => {
  // Of Node's own scrypt, over the same salt.
  const expected = '8e89aaa508dbcc5e1153c5c9a15911fb';
  expect(toHex(await roomKeyOfPassphrase('correct horse battery', 'ROOM42'))).toBe(expected);
}, 30_000);
