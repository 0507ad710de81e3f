/** What this browser can do, for the others to see. */

import type { RoomCapabilities } from '../lab-service.ts';

/** Asks the browser. */
export function capabilitiesOf(): RoomCapabilities {
  const subtle: SubtleCrypto | undefined = globalThis.crypto.subtle;
  return {
    browser: browserName(navigator.userAgent),
    webrtc: typeof RTCPeerConnection === 'function',
    webcrypto: subtle !== undefined,
    transfersChannels: canTransferChannels(),
  };
}

/** The browser's name and version, in a few words: what its user calls it. */
export function browserName(userAgent: string): string {
  const known: readonly (readonly [name: string, pattern: RegExp])[] = [
    // In this order: most of them also claim to be those that come after.
    ['Edge', /\bEdgA?\/(\d+)/],
    ['Opera', /\bOPR\/(\d+)/],
    ['Samsung Internet', /\bSamsungBrowser\/(\d+)/],
    ['Firefox', /\b(?:Firefox|FxiOS)\/(\d+)/],
    ['Chrome', /\b(?:Chrome|CriOS|HeadlessChrome)\/(\d+)/],
    ['Safari', /\bVersion\/(\d+)[\d.]* (?:Mobile\/\S+ )?Safari\//],
  ];
  for (const [name, pattern] of known) {
    const version = pattern.exec(userAgent)?.[1];
    if (version === undefined) continue;
    const isPhone = /\b(?:Mobile|Android|iPhone)\b/.test(userAgent);
    return `${name} ${version}${isPhone ? ', phone' : ''}`;
  }
  return 'another browser';
}

/** Tries it, on a connection to nowhere. */
function canTransferChannels(): boolean {
  if (typeof RTCPeerConnection !== 'function') return false;
  let connection: RTCPeerConnection | undefined;
  try {
    connection = new RTCPeerConnection();
    const channel = connection.createDataChannel('test');
    const { port1 } = new MessageChannel();
    port1.postMessage(channel, [channel]);
    port1.close();
    return true;
  } catch {
    return false;
  } finally {
    connection?.close();
  }
}
