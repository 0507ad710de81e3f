/** What the server tells of itself: to people and probes as `/health`, to Prometheus as `/metrics`. */
import { PROTOCOL_VERSION } from '../src/net/signaling/protocol.ts';
import type { ConnectionContext } from './client-connection.ts';
import type { Door } from './door.ts';
import type { Gauge } from './metrics.ts';
import type { PeerContext } from './peerjs/connection.ts';

/** Answers for `/health` and `/metrics`. */
export class Status {
  readonly #context: ConnectionContext & PeerContext;
  readonly #door: Door;
  readonly #version: string;
  readonly #startedAtMs = performance.now();
  /** Where people reach the server; known when it listens. */
  urls: readonly string[] = [];

  constructor(context: ConnectionContext & PeerContext, door: Door, version: string) {
    this.#context = context;
    this.#door = door;
    this.#version = version;
  }

  /** The body of `/health`. */
  health(): object {
    const { rooms, realm } = this.#context;
    return {
      // A page that was opened as localhost shows others this address.
      urls: this.urls,
      status: rooms.isReachable ? 'ok' : 'unavailable',
      version: this.#version,
      protocol: PROTOCOL_VERSION,
      uptimeSeconds: this.#uptimeSeconds(),
      rooms: rooms.roomCount,
      members: rooms.memberCount,
      peers: realm.size,
      connections: this.#door.size,
    };
  }

  /** The body of `/metrics`. */
  metrics(): string {
    return this.#context.metrics.render(this.#gauges());
  }

  #gauges(): Gauge[] {
    const { rooms, realm } = this.#context;
    const { rss, heapUsed } = process.memoryUsage();
    return [
      { name: 'uptime_seconds', help: 'Time since the start.', value: this.#uptimeSeconds() },
      { name: 'rooms', help: 'Rooms known, empty ones included.', value: rooms.roomCount },
      {
        name: 'rooms_reachable',
        help: '1, or 0 while Redis is out of reach.',
        value: rooms.isReachable ? 1 : 0,
      },
      { name: 'members', help: 'Members present.', value: rooms.memberCount },
      { name: 'peers', help: 'PeerJS clients present.', value: realm.size },
      {
        name: 'peer_messages_waiting',
        help: 'Messages that wait for absent PeerJS clients.',
        value: realm.waiting,
      },
      { name: 'open_connections', help: 'Signaling sockets.', value: this.#door.size },
      { name: 'resident_memory_bytes', help: 'Memory of the process.', value: rss },
      { name: 'heap_used_bytes', help: 'Memory that objects take.', value: heapUsed },
    ];
  }

  #uptimeSeconds(): number {
    return Math.trunc((performance.now() - this.#startedAtMs) / 1000);
  }
}
