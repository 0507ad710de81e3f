/** `--signal` and `--room`: where live nodes find one another. */

import { WebSocket } from 'ws';
import { ROOM_CODE_LENGTH, SIGNAL_PATH, signalingUrl } from '../../net/signaling/protocol.ts';
import { EnvironmentError, UsageError } from '../failures.ts';
import { DEFAULT_PORT } from '../serve.ts';

/** Where network runs look for a server unless they are told. */
export const DEFAULT_SIGNAL = `ws://localhost:${DEFAULT_PORT}`;

/** A server that takes longer to answer than this will not carry a handshake either. */
const ANSWER_TIMEOUT_MS = 5_000;

/**
 * The address of the signaling socket: `ws://localhost:9000`, `https://lab.example.org` and `192.168.1.20:9000` all name a server.
 *
 * @throws {UsageError} when it is no address
 */
export function signalAddress(text: string): string {
  const url = parse(withScheme(text));
  if (url === null || !/^(wss?|https?):$/.test(url.protocol) || url.hostname === '') {
    throw new UsageError(`--signal ${text}: it is an address like ${DEFAULT_SIGNAL}`);
  }
  if (url.pathname === '/' || url.pathname === SIGNAL_PATH) return signalingUrl(url);
  // Somebody put the server below a path of theirs.
  url.protocol = url.protocol.replace('http', 'ws');
  return url.href;
}

/**
 * The room's code.
 *
 * @throws {UsageError} when it is none, or has a key
 */
export function roomCode(text: string): string {
  if (text.includes('#')) {
    throw new UsageError(
      `--room ${text}: closed rooms (CODE#KEY) are not there yet; leave out '#' and what follows`,
    );
  }
  const { min, max } = ROOM_CODE_LENGTH;
  if (new RegExp(`^[A-Za-z0-9-]{${min},${max}}$`).test(text)) return text;
  throw new UsageError(`--room ${text}: a code has ${min} to ${max} letters, digits or hyphens`);
}

/**
 * Waits until the server answers.
 *
 * @throws {EnvironmentError} that says how to start one, when it does not
 */
export async function checkServer(url: string): Promise<void> {
  const problem = await new Promise<string | undefined>((resolve) => {
    const socket = new WebSocket(url, { handshakeTimeout: ANSWER_TIMEOUT_MS });
    socket.on('open', () => {
      resolve(undefined);
      socket.close();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      resolve(error.message || error.code || 'it cannot be reached');
    });
  });
  if (problem === undefined) return;
  throw new EnvironmentError(
    `no signaling server answers at ${url}: ${problem}\n` +
      'Start one with "npm run signal" (or "npx parley signal"), or name another with --signal.',
  );
}

function withScheme(text: string): string {
  return /^[a-z]+:\/\//i.test(text) ? text : `ws://${text}`;
}

function parse(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
