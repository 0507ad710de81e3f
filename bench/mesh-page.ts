/** In a page: a full mesh of nodes, bare or with identity proofs, negotiated in one go; how long until all links are up. */

import type { LinkClass } from '../src/core/message.ts';
import type { ChannelEvents } from '../src/net/channel.ts';
import { fastestSigner, newKeyPair } from '../src/net/ed25519.ts';
import { RtcChannel } from '../src/net/rtc-channel.ts';
import { SimplePeerTransport } from '../src/net/rtc/simple-peer.ts';
import type { Negotiation, Transport } from '../src/net/rtc/transport.ts';
import { ProvenLink } from '../src/runtime/live/proven-link.ts';

declare global {
  interface Window {
    meshBench?: (count: number, withProofs: boolean) => Promise<number>;
  }
}

interface Node {
  readonly id: string;
  readonly transport: Transport;
  readonly signer: Awaited<ReturnType<typeof fastestSigner>>;
}

const links: Negotiation[] = [];

window.meshBench = async (count, withProofs) => {
  const nodes = await makeNodes(count);
  const beganMs = performance.now();
  const opening: Promise<void>[] = [];
  for (const [i, left] of nodes.entries()) {
    for (const right of nodes.slice(i + 1)) opening.push(...join(left, right, withProofs));
  }
  await Promise.all(opening);
  const tookMs = performance.now() - beganMs;
  for (const link of links.splice(0)) link.close();
  return tookMs;
};

async function makeNodes(count: number): Promise<readonly Node[]> {
  const pairs = Array.from({ length: count }, (_, i) => [`n${i}`, newKeyPair()] as const);
  const keys = new Map<string, Uint8Array>(pairs.map(([id, { publicKey }]) => [id, publicKey]));
  return Promise.all(
    pairs.map(async ([id, pair]) => ({
      id,
      transport: new SimplePeerTransport(() => []),
      signer: await fastestSigner(pair, (other) => keys.get(other)),
    })),
  );
}

/** Both sides of one connection. */
function join(left: Node, right: Node, withProofs: boolean): readonly Promise<void>[] {
  const sides: Negotiation[] = [];
  const early: unknown[][] = [[], []];
  const opened = [left, right].map(
    (self, at) =>
      new Promise<void>((resolve) => {
        const other = at === 0 ? right : left;
        let link: ProvenLink | undefined;
        const request = { isInitiator: at === 0, attempt: '1', remoteName: other.id };
        const negotiation = self.transport.negotiate(request, {
          channels: (channels) => {
            const make = (linkClass: LinkClass, events: ChannelEvents) =>
              new RtcChannel(channels[linkClass], events);
            if (withProofs) link = prove(self, other, make, resolve);
            else make('control', { open: resolve, frame: () => {}, closed: () => {} });
          },
          secured: (certificates) => link?.secured(certificates),
          signal: (data) => {
            const there = sides[1 - at];
            if (there === undefined) early[1 - at]!.push(data);
            else there.signal(data);
          },
          doubtful: () => {},
          closed: () => {},
        });
        sides[at] = negotiation;
        links.push(negotiation);
        for (const data of early[at]!.splice(0)) negotiation.signal(data);
      }),
  );
  return opened;
}

function prove(
  self: Node,
  other: Node,
  make: (linkClass: LinkClass, events: ChannelEvents) => RtcChannel,
  resolve: () => void,
): ProvenLink {
  const link = new ProvenLink(make, { proven: resolve, frame: () => {}, closed: () => {} });
  link.begin({
    room: 'bench',
    runId: 'mesh',
    self: { id: self.id, incarnation: 1 },
    other: { id: other.id, incarnation: 1 },
    arrived: { control: 0, data: 0 },
    frameAuth: 'signature',
    signer: self.signer,
    membershipKey: undefined,
  });
  return link;
}
