/**
 * The door of a cluster of tabs: the command that keeps it running listens on this machine alone, and the other commands knock. Where, and what
 * shows that one may, stands in a file that its owner alone can read.
 */

import { randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { messageOf } from '../../core/errors.ts';
import { EnvironmentError } from '../failures.ts';

/** In the cluster's folder, while it runs: where it listens, and what shows that one may ask. */
const CONTROL_FILE = 'control.json';

/** Header that bears the token. */
const TOKEN_HEADER = 'x-parley-token';

/** Characters of a request: a command, and nothing that fills the memory. */
const REQUEST_LENGTH_MAX = 1 << 20;

/** Bytes that wait for a caller who does not read them; then it is hung up on, and whatever serves it ends. */
const UNREAD_BYTES_MAX = 16 * 1024 * 1024;

interface Control {
  readonly port: number;
  readonly token: string;
}

/** Somebody who knocked. */
export interface Caller {
  /** Sends one object, as a line. */
  say(line: object): void;
  /** Fulfilled when the caller has gone. */
  readonly gone: Promise<void>;
}

/** Serves whoever has the token, until it is closed. What `serve` throws is told as `{"kind":"error"}`. */
export async function openDoor(
  folder: string,
  serve: (asked: unknown, caller: Caller) => Promise<void>,
): Promise<{ close(): void }> {
  const token = randomBytes(16).toString('hex');
  const file = path.join(folder, CONTROL_FILE);
  const server = createServer((request, response) => {
    void answer(request, response, token, serve);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  writeFileSync(file, JSON.stringify({ port, token }), { mode: 0o600 });
  return {
    close() {
      rmSync(file, { force: true });
      server.close();
      // Whoever was just answered may still be reading.
      setTimeout(() => server.closeAllConnections(), 500).unref();
    },
  };
}

/** Asks the cluster in this folder; its answers line by line. Undefined when none runs there. */
export async function knock(
  folder: string,
  asked: object,
  signal?: AbortSignal,
): Promise<AsyncIterable<unknown> | undefined> {
  const file = path.join(path.resolve(folder), CONTROL_FILE);
  if (!existsSync(file)) return undefined;
  const { port, token } = JSON.parse(readFileSync(file, 'utf8')) as Control;
  let response: Response;
  try {
    response = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      headers: { [TOKEN_HEADER]: token },
      body: JSON.stringify(asked),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    signal?.throwIfAborted();
    // Nobody listens any more: the file is of one that was killed.
    if (
      (error as { readonly cause?: { readonly code?: unknown } }).cause?.code === 'ECONNREFUSED'
    ) {
      return undefined;
    }
    throw error;
  }
  return linesOf(response.body!);
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
  serve: (asked: unknown, caller: Caller) => Promise<void>,
): Promise<void> {
  const say = (line: object): void => {
    if (response.destroyed) return;
    response.write(`${JSON.stringify(line)}\n`);
    if (response.writableLength > UNREAD_BYTES_MAX) response.destroy();
  };
  response.setHeader('content-type', 'application/x-ndjson');
  if (!isAllowed(request, token)) {
    response.writeHead(403).end('{"kind":"error","reason":"wrong token"}\n');
    return;
  }
  try {
    const gone = new Promise<void>((resolve) => response.once('close', resolve));
    await serve(JSON.parse(await textOf(request)), { say, gone });
  } catch (error) {
    say({ kind: 'error', reason: messageOf(error) });
  }
  response.end();
}

function isAllowed({ headers }: IncomingMessage, token: string): boolean {
  const given = Buffer.from(String(headers[TOKEN_HEADER]));
  return given.length === token.length && timingSafeEqual(given, Buffer.from(token));
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  request.setEncoding('utf8');
  for await (const piece of request) {
    text += String(piece);
    if (text.length > REQUEST_LENGTH_MAX) throw new RangeError('the request is too long');
  }
  return text;
}

/** @throws {EnvironmentError} when it ends in the middle */
async function* piecesOf(body: ReadableStream<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield* body as unknown as AsyncIterable<Uint8Array>;
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error;
    throw new EnvironmentError(
      'the cluster has hung up: it has ended, or its answers were not read for too long',
    );
  }
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncIterable<unknown> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of piecesOf(body)) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = lines.pop()!;
    for (const line of lines) yield JSON.parse(line);
  }
}
