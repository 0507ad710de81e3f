/** In a page: js-libp2p for the benches of the field, from browser to browser over WebRTC, introduced by a circuit relay. */

import { circuitRelayTransport } from '@libp2p/circuit-relay-v2';
import { gossipsub } from '@libp2p/gossipsub';
import { identify } from '@libp2p/identify';
import { noise } from '@libp2p/noise';
import { lpStream } from '@libp2p/utils';
import { webRTC } from '@libp2p/webrtc';
import { webSockets } from '@libp2p/websockets';
import { yamux } from '@libp2p/yamux';
import { multiaddr } from '@multiformats/multiaddr';
import { WebRTC } from '@multiformats/multiaddr-matcher';
import { createLibp2p } from 'libp2p';

const PROTOCOL = '/parley-bench/1.0.0';

const startNode = (listen, services = {}) =>
  createLibp2p({
    addresses: { listen },
    transports: [
      webSockets(),
      webRTC({ rtcConfiguration: { iceServers: [] } }),
      circuitRelayTransport(),
    ],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: { denyDialMultiaddr: () => false },
    services: { identify: identify(), ...services },
  });

/** Its streams carry bytes: messages are delimited as its manual does it. */
const endOf = (stream) => {
  const messages = lpStream(stream);
  const end = { send: (bytes) => messages.write(bytes), onMessage() {} };
  const read = async () => {
    for (;;) {
      const { byteLength } = await messages.read();
      end.onMessage(byteLength);
    }
  };
  // It ends with the stream.
  read().catch(() => {});
  return end;
};

/** The address at which the node is reached over WebRTC, once the relay keeps a place for it. */
const webRtcAddress = (node) =>
  new Promise((resolve) => {
    const look = () => {
      const address = node.getMultiaddrs().find((candidate) => WebRTC.matches(candidate));
      if (address !== undefined) resolve(address);
    };
    node.addEventListener('self:peer:update', look);
    look();
  });

const startLibp2p = async (relayAddress) => {
  const [dialer, listener] = await Promise.all([
    startNode([]),
    startNode(['/p2p-circuit', '/webrtc']),
  ]);
  await listener.dial(multiaddr(relayAddress));
  const address = await webRtcAddress(listener);
  let take;
  await listener.handle(PROTOCOL, (stream) => take(stream));
  return async () => {
    const taken = new Promise((resolve) => {
      take = resolve;
    });
    const connection = await dialer.dial(address);
    const stream = await connection.newStream(PROTOCOL);
    const ends = [endOf(stream), endOf(await taken)];
    return { ends, close: () => connection.close() };
  };
};

window.fieldGuests = { 'js-libp2p': startLibp2p };

/** Topics by its gossipsub with the settings it comes with: what is published is signed, and each hop verifies it. */
const joinLibp2pTopics = async (relayAddress) => {
  const node = await startNode(['/p2p-circuit', '/webrtc'], { pubsub: gossipsub() });
  await node.dial(multiaddr(relayAddress));
  const { pubsub } = node.services;
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  return {
    address: String(await webRtcAddress(node)),
    meet: (addresses) => Promise.all(addresses.map((address) => node.dial(multiaddr(address)))),
    knows: (topic, others) =>
      new Promise((resolve) => {
        const look = () => {
          if (pubsub.getSubscribers(topic).length >= others) resolve();
        };
        pubsub.addEventListener('subscription-change', look);
        look();
      }),
    publish: (topic, payload) => pubsub.publish(topic, encoder.encode(JSON.stringify(payload))),
    subscribe(topic, take) {
      const listener = ({ detail }) => {
        if (detail.topic === topic)
          take(String(detail.from), JSON.parse(decoder.decode(detail.data)));
      };
      pubsub.addEventListener('message', listener);
      pubsub.subscribe(topic);
      return () => pubsub.removeEventListener('message', listener);
    },
  };
};

window.topicGuests = { 'js-libp2p': joinLibp2pTopics };
