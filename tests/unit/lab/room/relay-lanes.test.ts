/** The relay's lanes: links of several nodes and of the page itself, side by side over one membership. */

import { expect, onTestFinished, test } from 'vitest';
import {
  memberLane,
  relayFactory,
  seatLane,
  type RelaySeat,
} from '../../../../src/lab/room/relay-lanes.ts';
import { PortChannel } from '../../../../src/net/port-channel.ts';
import { LocalHub } from '../../../../src/net/signaling/hub.ts';
import type { Signaling } from '../../../../src/net/signaling/signaling.ts';
import type { RelayedLink } from '../../../../src/runtime/live/carrier.ts';
import { until } from './room-world.ts';

async function members(...names: readonly string[]): Promise<readonly Signaling[]> {
  const hub = new LocalHub();
  onTestFinished(() => hub.close());
  const all: Signaling[] = [];
  for (const member of names) {
    const signaling = hub.connect();
    await signaling.join({ room: 'ROOM', member, token: 'token-token-token', incarnation: 1 });
    all.push(signaling);
  }
  return all;
}

/** One end of a link: what arrives on `data`, and a way to send there. */
function end(link: RelayedLink): { heard: string[]; say(text: string): Promise<void> } {
  const heard: string[] = [];
  onTestFinished(() => link.close());
  const channel = new PortChannel(link.ports.data, {
    frame: (bytes) => {
      heard.push(new TextDecoder().decode(bytes));
    },
    closed: () => {},
  });
  const say = async (text: string): Promise<void> => {
    while (channel.send(new TextEncoder().encode(text)) === 'full') await channel.drained();
  };
  return { heard, say };
}

const SEATS: readonly RelaySeat[] = [
  { name: 'member-a/n1', member: 'member-a', index: 0 },
  { name: 'member-b/n2', member: 'member-b', index: 1 },
  { name: 'member-b/n3', member: 'member-b', index: 2 },
];
const names = new Map(SEATS.map(({ name }) => [name.split('/')[1]!, name]));
const seatOf = (node: string) => names.get(node)!;

test('links of two nodes of one page, and of the page, go by the same name and do not meet', async () => {
  const [a, b] = await members('member-a', 'member-b');
  const lane = (own: number) => seatLane(7, own, SEATS);
  const ofN1 = relayFactory(a!, lane(0), seatOf);
  const ofA = relayFactory(a!, memberLane(), (member) => member);
  const ends = {
    n1n2: end(ofN1.make('n2', '1.1', true)),
    n2n1: end(relayFactory(b!, lane(1), seatOf).make('n1', '1.1', false)),
    n1n3: end(ofN1.make('n3', '1.1', true)),
    n3n1: end(relayFactory(b!, lane(2), seatOf).make('n1', '1.1', false)),
    ab: end(ofA.make('member-b', '1.1', true)),
    ba: end(relayFactory(b!, memberLane(), (member) => member).make('member-a', '1.1', false)),
  };
  for (const [name, { say }] of Object.entries(ends)) void say(`from ${name}`);
  await until(() => Object.values(ends).every(({ heard }) => heard.length === 1));
  expect(
    Object.fromEntries(Object.entries(ends).map(([name, one]) => [name, one.heard[0]])),
  ).toEqual({
    ...{ n1n2: 'from n2n1', n2n1: 'from n1n2', n1n3: 'from n3n1', n3n1: 'from n1n3' },
    ...{ ab: 'from ba', ba: 'from ab' },
  });
});

test('a member cannot speak for another’s node, nor in another run', async () => {
  const [a, b, c] = await members('member-a', 'member-b', 'member-c');
  const mine = end(relayFactory(a!, seatLane(7, 0, SEATS), seatOf).make('n2', '1.1', true));
  // It says that it is n2, by its own membership; and the member of n2 speaks in another run.
  const asC = SEATS.map((seat) => ({
    ...seat,
    member: seat.index === 1 ? 'member-c' : seat.member,
  }));
  const theirs = end(relayFactory(c!, seatLane(7, 1, asC), seatOf).make('n1', '1.1', false));
  const elsewhere = end(relayFactory(b!, seatLane(8, 1, SEATS), seatOf).make('n1', '1.1', false));
  const own = end(relayFactory(b!, seatLane(7, 1, SEATS), seatOf).make('n1', '1.1', false));
  for (const one of [theirs, elsewhere, own]) void one.say('hello');
  void mine.say('hello n2');
  await until(() => mine.heard.length > 0 && own.heard.length > 0);
  expect(mine.heard).toEqual(['hello']);
  expect([theirs.heard, elsewhere.heard]).toEqual([[], []]);
});
