/** A chat between the tabs of a room, on as many machines as one likes: the room's code, and its key, stand behind the `#` of the address. */

import { createPubSub } from '../../src/index.ts';

const find = <T extends HTMLElement>(selector: string) => document.querySelector<T>(selector)!;
const say = (what: unknown) => (find('#says').textContent = String(what));
const fail = (error: unknown) => Promise.reject(new Error(say(error)));

const room = location.hash.slice(1) || 'MY-CHAT';
const pubsub = await createPubSub({
  room,
  server: new URLSearchParams(location.search).get('server') ?? location.href,
  members: ['ann', 'ben', 'cem'],
  // Without a key in the address there is nothing to encrypt with: the chat is as open as the room.
  security: { encryption: room.includes('#') },
  onWaiting: ({ id, missing }) => say(`This is ${id}. Waiting for ${missing.join(' and ')}.`),
}).catch(fail);

const here = () => {
  const others = pubsub.members.filter(({ id, isHere }) => isHere && id !== pubsub.id);
  say(`This is ${pubsub.id}, with ${others.map(({ id }) => id).join(' and ') || 'nobody'}.`);
};
pubsub.on(here);
here();

// Where a machine is so busy that no majority is heard of, nothing is agreed on: one says so, and tries again.
const enter = (): ReturnType<typeof pubsub.subscribe> =>
  pubsub.subscribe('chat', { history: true }).catch((error: unknown) => {
    say(error);
    return new Promise((resolve) => setTimeout(() => resolve(enter()), 500));
  });
const chat = await enter();
here();
chat.on(({ origin, payload }) => {
  const line = document.createElement('li');
  line.textContent = `${origin}: ${String(payload)}`;
  find('ol').append(line);
});

find<HTMLFieldSetElement>('fieldset').disabled = false;
find('form').onsubmit = (event) => {
  event.preventDefault();
  const input = find<HTMLInputElement>('input');
  pubsub.publish('chat', input.value).then(() => (input.value = ''), say);
};
