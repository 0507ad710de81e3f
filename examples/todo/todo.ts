/** A to-do list that the tabs of a room keep, on as many machines as one likes: the room's code is behind the `#` of its address. */

import { createRaft } from '../../src/index.ts';

interface Item {
  readonly text: string;
  readonly done: boolean;
}
type Command = { do: 'add'; text: string } | { do: 'tick'; number: number };

const machine = {
  initial: () => ({ items: [] as Item[] }),
  apply({ items }: { items: Item[] }, command: Command): boolean {
    if (command.do === 'add') items.push({ text: command.text, done: false });
    else if (items[command.number] === undefined) return false;
    else items[command.number] = { ...items[command.number]!, done: true };
    return true;
  },
  query: ({ items }: { items: Item[] }) => items,
};

const find = <T extends HTMLElement>(selector: string) => document.querySelector<T>(selector)!;
const say = (what: unknown) => (find('#says').textContent = String(what));
const fail = (error: unknown) => Promise.reject(new Error(say(error)));

const raft = await createRaft({
  room: location.hash.slice(1) || 'MY-LIST',
  server: new URLSearchParams(location.search).get('server') ?? location.href,
  members: ['n1', 'n2', 'n3'],
  machine,
  onWaiting: ({ id, missing }) => say(`This is ${id}. Waiting for ${missing.join(' and ')}.`),
}).catch(fail);
raft.on(() => say(`This is ${raft.id}; ${raft.status.leader ?? 'nobody'} leads.`));
raft.subscribe(null, (items) => {
  find('ol').replaceChildren(
    ...items.map(({ text, done }, number) => {
      const item = document.createElement('li');
      item.textContent = done ? `✓ ${text}` : text;
      item.onclick = () => raft.propose({ do: 'tick', number }).catch(say);
      return item;
    }),
  );
});
find<HTMLFieldSetElement>('fieldset').disabled = false;
find('form').onsubmit = (event) => {
  event.preventDefault();
  const input = find<HTMLInputElement>('input');
  raft.propose({ do: 'add', text: input.value }).then(() => (input.value = ''), say);
};
