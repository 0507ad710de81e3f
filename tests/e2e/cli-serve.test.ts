/** `parley signal` and `parley lab`: what they print, what they serve, and how they end. */

import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { Folder, Shell } from './cli-process.ts';

let folder: Folder;
const running: Shell[] = [];

beforeEach(() => {
  folder = new Folder();
});

afterEach(async () => {
  for (const shell of running.splice(0)) {
    shell.kill('SIGTERM');
    await shell.finished;
  }
  folder.remove();
});

function start(...words: string[]): Shell {
  const shell = new Shell(words, { cwd: folder.path });
  running.push(shell);
  return shell;
}

async function addressOf(shell: Shell): Promise<string> {
  const [, address] = await shell.until(/on this machine +(http:\/\/\S+)/);
  return address!;
}

async function textAt(address: string, path: string): Promise<string> {
  return (await fetch(new URL(path, address))).text();
}

function opens(address: string): Promise<boolean> {
  const url = new URL('/signal', address.replace('http', 'ws'));
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    socket.on('open', () => {
      resolve(true);
      socket.close();
    });
    socket.on('error', () => resolve(false));
  });
}

test.each(['SIGINT', 'SIGTERM'] as const)('signal serves rooms until %s', async (signal) => {
  const shell = start('signal', '--port', '0');
  const address = await addressOf(shell);
  expect(await opens(address)).toBe(true);
  expect(await textAt(address, '/')).toMatch(/signaling server of Parley/);
  expect(JSON.parse(await textAt(address, '/health'))).toMatchObject({ status: 'ok' });
  shell.kill(signal);
  expect((await shell.finished).status).toBe(0);
  expect(await opens(address)).toBe(false);
});

test('on a network, its address is there to read and to scan', async () => {
  const shell = start('signal', '--port', '0');
  await shell.until(/Ctrl-C stops it/);
  if (!/on your network/.test(shell.stdout)) return;
  expect(shell.stdout).toMatch(/on your network +http:\/\/\d+\.\d+\.\d+\.\d+:\d+\//);
  expect(shell.stdout).toMatch(/[█▀▄]{5}/);
});

test('on loopback alone there is nothing to scan', async () => {
  const shell = start('signal', '--port', '0', '--host', '127.0.0.1');
  expect(await addressOf(shell)).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  await shell.until(/Ctrl-C stops it/);
  expect(shell.stdout).not.toMatch(/on your network|█/);
});

test.each(['signal', 'lab'])(
  '%s says which port is free when its own is taken',
  async (command) => {
    const other = await listen();
    try {
      const { port } = other.address() as AddressInfo;
      const shell = new Shell([command], { environment: { PORT: String(port) } });
      const { status, stdout, stderr } = await shell.finished;
      expect(stderr).toMatch(new RegExp(`Port ${port} is in use.*--port \\d+`));
      expect(stdout).toBe('');
      expect(status).toBe(1);
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
  },
);

test('lab serves the page and rooms on one port, with the modules it was given', async () => {
  folder.write(
    'mine.ts',
    `import { defineAlgorithm } from '@parley-lab/parley';
     export class Mine extends defineAlgorithm('mine_alone', {}) { handlers = this.on({}); }`,
  );
  const shell = start('lab', './mine.ts', '--port', '0');
  const address = await addressOf(shell);
  expect(await opens(address)).toBe(true);
  const page = await textAt(address, '/');
  expect(page).toMatch(/<!doctype html>/i);
  const scripts = Array.from(page.matchAll(/(?:src|href)="([^"]+\.js)"/g), ([, script]) => script!);
  const texts = await Promise.all(scripts.map((script) => textAt(address, script)));
  expect(texts.some((text) => text.includes('./mine.ts'))).toBe(true);
  expect(await textAt(address, '/node.html')).toMatch(/<!doctype html>/i);
  shell.kill('SIGINT');
  expect((await shell.finished).status).toBe(0);
});

test('lab --dev serves the sources, and pages hear of changes through the same port', async () => {
  const shell = start('lab', '--dev', '--port', '0');
  const address = await addressOf(shell);
  expect(await textAt(address, '/')).toContain('/@vite/client');
  expect(await textAt(address, '/src/core/id.ts')).toContain('compareIds');
  expect(await opens(address)).toBe(true);
  const updates = new WebSocket(address.replace('http', 'ws'), 'vite-ping');
  await new Promise((resolve, reject) => {
    updates.on('open', resolve);
    updates.on('error', reject);
  });
  shell.kill('SIGTERM');
  expect((await shell.finished).status).toBe(0);
});

async function listen(): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, resolve);
  });
  return server;
}
