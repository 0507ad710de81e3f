/**
 * A program that speaks Maelstrom's protocol: `node.js WORKLOAD` is right, `node.js WORKLOAD wrong` makes the mistake that people make. It is
 * written as a user would write one, without anything of Parley.
 */

import { createInterface } from 'node:readline';

const [workload, variant] = process.argv.slice(2);
const isWrong = variant === 'wrong';

let id = '';
let ids = [];
let numbers = 0;
const waiting = new Map();

const send = (dest, body) => {
  process.stdout.write(`${JSON.stringify({ src: id, dest, body })}\n`);
};
const reply = ({ src, body }, fields) => {
  send(src, { type: `${body.type}_ok`, in_reply_to: body.msg_id, ...fields });
};
const refuse = ({ src, body }, code, text) => {
  send(src, { type: 'error', in_reply_to: body.msg_id, code, text });
};
const rpc = (dest, body) => {
  return new Promise((resolve) => {
    const msg_id = ++numbers;
    waiting.set(msg_id, resolve);
    send(dest, { ...body, msg_id });
  });
};
const others = () => ids.filter((other) => other !== id);

const echo = {
  echo: (message) => reply(message, { echo: isWrong ? 'Echo!' : message.body.echo }),
};

let generated = 0;
const uniqueIds = {
  // The mistake: a counter alone is not unique among several nodes.
  generate: (message) => reply(message, { id: isWrong ? generated++ : `${id}-${generated++}` }),
};

const seen = new Set();
const broadcast = {
  topology: (message) => reply(message, {}),
  read: (message) => reply(message, { messages: [...seen] }),
  broadcast(message) {
    const { message: value, msg_id } = message.body;
    const isNew = !seen.has(value);
    seen.add(value);
    // The mistake: only whoever was asked knows it.
    if (isNew && !isWrong) {
      for (const other of others()) {
        if (other !== message.src) send(other, { type: 'broadcast', message: value });
      }
    }
    if (msg_id !== undefined) reply(message, {});
  },
};

// Gossip by a timer, as most solutions do it. The mistake: nobody is told anything.
const gSet = {
  init() {
    if (isWrong) return;
    setInterval(() => {
      for (const other of others()) send(other, { type: 'state', elements: [...seen] });
    }, 100);
  },
  add(message) {
    seen.add(message.body.element);
    reply(message, {});
  },
  read: (message) => reply(message, { value: [...seen] }),
  state({ body }) {
    for (const element of body.elements) seen.add(element);
  },
};

// A sum for each node in the service seq-kv. The mistake: the sum of one node is taken for that of all.
let own = 0;
const counter = {
  async add(message) {
    own += message.body.delta;
    await rpc('lin-kv', { type: 'write', key: id, value: own });
    reply(message, {});
  },
  async read(message) {
    const sums = isWrong
      ? [own]
      : await Promise.all(
          ids.map(async (key) => {
            const answer = await rpc('lin-kv', { type: 'read', key });
            return answer.type === 'error' ? 0 : answer.value;
          }),
        );
    reply(message, { value: sums.reduce((sum, value) => sum + value, 0) });
  },
};

// A proxy of the service lin-kv. The mistake: seq-kv, which answers with the past.
const service = isWrong ? 'seq-kv' : 'lin-kv';
const passOn = async (message) => {
  const { msg_id: _, ...body } = message.body;
  const { in_reply_to: __, ...answer } = await rpc(service, body);
  send(message.src, { ...answer, in_reply_to: message.body.msg_id });
};
const linKv = { read: passOn, write: passOn, cas: passOn };

// One node, all logs in its memory. The mistake: every tenth message is acknowledged and forgotten.
const logs = new Map();
const committed = new Map();
let sent = 0;
const kafka = {
  send(message) {
    const { key, msg } = message.body;
    const log = logs.get(key) ?? [];
    logs.set(key, log);
    const offset = log.length;
    log.push(isWrong && ++sent % 10 === 0 ? undefined : [offset, msg]);
    reply(message, { offset });
  },
  poll(message) {
    const msgs = {};
    for (const [key, from] of Object.entries(message.body.offsets)) {
      msgs[key] = (logs.get(key) ?? []).slice(from).filter((pair) => pair !== undefined);
    }
    reply(message, { msgs });
  },
  commit_offsets(message) {
    for (const [key, offset] of Object.entries(message.body.offsets)) committed.set(key, offset);
    reply(message, {});
  },
  list_committed_offsets(message) {
    const known = message.body.keys.filter((key) => committed.has(key));
    reply(message, { offsets: Object.fromEntries(known.map((key) => [key, committed.get(key)])) });
  },
};

// All in the memory of one node. The mistake, with two nodes: each has its own.
const store = new Map();
const transactions = {
  txn(message) {
    const done = message.body.txn.map(([f, key, value]) => {
      if (f === 'r') return [f, key, store.get(key) ?? null];
      store.set(key, f === 'w' ? value : [...(store.get(key) ?? []), value]);
      return [f, key, value];
    });
    reply(message, { txn: done });
  },
};

const handlers = {
  echo,
  'unique-ids': uniqueIds,
  broadcast,
  'g-set': gSet,
  'g-counter': counter,
  'pn-counter': counter,
  'lin-kv': linKv,
  kafka,
  'txn-list-append': transactions,
  'txn-rw-register': transactions,
}[workload];

createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line);
  const { body } = message;
  if (body.type === 'init') {
    id = body.node_id;
    ids = body.node_ids;
    handlers.init?.();
    return reply(message, {});
  }
  const waits = waiting.get(body.in_reply_to);
  waiting.delete(body.in_reply_to);
  if (waits !== undefined) return waits(body);
  const handler = handlers[body.type];
  if (handler === undefined) return refuse(message, 10, `there is no ${body.type}`);
  return handler(message);
});
