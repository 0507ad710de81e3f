import { readFileSync } from 'node:fs';
import { get } from 'node:https';
import { connect } from 'node:net';
import { once } from 'node:events';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { ServerLimits } from '../../../signaling-server/limits.ts';
import type { SignalingServer } from '../../../signaling-server/server.ts';
import { SignalingClient } from '../../../src/net/signaling/client.ts';
import { signalingUrl } from '../../../src/net/signaling/protocol.ts';
import { Certificates, whyNoCertificates } from '../../support/certificates.ts';
import { describeUnless } from '../../support/skip.ts';
import { Fixture, tab } from './support.ts';

/** A handshake takes its time on a machine that is busy elsewhere. */
const PATIENT = { timeout: 60_000 };

describeUnless(whyNoCertificates())('over TLS', () => {
  const files = new Certificates();
  let tls: { cert: string; key: string };
  beforeAll(() => {
    const { cert, key } = files.make('server');
    tls = { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  });
  afterAll(() => files.remove());

  let fixture: Fixture;
  beforeEach(() => {
    fixture = new Fixture();
  });
  afterEach(() => fixture.close());

  function serve(limits: Partial<ServerLimits> = {}): Promise<SignalingServer> {
    return fixture.server({ tls, limits });
  }

  async function read(server: SignalingServer, path: string): Promise<string> {
    const [response] = await once(get(`${server.urls[0]}${path}`, { ca: tls.cert }), 'response');
    let text = '';
    for await (const part of response) text += String(part);
    return text;
  }

  /** A client as the browser's, which trusts the certificate. */
  function trusting(server: SignalingServer): SignalingClient {
    class Trusting extends WebSocket {
      constructor(url: string) {
        super(url, { ca: tls.cert });
      }
    }
    const client = new SignalingClient({ url: signalingUrl(server.urls[0]!), webSocket: Trusting });
    fixture.later(() => client.close());
    return client;
  }

  test('pages, rooms and PeerJS work as ever, under https and wss', PATIENT, async () => {
    const server = await serve();
    expect(server.urls).toEqual([`https://127.0.0.1:${server.port}/`]);
    expect(JSON.parse(await read(server, 'health'))).toMatchObject({
      status: 'ok',
      urls: server.urls,
    });
    const [ada, bob] = [trusting(server), trusting(server)];
    const heard = new Promise((resolve) => bob.on('signal', resolve));
    const request = tab();
    await bob.join(request);
    await ada.join(tab());
    ada.signal(request.member, { hello: 'bob' });
    expect(await heard).toMatchObject({ payload: { hello: 'bob' } });
    expect(await read(server, 'peerjs/id')).toMatch(/^[\w-]{36}$/);
    const peer = new WebSocket(`wss://127.0.0.1:${server.port}/peerjs?id=a&token=b&key=peerjs`, {
      ca: tls.cert,
    });
    expect(String((await once(peer, 'message'))[0])).toBe('{"type":"OPEN"}');
    peer.terminate();
  });

  test('what is not TLS is cut off, and counted', PATIENT, async () => {
    const server = await serve({ headersDeadlineMs: 40 });
    const plain = connect(server.port, '127.0.0.1', () => plain.write('GET / HTTP/1.1\r\n\r\n'));
    const silent = connect(server.port, '127.0.0.1');
    const ends = [plain, silent].map((socket) => {
      socket.on('error', () => {});
      return once(socket.resume(), 'close');
    });
    await Promise.all(ends);
    await vi.waitFor(async () => {
      // Whoever reads this may be too slow for so short a deadline himself, and is counted then.
      const [, failed] = /parley_signaling_tls_failed_total (\d+)/.exec(
        await read(server, 'metrics'),
      )!;
      expect(Number(failed)).toBeGreaterThanOrEqual(2);
    }, PATIENT);
  });

  test(
    'a server that ends waits for nobody: not who is silent, not who is slow',
    PATIENT,
    async () => {
      const server = await serve({ closeGraceMs: 50 });
      const client = trusting(server);
      await client.join(tab());
      const silent = connect(server.port, '127.0.0.1');
      const slow = connectTls(server.port, '127.0.0.1', { ca: tls.cert });
      for (const socket of [silent, slow]) socket.on('error', () => {});
      await Promise.all([once(silent, 'connect'), once(slow, 'secureConnect')]);
      slow.write('GET / HTTP/1.1\r\n');
      const ended = [silent, slow].map((socket) => once(socket.resume(), 'close'));
      await server.close();
      await Promise.all(ended);
      await fixture.server({ port: server.port });
    },
  );
});
