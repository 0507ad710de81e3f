/** One node's view of the room: the other seats, under the keys of the manifest, as long as their members are there. */

import { expect, onTestFinished, test } from 'vitest';
import {
  readSeatSignal,
  seatName,
  SeatSignaling,
} from '../../../../src/lab/room/seat-signaling.ts';
import { LocalHub } from '../../../../src/net/signaling/hub.ts';
import type { Signaling } from '../../../../src/net/signaling/signaling.ts';
import { until } from './room-world.ts';

const seat = (node: string, member: string) => ({ node, member, key: node.padEnd(64, '0') });

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

function watched(signaling: SeatSignaling): string[] {
  const seen: string[] = [];
  signaling.on('joined', ({ member }) => seen.push(`+${member}`));
  signaling.on('left', ({ member }) => seen.push(`-${member}`));
  signaling.on('signal', ({ from, payload }) => seen.push(`${from}: ${String(payload)}`));
  return seen;
}

test('shows the other seats with the manifest’s keys, those of the same page included', async () => {
  const [mine] = await members('member-a', 'member-b');
  const seats = [seat('n1', 'member-a'), seat('n2', 'member-b'), seat('n3', 'member-a')];
  const view = new SeatSignaling(mine!, 'run', seats[0]!, seats, () => true);
  expect([...view.members.keys()].toSorted()).toEqual(['member-a/n3', 'member-b/n2']);
  expect(view.members.get('member-b/n2')).toMatchObject({ node: 'n2', publicKey: seats[1]!.key });
  expect(view.you).toMatchObject({ member: 'member-a/n1', node: 'n1', publicKey: seats[0]!.key });
});

test('carries signals from node to node, and none in the name of another’s node', async () => {
  const [mine, theirs] = await members('member-a', 'member-b', 'member-c');
  const seats = [seat('n1', 'member-a'), seat('n2', 'member-b'), seat('n3', 'member-c')];
  const view = new SeatSignaling(mine!, 'run', seats[0]!, seats, () => true);
  const other = new SeatSignaling(theirs!, 'run', seats[1]!, seats, () => true);
  const seen = watched(view);
  mine!.on('signal', ({ from, fromIncarnation, payload }) => {
    const signal = readSeatSignal(payload);
    if (signal?.to === 'n1') view.heard(from, fromIncarnation, signal);
  });
  other.signal(seatName(seats[0]!), 'from two');
  const forged = { parley: 'seat', runId: 'run', from: 'n3', to: 'n1', data: 'as if from three' };
  theirs!.signal('member-a', forged);
  other.signal(seatName(seats[0]!), 'again');
  await until(() => seen.length === 2);
  expect(seen).toEqual(['member-b/n2: from two', 'member-b/n2: again']);
});

test('lets seats go and come with their members, and not those of members who are not welcome', async () => {
  const [mine, theirs] = await members('member-a', 'member-b');
  const seats = [seat('n1', 'member-a'), seat('n2', 'member-b'), seat('n3', 'member-c')];
  const view = new SeatSignaling(mine!, 'run', seats[0]!, seats, (one) => one !== 'member-c');
  const seen = watched(view);
  theirs!.close();
  await until(() => seen.length === 1);
  expect(seen).toEqual(['-member-b/n2']);
  expect(view.members.size).toBe(0);
});

test('shows a seat no more that is given up', async () => {
  const [mine] = await members('member-a', 'member-b');
  const seats = [seat('n1', 'member-a'), seat('n2', 'member-b')];
  const view = new SeatSignaling(mine!, 'run', seats[0]!, seats, () => true);
  const seen = watched(view);
  view.gone('n2');
  expect(seen).toEqual(['-member-b/n2']);
  view.heard('member-b', 1, { parley: 'seat', runId: 'run', from: 'n2', to: 'n1', data: 'late' });
  expect(seen).toHaveLength(1);
});
