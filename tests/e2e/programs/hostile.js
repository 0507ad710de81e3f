/** Programs that break the protocol, each in the way that its first argument says, as soon as they are asked something. */

import { createInterface } from 'node:readline';

const [way] = process.argv.slice(2);
const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
let id = '';

const WAYS = {
  'no JSON': () => process.stdout.write('starting up!\n'),
  'no object': () => process.stdout.write('[1, 2]\n'),
  'no body': () => say({ src: id, dest: 'c1' }),
  'no type': () => say({ src: id, dest: 'c1', body: { messages: [] } }),
  'odd number': () => say({ src: id, dest: 'c1', body: { type: 'echo_ok', in_reply_to: 'one' } }),
  'unknown dest': () => say({ src: id, dest: 'n9', body: { type: 'hello' } }),
  'other src': () => say({ src: 'n5', dest: 'c1', body: { type: 'hello' } }),
  'long line': () => process.stdout.write(`${'x'.repeat(2_000_000)}\n`),
  'line without end': () => process.stdout.write('y'.repeat(2_000_000)),
  'deep nesting': () =>
    process.stdout.write(
      `{"src":"${id}","dest":"c1","body":{"type":"x","a":${'['.repeat(500)}${']'.repeat(500)}}}\n`,
    ),
  prototype: () =>
    process.stdout.write(`{"src":"${id}","dest":"c1","body":{"type":"x","__proto__":{"a":1}}}\n`),
  exit: () => {
    process.stderr.write('out of coffee\n');
    process.exit(3);
  },
  signal: () => process.kill(process.pid, 'SIGKILL'),
  'wrong answer': (message) =>
    say({
      src: id,
      dest: message.src,
      body: { type: 'echo_ok', in_reply_to: message.body.msg_id },
    }),
  'talk to itself': () => say({ src: id, dest: id, body: { type: 'again' } }),
  busy: () => {
    for (;;);
  },
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line);
  const { type, msg_id, node_id } = message.body;
  if (type !== 'init') return WAYS[way](message);
  id = node_id;
  return say({ src: id, dest: message.src, body: { type: 'init_ok', in_reply_to: msg_id } });
});
