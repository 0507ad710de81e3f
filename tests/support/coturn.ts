/** A TURN server for tests: Debian's coturn on loopback, with accounts by shared secret alone. */

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** What coturn prints when it answers. */
const READY = /Total General servers/;

/** Each side of a relayed connection takes one, and a refused one none. */
const RELAY_PORTS = 64;

/** Why this machine has no TURN server; undefined when it has. */
export function whyNoCoturn(): string | undefined {
  const { error } = spawnSync('turnserver', ['--version']);
  return error === undefined ? undefined : 'there is no `turnserver` (package coturn)';
}

/** A running TURN server. */
export class Coturn {
  readonly url: string;
  readonly secret: string;
  readonly #process: ChildProcess;
  readonly #folder: string;
  #printed = '';

  private constructor(url: string, secret: string, child: ChildProcess, folder: string) {
    this.url = url;
    this.secret = secret;
    this.#process = child;
    this.#folder = folder;
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on('data', (part: Buffer) => (this.#printed += part.toString()));
    }
  }

  /** Starts one on a free port. */
  static async start(secret: string): Promise<Coturn> {
    const folder = mkdtempSync(path.join(tmpdir(), 'parley-turn-'));
    const port = await freePort();
    const configuration = path.join(folder, 'turnserver.conf');
    writeFileSync(configuration, linesFor(port, secret, folder).join('\n'));
    // In a database of its own, for it opens one even when it needs none.
    const child = spawn('turnserver', ['-c', configuration, '--userdb', `${folder}/turndb`], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const coturn = new Coturn(`turn:127.0.0.1:${port}?transport=udp`, secret, child, folder);
    await coturn.#ready();
    return coturn;
  }

  /** Ends it. */
  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const exited = once(this.#process, 'exit');
      this.#process.kill('SIGKILL');
      await exited;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => READY.test(this.#printed) && resolve();
      this.#process.stdout!.on('data', look);
      this.#process.on('error', reject);
      this.#process.on('exit', () => reject(new Error(`coturn ended:\n${this.#printed}`)));
    });
  }
}

function linesFor(port: number, secret: string, folder: string): string[] {
  return [
    `listening-ip=127.0.0.1`,
    `relay-ip=127.0.0.1`,
    `listening-port=${port}`,
    `min-port=${port + 1}`,
    `max-port=${port + RELAY_PORTS}`,
    'use-auth-secret',
    `static-auth-secret=${secret}`,
    'realm=parley.test',
    // Both ends are on this machine, which a server for others must never relay to.
    'allow-loopback-peers',
    'no-cli',
    'no-tls',
    'no-dtls',
    'log-file=stdout',
    'simple-log',
    `pidfile=${folder}/turnserver.pid`,
    '',
  ];
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  // The relay's ports lie above it.
  return port + RELAY_PORTS > 65_535 ? port - RELAY_PORTS : port;
}
