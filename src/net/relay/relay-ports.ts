/**
 * A relayed link for a worker: the page seals and opens its packets, and the frames go over three ports, as those of data channels do that
 * cannot be transferred. Each frame is acknowledged when the next one down the line has taken it, so a slow worker slows the sender at the
 * other end, and nothing piles up in the page.
 */

import { eachClass, type Channel, type Channels } from '../channel.ts';
import { PortChannel } from '../port-channel.ts';
import type { Certificates } from '../rtc/transport.ts';
import { Handover } from './handover.ts';
import type { RelayHub } from './relay-hub.ts';
import type { RelayChannelEvents } from './relay-channel.ts';

/** A relayed link whose near ends are ports. */
export interface RelayPorts {
  /** One for each class, to be transferred to the worker. */
  readonly ports: Channels<MessagePort>;
  /** Fulfilled when the link is encrypted, with what its identity proof is to be bound to. Never rejected. */
  readonly secured: Promise<Certificates>;
  /** Fulfilled with the reason when the link is gone, whoever ended it. Never rejected. */
  readonly closed: Promise<string>;
  /** Ends it, and the ports with it. Harmless when called again. */
  close(reason?: string): void;
}

/**
 * Begins this side of a relayed link.
 *
 * @throws {RangeError} as {@link RelayHub.open}
 */
export function relayPorts(hub: RelayHub, to: string, attempt: string): RelayPorts {
  const bridges = eachClass(() => new Bridge());
  const secured = settleable<Certificates>();
  const closed = settleable<string>();
  const link = hub.open(to, attempt, {
    channels: eachClass((linkClass) => bridges[linkClass].relayEvents),
    secured: secured.settle,
    closed: closed.settle,
  });
  eachClass((linkClass) => bridges[linkClass].relayed(link.channels[linkClass]));
  return {
    ports: eachClass((linkClass) => bridges[linkClass].port),
    secured: secured.promise,
    closed: closed.promise,
    close: (reason = 'the other side closed the link') => link.close(reason),
  };
}

/** One class: a port's channel on this side, a relayed one on that. */
class Bridge {
  readonly port: MessagePort;
  readonly relayEvents: RelayChannelEvents;
  readonly #towardsRelay = new Handover();

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port = port2;
    const towardsWorker = new Handover();
    const channel = new PortChannel(port1, {
      frame: (frame) => this.#towardsRelay.push(frame),
      closed: (reason) => this.#towardsRelay.close(reason),
    });
    towardsWorker.flowInto(channel);
    this.relayEvents = {
      frame: (frame) => towardsWorker.push(frame),
      closed: (reason) => towardsWorker.close(reason),
    };
  }

  relayed(channel: Channel): void {
    this.#towardsRelay.flowInto(channel);
  }
}

function settleable<T>(): { readonly promise: Promise<T>; readonly settle: (value: T) => void } {
  let settle!: (value: T) => void;
  const promise = new Promise<T>((resolve) => (settle = resolve));
  return { promise, settle };
}
