/**
 * The signaling server: rooms over WebSockets on `/signal`, PeerJS clients on `/peerjs`, a static
 * page, `/health` and `/metrics`, on one port. What rooms are is decided by
 * `src/net/signaling/switchboard.ts`; this folder keeps strangers from breaking it. Start reading
 * here.
 */
import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Socket } from 'node:net';
import { LocalRooms } from '../src/net/signaling/local-rooms.ts';
import type { RoomDirectory } from '../src/net/signaling/room-directory.ts';
import { verifyProof } from '../src/net/signaling/ed25519-proof.ts';
import { Switchboard } from '../src/net/signaling/switchboard.ts';
import { serverUrls } from './addresses.ts';
import { boundedLog } from './bounded-log.ts';
import type { ConnectionContext } from './client-connection.ts';
import type { SocketContext } from './client-socket.ts';
import { Door, type UpgradeFallback } from './door.ts';
import { FrameEncoder } from './frame-encoder.ts';
import { handleRequest, type HttpFallback, type HttpRoute } from './http-routes.ts';
import { iceServersFor, type IceConfiguration } from './ice-servers.ts';
import { SERVER_LIMITS, type ServerLimits } from './limits.ts';
import { JoinLimiter } from './join-limiter.ts';
import { listen } from './listen.ts';
import type { Log } from './log.ts';
import { Metrics } from './metrics.ts';
import type { PeerContext } from './peerjs/connection.ts';
import { PeerRealm } from './peerjs/realm.ts';
import { refuseSocket } from './responses.ts';
import { Status } from './status.ts';

/** The port when none is given. */
export const DEFAULT_PORT = 9000;

/** How a server is started. Nothing is required. */
export interface SignalingServerOptions {
  /** {@link DEFAULT_PORT} when absent; 0 takes any free one. */
  readonly port?: number;
  /** The interface to listen on; all of them when absent, so that a LAN can join. */
  readonly host?: string;
  /** A certificate (with those that vouch for it) and its key, both PEM: https and wss alone, then. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** A folder whose files are served, the built page for example. */
  readonly staticRoot?: string;
  /** Asked before the static files. */
  readonly dynamicRoute?: HttpRoute;
  /** Answers requests that nothing else answers, for example a development server. */
  readonly fallbackRequest?: HttpFallback;
  /** Takes upgrades on other paths than `/signal` and `/peerjs`; without it they get 404. */
  readonly fallbackUpgrade?: UpgradeFallback;
  /** STUN and TURN servers that members are told of when they join. */
  readonly ice?: IceConfiguration;
  /** Whether PeerJS clients may ask who else is there; they may not when absent. */
  readonly allowDiscovery?: boolean;
  /** Whether members without a key are turned away; they are not when absent. */
  readonly requireKey?: boolean;
  /** How many proxies of yours stand before the server and add to `X-Forwarded-For`; 0 when absent. */
  readonly proxies?: number;
  /** Where a Redis is (`redis://…`) on which several servers share their rooms; see `redis-rooms.ts`. */
  readonly redis?: string;
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
  /** `http(s)://…/` addresses: this machine's own first, then those for others on its networks. */
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
 * @throws RangeError when `redis` is no address of a Redis
 */
export async function startSignalingServer(
  options: SignalingServerOptions = {},
): Promise<SignalingServer> {
  const limits = { ...SERVER_LIMITS, ...options.limits };
  const context = await contextOf(options, limits);
  const running = new RunningServer(options, context);
  const starting = running.start(options.port ?? DEFAULT_PORT, options.host);
  starting.catch(() => context.rooms.close());
  const port = await starting;
  const urls = serverUrls(options.tls === undefined ? 'http' : 'https', options.host, port);
  running.announce(port, urls);
  return { port, urls, close: () => running.close() };
}

class RunningServer {
  readonly #options: SignalingServerOptions;
  readonly #context: ConnectionContext & PeerContext;
  readonly #door: Door;
  readonly #status: Status;
  readonly #http: Server;
  /** Every TCP socket, also those that were handed to the fallback: an open one blocks `close`. */
  readonly #sockets = new Set<Socket>();
  #pingTimer: NodeJS.Timeout | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: SignalingServerOptions, context: ConnectionContext & PeerContext) {
    this.#options = options;
    this.#context = context;
    this.#door = new Door(this.#context, options.fallbackUpgrade);
    this.#status = new Status(this.#context, this.#door, options.version ?? 'unknown');
    this.#http = createHttpServer(options.tls, context.limits);
    this.#wireHttp();
  }

