/** Relayed links for tests: two members of one room, in this process or behind whatever sits between them. */

import { LINK_CLASSES, type LinkClass } from '../../../../src/core/message.ts';
import { eachClass, type Channel, type ChannelEvents } from '../../../../src/net/channel.ts';
import { FRAME_BYTES_MAX, SEND_WINDOW_BYTES } from '../../../../src/net/limits.ts';
import { RelayHub } from '../../../../src/net/relay/relay-hub.ts';
import type { RelayLink, RelayLinkEvents } from '../../../../src/net/relay/relay-link.ts';
import { relayPipe, type RelayPipe } from '../../../../src/net/relay/relay-pipe.ts';
import type { Certificates } from '../../../../src/net/rtc/transport.ts';
import { LocalHub } from '../../../../src/net/signaling/hub.ts';
import type { Signaling } from '../../../../src/net/signaling/signaling.ts';
import { LocalEnd } from '../../../compliance/channel-end.ts';
import type { ChannelPair } from '../../../compliance/channel.suite.ts';
import { tab } from '../../signaling/support.ts';

/** Fifty windows of a relayed link, whose every byte is encrypted in JavaScript. */
export const RELAY_BURST_FRAMES = (50 * SEND_WINDOW_BYTES) / FRAME_BYTES_MAX;

/** A member with its relay. */
export interface RelayMember {
  readonly name: string;
  readonly signaling: Signaling;
  readonly relay: RelayHub;
}

/** Two members of one room of a hub. */
export async function twoMembers(
  hub: LocalHub,
  pipeOf: (signaling: Signaling) => RelayPipe = relayPipe,
): Promise<readonly [RelayMember, RelayMember]> {
  const join = async (): Promise<RelayMember> => {
    const signaling = hub.connect();
    const { you } = await signaling.join(tab());
    return { name: you.member, signaling, relay: new RelayHub(pipeOf(signaling)) };
  };
  return [await join(), await join()];
}

/** Channels of one class, as the compliance suite wants them. */
export async function relayPair(linkClass: LinkClass): Promise<ChannelPair> {
  const hub = new LocalHub();
  const [left, right] = await twoMembers(hub);
  const end = (here: RelayMember, there: RelayMember) =>
    new LocalEnd((events) => channelOf(here.relay, there.name, linkClass, events));
  return { left: end(left, right), right: end(right, left), dispose: () => hub.close() };
}

function channelOf(relay: RelayHub, to: string, wanted: LinkClass, events: ChannelEvents): Channel {
  const idle: ChannelEvents = { frame: () => {}, closed: () => {} };
  const link = relay.open(to, '1.1', {
    channels: eachClass((linkClass) => (linkClass === wanted ? events : idle)),
    secured: () => {},
    closed: () => {},
  });
  return link.channels[wanted];
}

/** Everything that a link says. */
export class RelayDiary implements RelayLinkEvents {
  readonly frames: string[] = [];
  readonly certificates: Certificates[] = [];
  readonly opened: LinkClass[] = [];
  readonly reasons: string[] = [];
  readonly channels = eachClass((linkClass) => ({
    open: () => void this.opened.push(linkClass),
    frame: (bytes: Uint8Array) => {
      this.frames.push(`${linkClass} ${new TextDecoder().decode(bytes)}`);
      this.#happened();
    },
    closed: () => this.#happened(),
  }));
  #watchers: (() => void)[] = [];

  secured(certificates: Certificates): void {
    this.certificates.push(certificates);
    this.#happened();
  }

  closed(reason: string): void {
    this.reasons.push(reason);
    this.#happened();
  }

  /** Fulfilled when the condition holds, which is looked at whenever something happened. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#watchers.push(resolve));
  }

  /** The reason for the end. */
  async end(): Promise<string> {
    await this.until(() => this.reasons.length > 0);
    return this.reasons[0]!;
  }

  #happened(): void {
    const watchers = this.#watchers;
    this.#watchers = [];
    // Later: the link is in the middle of a call.
    for (const watcher of watchers) queueMicrotask(watcher);
  }
}

/** Fulfilled when every class of a link may send, or is closed. */
export async function opened(link: RelayLink): Promise<void> {
  await Promise.all(LINK_CLASSES.map((linkClass) => link.channels[linkClass].drained()));
}

/** A frame with a text. */
export function frame(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
