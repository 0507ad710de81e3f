/** The stock `peerjs` client in a real browser, as its own guide uses it, against our server. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Peer } from 'peerjs';
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { startSignalingServer, type SignalingServer } from '../../signaling-server/server.ts';
import { openChromium } from '../support/live-page.ts';
import { test, testThoroughly } from '../support/often.ts';

const peerjs = path.join(
  path.dirname(createRequire(import.meta.url).resolve('peerjs/package.json')),
  'dist/peerjs.min.js',
);
const PAGE = '<!doctype html><title>PeerJS</title><script src="peerjs.min.js"></script>';

declare global {
  interface Window {
    /** What the script of the package leaves behind. */
    Peer: typeof Peer;
    peer: Peer;
    /** Everything that happened, as words. */
    events: string[];
  }
}

let browser: Browser;
beforeAll(async () => {
  browser = await openChromium({});
});
afterAll(() => browser?.close());

let server: SignalingServer;
beforeEach(async () => {
  server = await startSignalingServer({
    port: 0,
    host: '127.0.0.1',
    allowDiscovery: true,
    dynamicRoute: (request, response) => {
      const isScript = request.url === '/peerjs.min.js';
      if (!isScript && request.url !== '/') return false;
      response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
      response.end(isScript ? readFileSync(peerjs) : PAGE);
      return true;
    },
  });
});
afterEach(() => server.close());

/** A page with a PeerJS client, the server given as host and port and nothing else. */
async function openPeer(id?: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(server.urls[0]!);
  await page.evaluate(
    ({ wanted, port }) => {
      const options = { host: '127.0.0.1', port, config: { iceServers: [] } };
      window.events = [];
      const say = (text: string) => window.events.push(text);
      window.peer =
        wanted === undefined ? new window.Peer(options) : new window.Peer(wanted, options);
      window.peer.on('open', (own) => say(`open ${own}`));
      window.peer.on('disconnected', () => say('disconnected'));
      window.peer.on('close', () => say('close'));
      window.peer.on('error', (error) => say(`error ${error.type}`));
      window.peer.on('connection', (connection) => {
        say(`connection ${connection.peer} ${JSON.stringify(connection.metadata)}`);
        connection.on('data', (data) => {
          say(`data ${JSON.stringify(data)}`);
          void connection.send({ echo: data });
        });
      });
    },
    { wanted: id, port: server.port },
  );
  return page;
}

/** Fulfilled when an event of that text has happened; with what stood there. */
async function happened(page: Page, pattern: RegExp): Promise<string> {
  const handle = await page.waitForFunction(
    (source) => window.events.find((event) => new RegExp(source).test(event)),
    pattern.source,
  );
  return (await handle.jsonValue())!;
}

test('two clients find each other, and data goes both ways', async () => {
  const [ada, bob] = await Promise.all([openPeer(), openPeer('bob')]);
  const opened = await happened(ada, /^open /);
  const id = opened.slice('open '.length);
  expect(id).toMatch(/^[\da-f-]{36}$/);
  expect(await happened(bob, /^open /)).toBe('open bob');
  await ada.evaluate(() => {
    const metadata = { topic: 'größer', n: [1, { deep: null }] };
    const connection = window.peer.connect('bob', { reliable: true, metadata });
    connection.on('open', () => void connection.send({ hello: 'bob' }));
    connection.on('data', (data) => window.events.push(`answer ${JSON.stringify(data)}`));
  });
  expect(await happened(ada, /^answer /)).toBe('answer {"echo":{"hello":"bob"}}');
  expect(await happened(bob, /^connection /)).toBe(
    `connection ${id} {"topic":"größer","n":[1,{"deep":null}]}`,
  );
  expect(
    await ada.evaluate(() => new Promise((resolve) => window.peer.listAllPeers(resolve))),
  ).toEqual(expect.arrayContaining([id, 'bob']));
});

test('what cannot be is said in the words of PeerJS', async () => {
  const ada = await openPeer('ada');
  await happened(ada, /^open ada$/);
  const second = await openPeer('ada');
  await happened(second, /^error unavailable-id$/);
  await ada.evaluate(() => void window.peer.connect('nobody'));
  await happened(ada, /^error peer-unavailable$/);
  await ada.evaluate((port) => {
    const options = { host: '127.0.0.1', port, key: 'another' };
    new window.Peer('eve', options).on('error', ({ type }) => window.events.push(`eve ${type}`));
  }, server.port);
  await happened(ada, /^eve invalid-key$/);
  expect(await ada.evaluate(() => window.events)).not.toContain('disconnected');
});

testThoroughly(
  'a client that disconnects keeps its connections, and comes back under its id',
  async () => {
    const [ada, bob] = await Promise.all([openPeer('ada'), openPeer('bob')]);
    await Promise.all([happened(ada, /^open ada$/), happened(bob, /^open bob$/)]);
    await ada.evaluate(() => {
      window.peer.disconnect();
      window.events.length = 0;
      window.peer.reconnect();
    });
    await happened(ada, /^open ada$/);
    await bob.evaluate(() => {
      const connection = window.peer.connect('ada');
      connection.on('open', () => void connection.send('again'));
      connection.on('data', (data) => window.events.push(`answer ${JSON.stringify(data)}`));
    });
    expect(await happened(bob, /^answer /)).toBe('answer {"echo":"again"}');
  },
);

testThoroughly('a client whose connection died unnoticed comes back at once', async () => {
  const ada = await openPeer('ada');
  await happened(ada, /^open ada$/);
  // The old socket stays open: this is what a change of networks looks like from the server.
  await ada.evaluate(() => {
    const { socket } = window.peer as unknown as { socket: { _socket: WebSocket } };
    const ghost = socket._socket;
    ghost.onclose = ghost.onmessage = null;
    Object.defineProperty(ghost, 'close', { value: () => {} });
    ghost.addEventListener('close', ({ code }) => window.events.push(`ghost ${code}`));
    window.peer.disconnect();
    window.events.length = 0;
    window.peer.reconnect();
  });
  await happened(ada, /^open ada$/);
  await happened(ada, /^ghost 4001$/);
});
