/**
 * The signaling server: rooms over WebSockets on `/signal`, a static page, `/health` and
 * `/metrics`, on one port. What rooms are is decided by `src/net/signaling/switchboard.ts`; this
 * folder keeps strangers from breaking it. Start reading here.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import {
  CLOSE_CODES,
  encodeMessage,
  PROTOCOL_VERSION,
  SIGNAL_PATH,
} from '../src/net/signaling/protocol.ts';
import { Switchboard } from '../src/net/signaling/switchboard.ts';
import { serverUrls } from './addresses.ts';
import { ClientConnection, type ConnectionContext } from './client-connection.ts';
import { FrameEncoder } from './frame-encoder.ts';
import { handleRequest, pathOf, type HttpFallback, type HttpRoute } from './http-routes.ts';
import { SERVER_LIMITS, type ServerLimits } from './limits.ts';
import { listen } from './listen.ts';
import type { Log } from './log.ts';
import { Metrics, type Gauge } from './metrics.ts';
import { refuseSocket } from './responses.ts';

/** The port when none is given. */
export const DEFAULT_PORT = 9000;

/** Takes over the sockets of upgrades that are not for signaling. */
export type UpgradeFallback = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** How a server is started. Nothing is required. */
export interface SignalingServerOptions {
  /** {@link DEFAULT_PORT} when absent; 0 takes any free one. */
  readonly port?: number;
  /** The interface to listen on; all of them when absent, so that a LAN can join. */
  readonly host?: string;
  /** A folder whose files are served, the built page for example. */
  readonly staticRoot?: string;
  /** Asked before the static files. */
  readonly dynamicRoute?: HttpRoute;
  /** Answers requests that nothing else answers, for example a development server. */
  readonly fallbackRequest?: HttpFallback;
  /** Takes upgrades on other paths than `/signal`; without it they get 404. */
  readonly fallbackUpgrade?: UpgradeFallback;
  /** Bounds that differ from {@link SERVER_LIMITS}. */
  readonly limits?: Partial<ServerLimits>;
  /** Where the log goes; nowhere when absent. */
  readonly log?: Log;
  /** What `/health` tells as the version of the program. */
  readonly version?: string;
}

/** A server that is running. */
export interface SignalingServer {
  readonly port: number;
  /** `http://…/` addresses: this machine's own first, then those for others on its networks. */
  readonly urls: readonly string[];
  /**
   * Tells every client to come back later and ends; resolves within two seconds, when the port is
   * free again. May be called again.
   */
  close(): Promise<void>;
}

/**
 * Starts a server; resolves when it accepts connections.
 *
 * @throws PortInUseError with the next free port
 */
export async function startSignalingServer(
  options: SignalingServerOptions = {},
): Promise<SignalingServer> {
  const running = new RunningServer(options);
  const port = await running.start(options.port ?? DEFAULT_PORT, options.host);
  const urls = serverUrls(options.host, port);
  running.urls = urls;
  running.log({ level: 'info', event: 'listening', port, urls });
  return { port, urls, close: () => running.close() };
}

