/** Small answers over HTTP. Node leaves the body out when the request was HEAD. */
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** Any page may read the answer: it holds nothing that belongs to a visitor. */
export const FOR_EVERY_PAGE = { 'Access-Control-Allow-Origin': '*' } as const;

/** Answers with a text and ends. */
export function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: OutgoingHttpHeaders = {},
): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...headers,
  });
  response.end(text);
}

/** Answers with JSON and ends. */
export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: OutgoingHttpHeaders = {},
): void {
  const all = { 'Content-Type': 'application/json; charset=utf-8', ...headers };
  sendText(response, status, `${JSON.stringify(value)}\n`, all);
}

/** Refuses an upgrade, or a request that is no HTTP, on the bare socket. */
export function refuseSocket(socket: Duplex, status: number, reason: string): void {
  // The other side may be gone already, and an error without a listener ends the process.
  socket.on('error', () => {});
  const head = [
    `HTTP/1.1 ${status} ${reason}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(reason) + 1}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${reason}\n`, () => socket.destroy());
}
