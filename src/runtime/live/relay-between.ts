/** The way through the server between nodes that are members of a room. */

import type { NodeId } from '../../core/id.ts';
import { RelayHub } from '../../net/relay/relay-hub.ts';
import { relayPipe } from '../../net/relay/relay-pipe.ts';
import { relayPorts } from '../../net/relay/relay-ports.ts';
import type { MemberDescription } from '../../net/signaling/protocol.ts';
import type { Signaling } from '../../net/signaling/signaling.ts';
import type { RelayFactory } from './carrier.ts';

/** Links through the server between members that are pinned to their nodes; `isNode` says which member a node is. */
export function relayBetween(
  signaling: Signaling,
  isNode = (member: MemberDescription, node: NodeId): boolean => member.node === node,
): RelayFactory {
  const hub = new RelayHub(relayPipe(signaling));
  return (node, attempt) => {
    const other = [...signaling.members.values()].find((member) => isNode(member, node));
    // Without the other there is nobody to relay to; the link ends, and is tried again when it is there.
    return relayPorts(hub, other?.member ?? node, attempt);
  };
}
