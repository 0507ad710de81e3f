/** Pages that keep their data channels instead of transferring them: as browsers that cannot, and so that tests can write on them. */

import type { Page } from 'playwright';

/** What {@link keepChannels} leaves in the page. */
export interface KeptChannel {
  /** The node at the other end. */
  readonly node: string;
  /** The one for data. */
  readonly channel: RTCDataChannel;
  /** The last frame that ended a packet. */
  last: Uint8Array | undefined;
}

declare global {
  interface Window {
    /** In the order in which they were made. */
    keptChannels: KeptChannel[];
  }
}

/** For `addInitScript`: the page behaves as one whose browser cannot transfer data channels. */
export function keepChannels(): void {
  window.keptChannels = [];
  const transfer = Worker.prototype.postMessage as (message: unknown, list?: unknown) => void;
  Worker.prototype.postMessage = function postMessage(message: unknown, list?: unknown) {
    const { channels, node } = message as {
      channels?: Record<string, RTCDataChannel>;
      node: string;
    };
    if (channels === undefined) {
      transfer.call(this, message, list);
      return;
    }
    const channel = channels['data']!;
    const kept: KeptChannel = { node, channel, last: undefined };
    window.keptChannels.push(kept);
    const send = channel.send.bind(channel) as (data: Uint8Array<ArrayBuffer>) => void;
    channel.send = (data: unknown) => {
      const frame = data as Uint8Array<ArrayBuffer>;
      // A whole packet, or the end of one.
      if (frame[0] === 2) kept.last = frame.slice();
      send(frame);
    };
    throw new DOMException('An RTCDataChannel cannot be transferred here.', 'DataCloneError');
  };
}

/**
 * Sends bytes, or again what was sent last, on a page's channel to a node.
 *
 * @param attempt which connection to that node is meant, from 1; it is waited for
 */
export async function sendRaw(
  page: Page,
  node: string,
  bytes: readonly number[] | 'replay',
  attempt = 1,
): Promise<void> {
  const where = { node, attempt };
  await page.waitForFunction(
    (sought) => {
      const kept = window.keptChannels.filter((one) => one.node === sought.node);
      return kept[sought.attempt - 1]?.channel.readyState === 'open';
    },
    where,
    { polling: 50 },
  );
  await page.evaluate(
    ({ sought, content }) => {
      const kept = window.keptChannels.filter((one) => one.node === sought.node);
      const { channel, last } = kept[sought.attempt - 1]!;
      channel.send(content === 'replay' ? last!.slice() : Uint8Array.from(content));
    },
    { sought: where, content: bytes },
  );
}
