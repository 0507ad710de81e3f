/**
 * What the benches of the field compare with but Parley does not depend on: installed into a folder of its own for the length of the bench, without
 * running anybody's install scripts, each with the relay that introduces its peers.
 */

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { WebSocketServer, type WebSocket } from 'ws';

/** A library that is installed, and its relay. */
export interface Guest {
  readonly name: string;
  /** In this folder: what a page loads to use it. */
  readonly script: string;
  /** Where its packages are. */
  readonly modules: string;
  /** Of the relay. */
  readonly address: string;
  close(): Promise<void>;
}

interface Relay {
  readonly address: string;
  close(): Promise<void> | void;
}

interface Wanted {
  readonly name: string;
  readonly script: string;
  readonly packages: readonly string[];
  readonly startRelay: (folder: string) => Promise<Relay>;
}

const WANTED: readonly Wanted[] = [
  {
    name: 'Trystero',
    script: 'field-trystero-page.js',
    packages: ['left', 'right'].map((side) => `trystero-${side}@npm:@trystero-p2p/core@0.25`),
    startRelay: startTopicRelay,
  },
  {
    name: 'js-libp2p',
    script: 'field-libp2p-page.js',
    packages: [
      'libp2p@3',
      '@libp2p/circuit-relay-v2@4',
      '@libp2p/gossipsub@17',
      '@libp2p/identify@4',
      '@libp2p/noise@17',
      '@libp2p/utils@7',
      '@libp2p/webrtc@6',
      '@libp2p/websockets@10',
      '@libp2p/yamux@8',
      '@multiformats/multiaddr@13',
      '@multiformats/multiaddr-matcher@3',
    ],
    startRelay: startLibp2pRelay,
  },
];

const INSTALL_TIMEOUT_MS = 5 * 60_000;
const RELAY_TIMEOUT_MS = 20_000;

/** Installs them; which one cannot be had, and why, goes to `refuse`. */
export async function installGuests(refuse: (name: string, reason: unknown) => void) {
  const guests: Guest[] = [];
  for (const wanted of WANTED) {
    try {
      guests.push(await install(wanted));
    } catch (error) {
      refuse(wanted.name, error);
    }
  }
  return guests;
}

/** Says what could not be had, or did not work, and why. */
export function printFailure(name: string, reason: unknown): void {
  console.log(`  ${name}: ${reason instanceof Error ? reason.message : String(reason)}`);
}

/** A script of this folder as one piece, with packages from that folder as well. */
export async function bundle(file: string, modules?: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'silent',
    alias: { 'simple-peer': 'simple-peer/simplepeer.min.js' },
    define: { global: 'globalThis' },
    ...(modules === undefined ? {} : { nodePaths: [modules] }),
  });
  return outputFiles[0]!.text;
}

async function install({ name, script, packages, startRelay }: Wanted): Promise<Guest> {
  const folder = await mkdtemp(path.join(tmpdir(), 'parley-field-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await writeFile(path.join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund'];
    await promisify(execFile)('npm', ['install', ...flags, ...packages], {
      cwd: folder,
      timeout: INSTALL_TIMEOUT_MS,
    });
    const relay = await startRelay(folder);
    return {
      name,
      script,
      modules: path.join(folder, 'node_modules'),
      address: relay.address,
      async close() {
        await relay.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** What Trystero's manual asks of a relay for its topic strategy: everybody hears what is published on the topics they subscribed to. */
async function startTopicRelay(): Promise<Relay> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const topics = new Map<WebSocket, Set<string>>();
  server.on('connection', (socket) => {
    const subscribed = new Set<string>();
    topics.set(socket, subscribed);
    socket.on('close', () => topics.delete(socket));
    socket.on('message', (data: Buffer) => {
      const { type, topic, payload } = JSON.parse(data.toString()) as Record<string, string>;
      if (topic === undefined) return;
      if (type === 'subscribe') subscribed.add(topic);
      else if (type === 'unsubscribe') subscribed.delete(topic);
      else {
        for (const [other, heard] of topics) {
          if (heard.has(topic)) other.send(JSON.stringify({ topic, payload }));
        }
      }
    });
  });
  return {
    address: `ws://127.0.0.1:${(server.address() as { readonly port: number }).port}`,
    close() {
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}

/** A process of its own, for it changes the globals of an old Node. */
async function startLibp2pRelay(folder: string): Promise<Relay> {
  const script = path.join(folder, 'relay.js');
  await copyFile(fileURLToPath(new URL('field-libp2p-relay.js', import.meta.url)), script);
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const signal = AbortSignal.timeout(RELAY_TIMEOUT_MS);
    const [address] = (await Promise.race([
      once(createInterface(child.stdout), 'line', { signal }),
      once(child, 'exit', { signal }).then(() => Promise.reject(new Error('its relay ended'))),
    ])) as [string];
    return { address, close: () => void child.kill() };
  } catch (error) {
    child.kill();
    throw error;
  }
}
