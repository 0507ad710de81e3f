/** The members of a room, as the interface lists them. */

import type { NodeId } from '../../core/id.ts';
import type { RoomMember } from '../lab-service.ts';
import type { Exchange } from './exchange.ts';
import type { Gathering } from './gathering.ts';
import { fingerprintOf, type KeyRing } from './key-ring.ts';
import type { Seat } from './messages.ts';
import type { Person } from './people.ts';

/** What the list is made of. */
export interface MembersView {
  readonly self: string;
  readonly gathering: Gathering;
  readonly keys: KeyRing;
  readonly exchange: Exchange;
  /** Of the current run. */
  readonly seats: readonly Seat[];
}

/** Everyone who is or was here, by order of joining. */
export function describeMembers(view: MembersView): readonly RoomMember[] {
  const nodes = new Map<string, NodeId[]>();
  for (const { member, node } of view.seats) {
    nodes.set(member, [...(nodes.get(member) ?? []), node]);
  }
  return view.gathering.people.all().map((person) => {
    const { member } = person.description;
    return describe(person, nodes.get(member) ?? [], view);
  });
}

function describe(
  { description, isPresent, about }: Person,
  nodes: readonly NodeId[],
  { self, gathering, keys, exchange }: MembersView,
): RoomMember {
  const { member, order } = description;
  const name = nameOf({ description, about });
  const key = description.publicKey ?? keys.keyOf(member);
  const isCreator = gathering.ledger.body('charter')?.creator === member;
  const me = member === self;
  return {
    member,
    order: order + 1,
    role: isCreator ? 'creator' : about?.isObserver === true ? 'observer' : 'member',
    nodes,
    ...(name === undefined ? {} : { name }),
    ...(key === undefined ? {} : { fingerprint: fingerprintOf(key) }),
    ...(about === undefined ? {} : { capabilities: about.capabilities }),
    present: isPresent,
    me,
    isObserver: about?.isObserver === true,
    mayDirect: gathering.mayDirect(member),
    isHub: exchange.hub === member,
    isKicked: gathering.isKicked(member),
    way: me || !isPresent ? 'none' : exchange.wayTo(member),
  };
}

/** What a member is called; what it said itself stands before what signaling says. */
export function nameOf({
  description,
  about,
}: Pick<Person, 'description'> & { readonly about?: Person['about'] | undefined }):
  | string
  | undefined {
  return about === undefined ? description.name : about.name;
}

/** The same for people who want to know who is meant. */
export function calledBy(person: Person | undefined): string {
  if (person === undefined) return 'somebody';
  return nameOf(person) ?? `Tab ${person.description.order + 1}`;
}
