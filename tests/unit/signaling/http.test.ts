import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PROTOCOL_VERSION } from '../../../src/net/signaling/protocol.ts';
import type { SignalingServer } from '../../../signaling-server/server.ts';
import { Fixture, metric, tab } from './support.ts';

const SECRET = 'outside of the folder';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-static-'));
  const root = join(folder, 'public');
  await mkdir(join(root, 'assets'), { recursive: true });
  await mkdir(join(root, 'guide'));
  await mkdir(join(folder, 'public-but-not-quite'));
  const files: [string, string][] = [
    ['public/index.html', '<!doctype html>home'],
    ['public/guide/index.html', '<!doctype html>guide'],
    ['public/with space.txt', 'spaced'],
    ['public/icon.svg', '<svg/>'],
    ['public/empty.css', ''],
    ['public/unknown.xyz', '?'],
    ['public/assets/main-D4f_9aZ1.js', 'export {};'],
    ['public/assets/plain.js', 'export {};'],
    ['public/.env', SECRET],
    ['secret.txt', SECRET],
    ['public-but-not-quite/secret.txt', SECRET],
  ];
  for (const [name, content] of files) await writeFile(join(folder, name), content);
  await symlink(join(folder, 'secret.txt'), join(root, 'link.txt'));
  await symlink(folder, join(root, 'up'));
  await symlink(join(folder, 'public-but-not-quite'), join(root, 'sibling'));
});
afterAll(() => rm(folder, { recursive: true }));

let fixture: Fixture;
let server: SignalingServer;
beforeEach(async () => {
  fixture = new Fixture();
  server = await fixture.server({ staticRoot: join(folder, 'public'), version: '1.2.3' });
});
afterEach(() => fixture.close());

function get(path: string, init?: RequestInit): Promise<Response> {
  return fetch(`${server.urls[0]}${path}`, init);
}

describe('static files', () => {
  const expected: [string, string, string, string][] = [
    ['', 'text/html; charset=utf-8', 'no-cache', '<!doctype html>home'],
    ['index.html?query=1', 'text/html; charset=utf-8', 'no-cache', '<!doctype html>home'],
    ['guide/', 'text/html; charset=utf-8', 'no-cache', '<!doctype html>guide'],
    ['with%20space.txt', 'text/plain; charset=utf-8', 'no-cache', 'spaced'],
    ['icon.svg', 'image/svg+xml', 'no-cache', '<svg/>'],
    ['empty.css', 'text/css; charset=utf-8', 'no-cache', ''],
    ['unknown.xyz', 'application/octet-stream', 'no-cache', '?'],
    ['assets/plain.js', 'text/javascript; charset=utf-8', 'no-cache', 'export {};'],
    [
      'assets/main-D4f_9aZ1.js',
      'text/javascript; charset=utf-8',
      'public, max-age=31536000, immutable',
      'export {};',
    ],
  ];
  test.each(expected)('/%s', async (path, type, cache, body) => {
    for (const method of ['GET', 'HEAD']) {
      const response = await get(path, { method });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe(type);
      expect(response.headers.get('cache-control')).toBe(cache);
      expect(response.headers.get('content-length')).toBe(String(body.length));
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(await response.text()).toBe(method === 'GET' ? body : '');
    }
  });

  test('are not sent again to who has them', async () => {
    const tag = (await get('')).headers.get('etag')!;
    const again = await get('', { headers: { 'If-None-Match': tag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect((await get('', { headers: { 'If-None-Match': '"other"' } })).status).toBe(200);
  });

  test('are only read', async () => {
    const response = await get('index.html', { method: 'POST', body: 'x' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  test('that are not there get 404 in text', async () => {
    for (const path of ['nothing.html', 'guide', 'assets/', 'index.html/', 'index.html/more']) {
      const response = await get(path);
      expect([path, response.status]).toEqual([path, 404]);
      expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
      expect(await response.text()).toContain('nothing');
    }
  });

  const attempts = [
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/..%2fsecret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/..%5csecret.txt',
    '/..\\secret.txt',
    '/%252e%252e%252fsecret.txt',
    '/....//secret.txt',
    '//secret.txt',
    '/%2fsecret.txt',
    '/..%2fpublic-but-not-quite/secret.txt',
    '/-but-not-quite/secret.txt',
    '/link.txt',
    '/up/secret.txt',
    '/sibling/secret.txt',
    '/.env',
    '/%2eenv',
    '/index.html%00.txt',
    '/secret.txt%00',
    '/%',
    '/%ff',
    `/${'a/'.repeat(3_000)}`,
  ];
  test.each(attempts)('outside of the folder are out of reach: %s', async (path) => {
    const answer = await bareRequest(path);
    expect(answer).toMatch(/^HTTP\/1.1 40[04] /);
    expect(answer).not.toContain(SECRET);
  });

  test('the address of an absolute file does not help', async () => {
    expect(await bareRequest(join(folder, 'secret.txt'))).toMatch(/^HTTP\/1.1 404 /);
    expect(await bareRequest(`http://127.0.0.1/../secret.txt`)).toMatch(/^HTTP\/1.1 404 /);
  });
});

describe('routes', () => {
  test('/health', async () => {
    await fixture.client(server).join(tab());
    const response = await get('health');
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(await response.json()).toEqual({
      status: 'ok',
      version: '1.2.3',
      protocol: PROTOCOL_VERSION,
      urls: server.urls,
      uptimeSeconds: expect.any(Number),
      rooms: 1,
      members: 1,
      peers: 0,
      connections: 1,
    });
  });

  test('/metrics', async () => {
    const client = fixture.client(server);
    await client.join(tab());
    const response = await get('metrics');
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await metric(server, 'members')).toBe(1);
    expect(await metric(server, 'rooms')).toBe(1);
    expect(await metric(server, 'frames_received_total')).toBe(1);
    expect(await metric(server, 'frames_sent_total')).toBe(1);
  });

  test('the dynamic route comes before files, and the fallback last', async () => {
    const other = await fixture.server({
      staticRoot: join(folder, 'public'),
      dynamicRoute: async (request, response) => {
        if (request.url !== '/icon.svg') return false;
        response.end('dynamic');
        return true;
      },
      fallbackRequest: (request, response) => response.end(`fallback for ${request.url}`),
    });
    const texts = [];
    for (const path of ['icon.svg', 'guide/', 'nowhere?x=1', 'health']) {
      texts.push(await (await fetch(`${other.urls[0]}${path}`)).text());
    }
    expect(texts.slice(0, 3)).toEqual([
      'dynamic',
      '<!doctype html>guide',
      'fallback for /nowhere?x=1',
    ]);
    expect(texts[3]).toContain('"status":"ok"');
  });

  test('a route that throws costs its request and nothing else', async () => {
    const events: string[] = [];
    const other = await fixture.server({
      dynamicRoute: () => {
        throw new Error('a defect');
      },
      log: ({ event }) => events.push(event),
    });
    expect((await fetch(`${other.urls[0]}x`)).status).toBe(500);
    expect((await fetch(`${other.urls[0]}health`)).status).toBe(200);
    expect(events).toEqual(['listening', 'request-failed']);
  });
});

/** A request whose path no client library has tidied. */
function bareRequest(path: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(server.port, '127.0.0.1', () => {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    });
    let answer = '';
    socket.on('data', (data) => (answer += data.toString('latin1')));
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer));
  });
}
