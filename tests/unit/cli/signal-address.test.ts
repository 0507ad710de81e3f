import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { startSignalingServer } from '../../../signaling-server/server.ts';
import { checkServer, roomCode, signalAddress } from '../../../src/cli/live/signal-address.ts';

test.each([
  ['ws://localhost:9000', 'ws://localhost:9000/signal'],
  ['ws://localhost:9000/', 'ws://localhost:9000/signal'],
  ['ws://localhost:9000/signal', 'ws://localhost:9000/signal'],
  ['http://192.168.1.20:9000/', 'ws://192.168.1.20:9000/signal'],
  ['https://lab.example.org', 'wss://lab.example.org/signal'],
  ['localhost:9000', 'ws://localhost:9000/signal'],
  ['[::1]:9000', 'ws://[::1]:9000/signal'],
  ['https://example.org/parley/signal', 'wss://example.org/parley/signal'],
])('%s is %s', (text, address) => {
  expect(signalAddress(text)).toBe(address);
});

test.each(['ftp://a', '', 'http://', 'ws://a:99999', 'a b'])("'%s' is no address", (text) => {
  expect(() => signalAddress(text)).toThrow(/ws:\/\/localhost:9000/);
});

test('room codes are checked before anything is started', () => {
  expect(roomCode('7KQ4-XM')).toBe('7KQ4-XM');
  expect(() => roomCode('abc')).toThrow(/4 to 64/);
  expect(() => roomCode('a b c d')).toThrow(/4 to 64/);
  expect(() => roomCode('ABCD#key')).toThrow(/closed rooms/);
});

test('a server that is there answers', async () => {
  const server = await startSignalingServer({ port: 0, host: '127.0.0.1' });
  try {
    await checkServer(`ws://127.0.0.1:${server.port}/signal`);
  } finally {
    await server.close();
  }
});

test('one that is not there is named, with what to do', async () => {
  const probe = createServer();
  const port = await new Promise<number>((resolve) => {
    probe.listen(0, '127.0.0.1', () => resolve((probe.address() as { port: number }).port));
  });
  await new Promise((resolve) => probe.close(resolve));
  await expect(checkServer(`ws://127.0.0.1:${port}/signal`)).rejects.toThrow(
    /no signaling server answers at ws:\/\/127\.0\.0\.1:\d+\/signal.*\n.*npm run signal/,
  );
});
