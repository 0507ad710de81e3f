/** `parley signal` with a certificate, with settings from the environment, and with a log for programs. */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { get } from 'node:https';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { SignalingClient } from '../../src/net/signaling/client.ts';
import { signalingUrl } from '../../src/net/signaling/protocol.ts';
import { Certificates, whyNoCertificates } from '../support/certificates.ts';
import { testUnless } from '../support/skip.ts';
import { tab } from '../unit/signaling/support.ts';
import { parley, Shell } from './cli-process.ts';

const running: Shell[] = [];
const files = new Certificates();
let good: { cert: string; key: string } | undefined;
beforeAll(() => {
  if (whyNoCertificates() === undefined) good = files.make('lan');
});
afterAll(() => files.remove());
afterEach(async () => {
  for (const shell of running.splice(0)) {
    shell.kill('SIGTERM');
    await shell.finished;
  }
});

function start(words: readonly string[], environment: Record<string, string> = {}): Shell {
  const shell = new Shell(['signal', ...words], { environment });
  running.push(shell);
  return shell;
}

async function readSecurely(url: string, ca: string): Promise<string> {
  const [response] = await once(get(url, { ca }), 'response');
  let text = '';
  for await (const part of response) text += String(part);
  return text;
}

testUnless(whyNoCertificates())('serves https and wss with a certificate', async () => {
  const { cert, key } = good!;
  const words = ['--port', '0', '--host', '127.0.0.1', '--cert', cert, '--key', key];
  const shell = start(words);
  const [, url] = await shell.until(/on this machine +(https:\/\/127\.0\.0\.1:\d+\/)/);
  const ca = readFileSync(cert, 'utf8');
  expect(JSON.parse(await readSecurely(`${url}health`, ca))).toMatchObject({
    status: 'ok',
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    urls: [url],
  });
  const socket = new WebSocket(signalingUrl(url!), { ca });
  await once(socket, 'open');
  const closed = once(socket, 'close');
  shell.kill('SIGTERM');
  expect((await closed)[0]).toBe(1001);
  expect(await shell.finished).toMatchObject({ status: 0, stderr: 'SIGTERM: stopping\n' });
});

testUnless(whyNoCertificates())('warns of a certificate that names other addresses', async () => {
  const { cert, key } = files.make('elsewhere', 'DNS:signal.example.org');
  const shell = start(['--port', '0', '--host', '127.0.0.1', '--cert', cert, '--key', key]);
  await shell.until(
    /warn certificate .*not made for 127\.0\.0\.1, but for DNS:signal\.example\.org/,
  );
});

testUnless(whyNoCertificates())(
  'refuses a key that does not fit, before it takes a port',
  async () => {
    const words = ['signal', '--cert', good!.cert, '--key', files.makeKey('other')];
    const { status, stdout, stderr } = await parley(words);
    expect(stderr).toMatch(
      /^error: --cert .*lan\.pem and --key .*other\.pem do not belong together/,
    );
    expect([status, stdout]).toEqual([2, '']);
  },
);

test('takes everything from the environment, and logs for programs', async () => {
  const secret = 'not-to-be-seen-anywhere';
  const shell = start([], {
    PARLEY_SIGNAL_PORT: '0',
    PARLEY_SIGNAL_HOST: '127.0.0.1',
    PARLEY_SIGNAL_LOG: 'json',
    PARLEY_SIGNAL_MAX_MEMBERS: '1',
    PARLEY_SIGNAL_ICE_SERVER: 'stun:a stun:b',
    PARLEY_SIGNAL_TURN: 'turn:c',
    PARLEY_SIGNAL_TURN_SECRET: secret,
    PARLEY_SIGNAL_TURN_TTL: '600',
    PARLEY_SIGNAL_ALLOW_DISCOVERY: 'true',
  });
  const [, url] = await shell.until(/"urls":\["(http:\/\/[^"]+)"/);
  expect(await (await fetch(`${url}peerjs/peers`)).json()).toEqual([]);
  const clients = [0, 1].map(() => {
    return new SignalingClient({ url: signalingUrl(url!), webSocket: WebSocket });
  });
  await clients[0]!.join(tab());
  expect(clients[0]!.iceServers).toMatchObject([
    { urls: ['stun:a', 'stun:b'] },
    { urls: ['turn:c'] },
  ]);
  await expect(clients[1]!.join(tab())).rejects.toMatchObject({ code: 'room-full' });
  shell.kill('SIGTERM');
  const { status, stdout, stderr } = await shell.finished;
  for (const client of clients) client.close();
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(lines).toMatchObject([{ event: 'listening' }, { event: 'closed' }]);
  for (const line of lines) {
    expect(line).toMatchObject({ time: expect.stringMatching(/^\d{4}-.*Z$/), level: 'info' });
  }
  expect(status).toBe(0);
  expect(stdout + stderr).not.toContain(secret);
});

test('a variable that cannot be is a usage error that names it', async () => {
  const environment = { PARLEY_SIGNAL_MAX_ROOMS: 'plenty' };
  const { status, stdout, stderr } = await parley(['signal'], { environment });
  expect(stderr).toMatch(/^error: PARLEY_SIGNAL_MAX_ROOMS=plenty in the environment: .* 1 to /);
  expect([status, stdout]).toEqual([2, '']);
  // The flag is what counts, and so the variable is not looked at.
  const shell = start(['--port', '0', '--max-rooms', '5'], environment);
  await shell.until(/on this machine/);
});
