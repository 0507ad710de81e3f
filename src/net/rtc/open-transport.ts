/** Makes the transport of a node by its name. */

import { NativeTransport } from './native.ts';
import { PeerJsTransport } from './peerjs.ts';
import { SimplePeerTransport } from './simple-peer.ts';
import type { LinkKind, PeerServer, Transport, TransportOptions } from './transport.ts';

/** @throws {RangeError} for `peerjs` without a server */
export function openTransport(kind: LinkKind, options: TransportOptions): Transport {
  switch (kind) {
    case 'simple-peer':
      return new SimplePeerTransport(options.iceServers);
    case 'native':
      return new NativeTransport(options.iceServers);
    case 'peerjs': {
      const { peerServer } = options;
      if (peerServer !== undefined) return new PeerJsTransport({ ...options, peerServer });
      throw new RangeError(
        'links of kind peerjs need a signaling server, and there is none here: use simple-peer or native',
      );
    }
  }
}

/** The PeerServer beside a signaling server: the same host and port. */
export function peerServerAt(signalUrl: string): PeerServer {
  const { protocol, hostname, port } = new URL(signalUrl);
  const secure = protocol === 'wss:';
  const usualPort = secure ? 443 : 80;
  return { host: hostname, port: port === '' ? usualPort : Number(port), secure };
}