class RunningServer {
  readonly log: Log;
  /** Where people reach it; known when it listens. */
  urls: readonly string[] = [];
  readonly #options: SignalingServerOptions;
  readonly #limits: ServerLimits;
  readonly #context: ConnectionContext;
  readonly #connections = new Set<ClientConnection>();
  /** Every TCP socket, also those that were handed to the fallback: an open one blocks `close`. */
  readonly #sockets = new Set<Socket>();
  readonly #http = createServer();
  readonly #webSockets: WebSocketServer;
  readonly #startedAtMs = performance.now();
  #pingTimer: NodeJS.Timeout | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: SignalingServerOptions) {
    this.#options = options;
    this.log = options.log ?? (() => {});
    this.#limits = { ...SERVER_LIMITS, ...options.limits };
    this.#context = {
      switchboard: new Switchboard(this.#limits, () => performance.now()),
      limits: this.#limits,
      metrics: new Metrics(),
      encoder: new FrameEncoder(),
      log: this.log,
    };
    // With a server of its own, `ws` would answer 400 to every upgrade that is not for it.
    this.#webSockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: this.#limits.frameBytes,
    });
    this.#wireHttp();
  }

  async start(port: number, host: string | undefined): Promise<number> {
    const boundPort = await listen(this.#http, port, host);
    this.#http.on('error', (error) => {
      this.log({ level: 'error', event: 'server-failed', error: String(error) });
    });
    this.#pingTimer = setInterval(() => this.#tick(), this.#limits.pingIntervalMs);
    return boundPort;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #wireHttp(): void {
    const http = this.#http;
    http.maxConnections = this.#limits.connections + this.#limits.httpConnections;
    // Node waits five minutes by default for a request that is sent byte by byte.
    http.headersTimeout = 10_000;
    http.requestTimeout = 30_000;
    http.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    http.on('request', (request, response) => {
      this.#context.metrics.count('http_requests');
      void handleRequest(request, response, {
        health: () => this.#health(),
        metrics: () => this.#context.metrics.render(this.#gauges()),
        dynamicRoute: this.#options.dynamicRoute,
        staticRoot: this.#options.staticRoot,
        fallback: this.#options.fallbackRequest,
        log: this.log,
      });
    });
    http.on('clientError', (_error, socket) => refuseSocket(socket, 400, 'Bad Request'));
    http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#closing !== undefined) return refuseSocket(socket, 503, 'Service Unavailable');
    if (pathOf(request) === SIGNAL_PATH) {
      return this.#webSockets.handleUpgrade(request, socket, head, (client) => {
        this.#accept(client);
      });
    }
    const { fallbackUpgrade } = this.#options;
    if (fallbackUpgrade === undefined) return refuseSocket(socket, 404, 'Not Found');
    fallbackUpgrade(request, socket, head);
  }

  #accept(socket: WebSocket): void {
    const { metrics } = this.#context;
    if (this.#connections.size >= this.#limits.connections) {
      metrics.count('connections_refused');
      return turnAway(socket, this.#limits);
    }
    metrics.count('connections');
    const connection = new ClientConnection(socket, this.#context, () => {
      this.#connections.delete(connection);
    });
    this.#connections.add(connection);
  }

  #tick(): void {
    this.#context.switchboard.forgetEmptyRooms();
    for (const connection of this.#connections) connection.checkAlive();
  }

  #health(): object {
    return {
      // A page that was opened as localhost shows others this address.
      urls: this.urls,
      status: 'ok',
      version: this.#options.version ?? 'unknown',
      protocol: PROTOCOL_VERSION,
      uptimeSeconds: this.#uptimeSeconds(),
      rooms: this.#context.switchboard.roomCount,
      members: this.#context.switchboard.memberCount,
      connections: this.#connections.size,
    };
  }

  #gauges(): Gauge[] {
    const { switchboard } = this.#context;
    return [
      { name: 'uptime_seconds', help: 'Time since the start.', value: this.#uptimeSeconds() },
      { name: 'rooms', help: 'Rooms known, empty ones included.', value: switchboard.roomCount },
      { name: 'members', help: 'Members present.', value: switchboard.memberCount },
      { name: 'open_connections', help: 'Signaling sockets.', value: this.#connections.size },
    ];
  }

  #uptimeSeconds(): number {
    return Math.trunc((performance.now() - this.#startedAtMs) / 1000);
  }

  async #close(): Promise<void> {
    clearInterval(this.#pingTimer);
    const closed = new Promise<void>((resolve) => this.#http.close(() => resolve()));
    // All in this turn: who was ended hears nothing more, and so nobody hears that the others
    // left, when in truth they are all about to come back.
    for (const connection of this.#connections) connection.end(CLOSE_CODES.goingAway);
    this.#http.closeIdleConnections();
    const deadline = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, this.#limits.closeGraceMs);
    await closed;
    clearTimeout(deadline);
    this.log({ level: 'info', event: 'closed' });
  }
}

/** Over the socket, because a page cannot read why a handshake was refused. */
function turnAway(socket: WebSocket, limits: ServerLimits): void {
  socket.on('error', () => {});
  const message = `This server is full (${limits.connections} connections). Try again later.`;
  socket.send(encodeMessage({ type: 'error', code: 'server-full', message }));
  socket.close(CLOSE_CODES.tryAgainLater);
  const timer = setTimeout(() => socket.terminate(), limits.closeGraceMs);
  socket.on('close', () => clearTimeout(timer));
}