  async start(port: number, host: string | undefined): Promise<number> {
    const boundPort = await listen(this.#http, port, host);
    this.#http.on('error', (error) => {
      this.#context.log({ level: 'error', event: 'server-failed', error: String(error) });
    });
    this.#pingTimer = setInterval(() => this.#tick(), this.#context.limits.pingIntervalMs);
    return boundPort;
  }

  announce(port: number, urls: readonly string[]): void {
    this.#status.urls = urls;
    this.#context.log({ level: 'info', event: 'listening', port, urls });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #wireHttp(): void {
    const { metrics, realm, log } = this.#context;
    const http = this.#http;
    http.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    http.on('drop', () => metrics.count('sockets_refused'));
    http.on('tlsClientError', (_error, socket) => {
      metrics.count('tls_failed');
      // Node leaves it open, and nothing that is said to it can arrive.
      (socket as Socket).destroy();
    });
    http.on('request', (request, response) => {
      metrics.count('http_requests');
      void handleRequest(request, response, {
        health: () => this.#status.health(),
        metrics: () => this.#status.metrics(),
        realm,
        allowDiscovery: this.#options.allowDiscovery ?? false,
        dynamicRoute: this.#options.dynamicRoute,
        staticRoot: this.#options.staticRoot,
        fallback: this.#options.fallbackRequest,
        log,
      });
    });
    http.on('clientError', (_error, socket) => refuseSocket(socket, 400, 'Bad Request'));
    http.on('upgrade', (request, socket, head) => this.#door.upgrade(request, socket, head));
  }

  #tick(): void {
    this.#context.rooms.forgetEmptyRooms();
    this.#door.checkAlive();
  }

  async #close(): Promise<void> {
    clearInterval(this.#pingTimer);
    const closed = new Promise<void>((resolve) => this.#http.close(() => resolve()));
    // Before the members go: nobody anywhere is to hear that they left.
    const roomsClosed = this.#context.rooms.close();
    this.#door.close();
    this.#context.realm.close();
    this.#http.closeIdleConnections();
    const deadline = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, this.#context.limits.closeGraceMs);
    await Promise.all([closed, roomsClosed]);
    clearTimeout(deadline);
    this.#context.log({ level: 'info', event: 'closed' });
  }
}

async function contextOf(
  options: SignalingServerOptions,
  limits: ServerLimits,
): Promise<ConnectionContext & PeerContext> {
  const metrics = new Metrics();
  const log = boundedLog(options.log ?? (() => {}), () => performance.now());
  const { ice = {} } = options;
  const rooms = await openRooms(options.redis, { limits, metrics, log });
  return {
    rooms,
    switchboard: new Switchboard({
      rooms,
      verify: verifyProof,
      requireKey: options.requireKey ?? false,
    }),
    joins: new JoinLimiter(limits, () => performance.now()),
    proxies: options.proxies ?? 0,
    realm: new PeerRealm(limits, metrics),
    limits,
    metrics,
    encoder: new FrameEncoder(),
    iceServers: (member) => {
      if (ice.turn !== undefined) metrics.count('turn_credentials');
      return iceServersFor(ice, member, Date.now());
    },
    log,
  };
}

async function openRooms(
  redis: string | undefined,
  context: SocketContext,
): Promise<RoomDirectory> {
  if (redis === undefined) return new LocalRooms(context.limits, () => performance.now());
  // Loaded only where it is used: most servers are one process, and start faster without.
  const [{ RedisRooms }, { REDIS_TIMING }] = await Promise.all([
    import('./redis-rooms.ts'),
    import('./redis-timing.ts'),
  ]);
  return RedisRooms.open({ ...context, url: redis, timing: REDIS_TIMING });
}

function createHttpServer(tls: SignalingServerOptions['tls'], limits: ServerLimits): Server {
  const { headersDeadlineMs } = limits;
  const options = {
    // Node waits five minutes by default for a request that is sent byte by byte.
    headersTimeout: headersDeadlineMs,
    requestTimeout: 3 * headersDeadlineMs,
    // How often it looks for those; the default would let a silent socket stay four times as long.
    connectionsCheckingInterval: Math.ceil(headersDeadlineMs / 4),
  };
  const server =
    tls === undefined
      ? createServer(options)
      : createSecureServer({ ...options, ...tls, handshakeTimeout: headersDeadlineMs });
  // Sockets that were upgraded are not among them.
  server.timeout = limits.httpIdleMs;
  server.maxConnections = limits.connections + limits.turnedAway + limits.httpConnections;
  return server;
}
