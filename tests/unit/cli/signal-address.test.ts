import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { startSignalingServer } from '../../../signaling-server/server.ts';
import { checkServer, namedRoom, signalAddress } from '../../../src/cli/live/signal-address.ts';
import { ROOM_KEY_BYTES } from '../../../src/net/rooms/key-text.ts';
import { roomAddressText } from '../../../src/net/rooms/room-address.ts';

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

describe('--room', () => {
  const key = new Uint8Array(ROOM_KEY_BYTES).fill(7);
  const closed = roomAddressText({ code: '7KQ4XM', access: { kind: 'key', key } });

  test('names an open room by its code, whatever the case', async () => {
    expect(await namedRoom('7kq4-xm', undefined)).toEqual({ code: '7KQ4-XM', key: undefined });
  });

  test('names a closed room by code and key', async () => {
    expect(await namedRoom(closed, undefined)).toEqual({ code: '7KQ4XM', key });
  });

  test('takes the passphrase of a closed room from elsewhere', async () => {
    const { key: made } = await namedRoom('7KQ4XM#passphrase', 'correct horse battery');
    expect(made).toHaveLength(ROOM_KEY_BYTES);
    await expect(namedRoom('7KQ4XM#passphrase', undefined)).rejects.toThrow(
      /PARLEY_ROOM_PASSPHRASE/,
    );
    await expect(namedRoom('7KQ4XM#passphrase', 'short')).rejects.toThrow(/at least 8/);
  });

  test.each([
    ['abc', /4 to 64/],
    ['a?b!c', /letters, digits and hyphens/],
    ['', /missing/],
    ['7KQ4XM#', /key behind the code is missing/],
  ])("'%s' is refused before anything is started", async (text, problem) => {
    await expect(namedRoom(text, undefined)).rejects.toThrow(problem);
  });

  test('a key that is wrong is not shown in the terminal', async () => {
    const error = await namedRoom(`${closed}SECRET`, undefined).catch(String);
    expect(error).not.toContain('SECRET');
  });
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
