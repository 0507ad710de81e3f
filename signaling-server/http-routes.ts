/** Which part of the server answers a plain HTTP request. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { SIGNAL_PATH } from '../src/net/signaling/protocol.ts';
import type { Log } from './log.ts';
import { PEERJS_PATH } from './peerjs/protocol.ts';
import type { PeerRealm } from './peerjs/realm.ts';
import { servePeerRoute } from './peerjs/routes.ts';
import { sendJson, sendText } from './responses.ts';
import { serveStaticFile } from './static-files.ts';

/** Answers a request, or says `false` and leaves it untouched for the next one. */
export type HttpRoute = (
  request: IncomingMessage,
  response: ServerResponse,
) => boolean | Promise<boolean>;

/** Answers whatever nobody else did. */
export type HttpFallback = (request: IncomingMessage, response: ServerResponse) => void;

/** What the routes need. */
export interface HttpRoutesOptions {
  readonly health: () => object;
  readonly metrics: () => string;
  readonly realm: PeerRealm;
  /** Whether PeerJS clients may ask who else is there. */
  readonly allowDiscovery: boolean;
  readonly dynamicRoute: HttpRoute | undefined;
  readonly staticRoot: string | undefined;
  readonly fallback: HttpFallback | undefined;
  readonly log: Log;
}

const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Answers every request: its own paths first, then the dynamic route, files, the fallback, 404. */
export async function handleRequest(
  request: IncomingMessage,
  response: ServerResponse,
  options: HttpRoutesOptions,
): Promise<void> {
  try {
    await route(request, response, options);
  } catch (error) {
    // A defect in a route. The path may hold a secret of the page, the log does not get it.
    options.log({ level: 'error', event: 'request-failed', error: String(error) });
    if (response.headersSent) response.destroy();
    else sendText(response, 500, 'The server failed on this request; its log says more.\n');
  }
}

/** The address of a request; undefined when it is none. Its host means nothing. */
export function addressOf(request: IncomingMessage): URL | undefined {
  const address = request.url ?? '/';
  try {
    // Not as a relative address: `//name/signal` would be a path on another host.
    return new URL(address.startsWith('/') ? `http://localhost${address}` : address);
  } catch {
    return undefined;
  }
}

async function route(
  request: IncomingMessage,
  response: ServerResponse,
  options: HttpRoutesOptions,
): Promise<void> {
  const path = addressOf(request)?.pathname;
  if (path === undefined) return sendText(response, 400, 'The address is malformed.\n');
  if (path === '/health') return sendJson(response, 200, options.health());
  if (path === '/metrics') {
    return sendText(response, 200, options.metrics(), { 'Content-Type': METRICS_TYPE });
  }
  if (servePeerRoute(path, request, response, options.realm, options.allowDiscovery)) return;
  if (path === SIGNAL_PATH || path === PEERJS_PATH) {
    const headers = { Upgrade: 'websocket', Connection: 'Upgrade' };
    return sendText(response, 426, 'Signaling works over a WebSocket.\n', headers);
  }
  if (await options.dynamicRoute?.(request, response)) return;
  const { staticRoot, fallback } = options;
  if (staticRoot !== undefined && (await serveStaticFile(staticRoot, path, request, response))) {
    return;
  }
  if (fallback !== undefined) return fallback(request, response);
  sendText(response, 404, 'There is nothing at this address.\n');
}
