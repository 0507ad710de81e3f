/** What the server counts, and how it tells Prometheus. */

const COUNTERS = {
  connections: 'Signaling sockets accepted.',
  connections_refused: 'Signaling sockets turned away because the server was full.',
  sockets_refused: 'TCP connections refused because there were too many.',
  tls_failed: 'Connections that failed before they were encrypted.',
  frames_received: 'Frames received from clients.',
  frames_sent: 'Frames sent to clients.',
  frames_malformed: 'Frames refused because they were malformed.',
  frames_rate_limited: 'Frames dropped because their sender was too fast.',
  relay_frames: 'Relayed frames taken from clients.',
  relay_bytes: 'Characters of data in them.',
  relay_dropped: 'Relayed frames dropped because their receiver did not read.',
  joins_refused: 'Joins refused because their address asked too often.',
  proofs_refused: 'Joins refused because the key they showed was not proven.',
  redis_lost: 'Times that Redis was lost, or not found.',
  redis_dropped: 'Messages dropped because Redis took no more.',
  clients_struck_out: 'Clients closed after several refused frames.',
  clients_slow: 'Clients cut off because they did not read what they were sent.',
  clients_dead: 'Clients cut off because they did not answer a ping.',
  peers_refused: 'PeerJS clients refused: wrong key, unusable id, or an id that is taken.',
  peer_messages_relayed: 'Messages handed from one PeerJS client to another.',
  peer_messages_expired: 'Messages whose PeerJS client did not come in time.',
  peer_messages_dropped: 'Messages for absent PeerJS clients that found no room to wait.',
  turn_credentials: 'Credentials for TURN servers handed out.',
  http_requests: 'HTTP requests, upgrades not included.',
} as const;

const PREFIX = 'parley_signaling_';

/** The name of a counter, without its prefix. */
export type CounterName = keyof typeof COUNTERS;

/** A value that rises and falls, read when it is asked for. */
export interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly value: number;
}

/** Counters since the start. */
export class Metrics {
  readonly #values = new Map<CounterName, number>();

  /** One more, or several. */
  count(name: CounterName, howMany = 1): void {
    this.#values.set(name, this.value(name) + howMany);
  }

  /** How many so far. */
  value(name: CounterName): number {
    return this.#values.get(name) ?? 0;
  }

  /** Prometheus' text format, version 0.0.4. */
  render(gauges: readonly Gauge[]): string {
    const names = Object.keys(COUNTERS) as CounterName[];
    const counters = names.map((name) =>
      sample(`${name}_total`, 'counter', COUNTERS[name], this.value(name)),
    );
    return [
      ...gauges.map(({ name, help, value }) => sample(name, 'gauge', help, value)),
      ...counters,
    ].join('');
  }
}

function sample(name: string, type: 'counter' | 'gauge', help: string, value: number): string {
  const full = PREFIX + name;
  return `# HELP ${full} ${help}\n# TYPE ${full} ${type}\n${full} ${value}\n`;
}
