/**
 * In a page: Trystero for the benches of the field. A page is one peer to it, hence it is installed twice. Its topic strategy is used as its manual shows
 * for a relay of one's own.
 */

import * as leftTrystero from 'trystero-left';
import * as rightTrystero from 'trystero-right';

/** @type {(trystero: typeof leftTrystero) => typeof leftTrystero.joinRoom} */
const withRelay = ({ createTopicStrategy, toJson }) =>
  createTopicStrategy({
    init: ({ relayConfig }) =>
      new Promise((resolve, reject) => {
        const socket = new WebSocket(relayConfig.urls[0]);
        socket.addEventListener('open', () => resolve(socket), { once: true });
        socket.addEventListener('error', reject, { once: true });
      }),
    subscribeTopic(socket, topic, onMessage) {
      const listener = ({ data }) => {
        const message = JSON.parse(data);
        if (message.topic === topic) onMessage(topic, message.payload);
      };
      socket.addEventListener('message', listener);
      socket.send(toJson({ type: 'subscribe', topic }));
      return () => {
        socket.send(toJson({ type: 'unsubscribe', topic }));
        socket.removeEventListener('message', listener);
      };
    },
    publishTopic: (socket, topic, payload) =>
      socket.send(toJson({ type: 'publish', topic, payload })),
  });

let attempts = 0;

const startTrystero = (address) => {
  const joinRoom = [withRelay(leftTrystero), withRelay(rightTrystero)];
  return async () => {
    // Rooms of one application share a connection, which outlives them: each attempt is an application of its own.
    const appId = `bench-${performance.timeOrigin}-${++attempts}`;
    const config = { appId, relayConfig: { urls: [address] }, rtcConfig: { iceServers: [] } };
    const rooms = joinRoom.map((join) => join(config, 'bench'));
    await Promise.all(
      rooms.map(
        (room) =>
          new Promise((resolve) => {
            room.onPeerJoin = resolve;
          }),
      ),
    );
    const ends = rooms.map((room) => {
      const action = room.makeAction('bytes');
      const end = { send: (bytes) => action.send(bytes), onMessage() {} };
      action.onMessage = ({ byteLength }) => end.onMessage(byteLength);
      return end;
    });
    return { ends, close: () => Promise.all(rooms.map((room) => room.leave())) };
  };
};

window.fieldGuests = { Trystero: (address) => Promise.resolve(startTrystero(address)) };

/** It has no topics, but actions of a room that everybody in it hears: neither signed nor passed on. */
const joinTrysteroTopics = (address, room) => {
  const config = { appId: room, relayConfig: { urls: [address] }, rtcConfig: { iceServers: [] } };
  const joined = withRelay(leftTrystero)(config, room);
  let peers = 0;
  let look = () => {};
  joined.onPeerJoin = () => {
    peers++;
    look();
  };
  return Promise.resolve({
    address: leftTrystero.selfId,
    // The relay introduces them.
    meet: () => Promise.resolve(),
    knows: (_topic, others) =>
      new Promise((resolve) => {
        look = () => {
          if (peers >= others) resolve();
        };
        look();
      }),
    publish: (topic, payload) => joined.makeAction(topic).send(payload),
    subscribe(topic, take) {
      const action = joined.makeAction(topic);
      action.onMessage = (payload, { peerId }) => take(peerId, payload);
      return () => {
        action.onMessage = null;
      };
    },
  });
};

window.topicGuests = { Trystero: joinTrysteroTopics };
