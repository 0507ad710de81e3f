/** `--signal` and `--room`: where live nodes find one another. */

import { WebSocket } from 'ws';
import { messageOf } from '../../core/errors.ts';
import { roomKeyOfPassphrase } from '../../net/rooms/passphrase.ts';
import { parseRoomAddress } from '../../net/rooms/room-address.ts';
import { SIGNAL_PATH, signalingUrl } from '../../net/signaling/protocol.ts';
import { EnvironmentError, UsageError } from '../failures.ts';
import { DEFAULT_PORT } from '../../../signaling-server/server.ts';

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

/** Where a passphrase is looked for: on the command line everybody on this machine could read it. */
export const PASSPHRASE_VARIABLE = 'PARLEY_ROOM_PASSPHRASE';

/** The room that `--room` names. */
export interface NamedRoom {
  readonly code: string;
  /** Of a closed room: its key. */
  readonly key: Uint8Array | undefined;
}

/**
 * Reads `--room`: a code, or the code and key of a closed room, or its link.
 *
 * @throws {UsageError} when it is none, or a passphrase is needed and missing
 */
export async function namedRoom(text: string, passphrase: string | undefined): Promise<NamedRoom> {
  try {
    const { code, access } = parseRoomAddress(text);
    if (access.kind === 'open') return { code, key: undefined };
    if (access.kind === 'key') return { code, key: access.key };
    if (passphrase !== undefined) return { code, key: await roomKeyOfPassphrase(passphrase, code) };
  } catch (error) {
    // Not the whole text: its key would stand in the terminal.
    throw new UsageError(`--room: ${messageOf(error)}`);
  }
  throw new UsageError(
    `--room: this room is closed by a passphrase; put it into the environment as ${PASSPHRASE_VARIABLE}`,
  );
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
