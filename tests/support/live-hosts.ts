/**
 * Several hosts on one machine: network namespaces, joined by a bridge in a namespace of its own.
 *
 * Nothing outside of them is touched: no link, address or route of the machine changes. Names carry the process id, so that what a killed
 * process left behind is found and removed by the next one.
 */

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';

const PREFIX = 'parley-test-';

/** Where iproute2 keeps the names of namespaces. */
const NAMES_FOLDER = '/run/netns';

/** Milliseconds for a process to end after it was asked to. */
const END_GRACE_MS = 5000;

/** Why this machine cannot have namespaces; undefined when it can. */
export function whyNoHosts(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces are Linux’s';
  if (process.getuid?.() !== 0) return 'making network namespaces takes root';
  if (spawnSync('ip', ['-V']).status !== 0) return 'there is no `ip` (package iproute2)';
  const name = `${PREFIX}${process.pid}-try`;
  const tried = spawnSync('ip', ['netns', 'add', name], { encoding: 'utf8' });
  if (tried.status !== 0) return `this machine refuses network namespaces: ${tried.stderr.trim()}`;
  spawnSync('ip', ['netns', 'del', name]);
  return undefined;
}

/** Fulfilled when the server has told people where it is. */
export function announcement(output: Readable, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    output.on('data', (part: Buffer) => {
      text += part.toString();
      if (text.includes(address)) resolve();
    });
    output.on('end', () => reject(new Error(`it ended without naming ${address}:\n${text}`)));
  });
}

/** A network of hosts h1, h2, … at 10.77.0.1, 10.77.0.2, … */
export class Hosts {
  readonly #folder = mkdtempSync(path.join(tmpdir(), PREFIX));
  readonly #count: number;
  readonly #processes: ChildProcess[] = [];
  readonly #removeAtExit = () => this.#removeAll();

  private constructor(count: number) {
    this.#count = count;
  }

  /** Makes a network. */
  static make(count: number): Hosts {
    removeLeftovers();
    const hosts = new Hosts(count);
    process.once('exit', hosts.#removeAtExit);
    try {
      hosts.#build();
    } catch (error) {
      hosts.#removeAll();
      throw error;
    }
    return hosts;
  }

  /** Address of a host. */
  address(host: number): string {
    return `10.77.0.${host}`;
  }

  /** A script that runs a program in a host, to be named instead of it. */
  wrapper(host: number, program: string): string {
    const file = path.join(this.#folder, `${path.basename(program)}-h${host}`);
    writeFileSync(file, `#!/bin/sh\nexec ip netns exec ${this.#name(host)} '${program}' "$@"\n`);
    chmodSync(file, 0o755);
    return file;
  }

  /** Starts a program in a host; it is ended with the network. */
  start(host: number, program: string, parameters: readonly string[]): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', this.#name(host), program, ...parameters], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#processes.push(child);
    return child;
  }

  /** Pulls a host's cable, or puts it back. */
  cable(host: number, state: 'down' | 'up'): void {
    // At the far end, so that the host keeps its address and routes, as with a cable.
    ip('-n', this.#name('bridge'), 'link', 'set', `port${host}`, state);
  }

  /** Ends every process in the hosts and removes the network. */
  async remove(): Promise<void> {
    await Promise.all(this.#processes.map(end));
    process.off('exit', this.#removeAtExit);
    this.#removeAll();
  }

  #build(): void {
    const bridge = this.#name('bridge');
    ip('netns', 'add', bridge);
    // Snooping would keep multicast, and with it the names of mDNS, from ports that have not asked for it.
    ip('-n', bridge, 'link', 'add', 'br0', 'type', 'bridge', 'mcast_snooping', '0');
    ip('-n', bridge, 'link', 'set', 'br0', 'up');
    for (let host = 1; host <= this.#count; host++) {
      const name = this.#name(host);
      ip('netns', 'add', name);
      const ends = ['eth0', 'netns', name, 'type', 'veth', 'peer', `port${host}`, 'netns', bridge];
      ip('link', 'add', ...ends);
      ip('-n', bridge, 'link', 'set', `port${host}`, 'master', 'br0', 'up');
      ip('-n', name, 'link', 'set', 'lo', 'up');
      ip('-n', name, 'address', 'add', `${this.address(host)}/24`, 'dev', 'eth0');
      // An address of IPv6 would become valid a second or two later, and a browser breaks off what it loads when its addresses change.
      ip('-n', name, 'link', 'set', 'eth0', 'addrgenmode', 'none');
      ip('-n', name, 'link', 'set', 'eth0', 'up');
      // The way to everywhere else ends at the bridge; browsers look for it to learn their own address.
      ip('-n', name, 'route', 'add', 'default', 'via', '10.77.0.254', 'dev', 'eth0', 'onlink');
    }
  }

  #name(host: number | 'bridge'): string {
    return `${PREFIX}${process.pid}-${host}`;
  }

  #removeAll(): void {
    for (const name of namespaces(process.pid)) removeNamespace(name);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Namespaces of processes that are gone. */
function removeLeftovers(): void {
  for (const name of namespaces()) {
    const pid = Number(name.slice(PREFIX.length).split('-')[0]);
    if (!existsSync(`/proc/${pid}`)) removeNamespace(name);
  }
}

function namespaces(pid?: number): string[] {
  if (!existsSync(NAMES_FOLDER)) return [];
  const start = pid === undefined ? PREFIX : `${PREFIX}${pid}-`;
  return readdirSync(NAMES_FOLDER).filter((name) => name.startsWith(start));
}

/** Nobody but us starts processes in our namespaces, and one that stays would keep the namespace alive. */
function removeNamespace(name: string): void {
  const { stdout } = spawnSync('ip', ['netns', 'pids', name], { encoding: 'utf8' });
  for (const pid of stdout.split('\n').filter((line) => line !== '')) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
  spawnSync('ip', ['netns', 'del', name]);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), END_GRACE_MS);
  await exited;
  clearTimeout(timer);
}

function ip(...parameters: string[]): void {
  const { status, stderr } = spawnSync('ip', parameters, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${parameters.join(' ')}: ${stderr.trim()}`);
}
