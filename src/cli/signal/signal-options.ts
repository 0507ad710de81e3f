/**
 * The options of `signal` and `lab`: how a server is reached, protected and bounded. Each can stand on the command line or in the
 * environment (`--max-rooms 50`, `PARLEY_SIGNAL_MAX_ROOMS=50`); the command line wins.
 */

import { InvalidArgumentError, Option, type Command } from 'commander';
import { isRedisAddress } from '../../../signaling-server/redis-address.ts';
import { nearest } from '../../core/nearest-name.ts';
import {
  CLIENT_FRAME_BYTES_MAX,
  ICE_URLS_MAX,
  isIceUrl,
  SERVER_FRAME_CHARACTERS_MAX,
  WELCOME_MEMBERS_MAX,
} from '../../net/signaling/protocol.ts';
import { UsageError } from '../failures.ts';
import { port } from '../option-values.ts';

/** How a server logs. */
export type LogFormat = 'text' | 'json' | 'none';

/** What `lab` and `signal` are asked. */
export interface ServeOptions {
  readonly port?: number;
  readonly host?: string;
  /** Files in PEM. */
  readonly cert?: string;
  readonly key?: string;
  readonly log?: LogFormat;
  readonly verbose?: boolean;
  readonly allowDiscovery?: boolean;
  readonly requireKey?: boolean;
  /** Where a Redis is that several servers share their rooms on. */
  readonly redis?: string;
  /** How many of them stand before the server. */
  readonly proxies?: number;
  /** Addresses of STUN servers. */
  readonly iceServer?: readonly string[];
  /** Addresses of one TURN server. */
  readonly turn?: readonly string[];
  readonly turnSecret?: string;
  /** Seconds. */
  readonly turnTtl?: number;
  readonly maxConnections?: number;
  readonly maxRooms?: number;
  readonly maxMembers?: number;
  /** Bytes. */
  readonly maxPayload?: number;
  /** Frames or kibibytes a second. */
  readonly maxRate?: number;
  /** Bytes. */
  readonly maxQueue?: number;
  /** Bytes a second. */
  readonly maxRelay?: number;
  /** Sources instead of the built page, with changes shown at once. Of `lab` alone, and never from the environment. */
  readonly dev?: boolean;
}

/** What every variable begins with. */
export const VARIABLE_PREFIX = 'PARLEY_SIGNAL_';

/** A week is long for a credential that anybody who may join is handed. */
const TURN_TTL_SECONDS_MAX = 7 * 86_400;

/** More sockets than this want several processes. */
const CONNECTIONS_MAX = 1_000_000;

/** Longer chains are a mistake, and every proxy that is not there is an address that a client can invent. */
const PROXIES_MAX = 16;

const KIBIBYTE = 1024;

/** Every option, in the order of the help. */
export function serveOptions(): Option[] {
  return [
    option('--port <number>', 'the port; PORT in the environment, otherwise 9000', port),
    option('--host <address>', 'the interface to listen on; all of them unless given'),
    option('--cert <file>', 'serve https and wss with this certificate (PEM)'),
    option('--key <file>', 'its private key (PEM)'),
    option(
      '--proxies <number>',
      'how many proxies of yours add to X-Forwarded-For; otherwise 0',
      whole(0, PROXIES_MAX),
    ),
    option('--redis <url>', 'share the rooms of all servers on this Redis, redis://…', redisUrl),
    option('--require-key', 'turn members away that prove no key'),
    option('--allow-discovery', 'let PeerJS clients list one another'),
    ...group('For connecting:', [
      option('--ice-server <url>', 'a STUN server for members, stun:…; repeatable', stunUrl),
      option('--turn <url>', 'a TURN server for members, turn:…; repeatable', turnUrl),
      option('--turn-secret <secret>', "the TURN server's static-auth-secret", secret),
      option(
        '--turn-ttl <seconds>',
        'how long its credentials are good; otherwise 86400',
        whole(60, TURN_TTL_SECONDS_MAX),
      ),
    ]),
    ...group('Bounds:', [
      option('--max-connections <number>', 'sockets; otherwise 1000', whole(1, CONNECTIONS_MAX)),
      option('--max-rooms <number>', 'rooms; otherwise 1000', whole(1, CONNECTIONS_MAX)),
      option(
        '--max-members <number>',
        'members of one room; otherwise 256',
        whole(1, WELCOME_MEMBERS_MAX),
      ),
      option(
        '--max-payload <bytes>',
        'one frame; otherwise 131072',
        whole(KIBIBYTE, CLIENT_FRAME_BYTES_MAX),
      ),
      option(
        '--max-rate <number>',
        'frames or kibibytes a second from one client; otherwise 256',
        whole(1, CONNECTIONS_MAX),
      ),
      option(
        '--max-queue <bytes>',
        'what waits for a client that does not read; otherwise 2097152',
        // Any one message must fit: a welcome to a full room is long.
        whole(SERVER_FRAME_CHARACTERS_MAX, KIBIBYTE ** 3),
      ),
      option(
        '--max-relay <bytes>',
        'relayed bytes a second from one client; otherwise 262144',
        whole(KIBIBYTE, KIBIBYTE ** 3),
      ),
    ]),
    ...group('Logs:', [
      option(
        '--log <format>',
        'text: problems, for people; json: everything, one object a line on stdout; none',
        logFormat,
      ),
      option('-v, --verbose', 'log in text what is no problem, too'),
    ]),
  ];
}

/** Gives a command these options. */
export function addServeOptions(command: Command): Command {
  for (const one of serveOptions()) command.addOption(one);
  return command;
}

/** The variable that says the same as an option, e.g. PARLEY_SIGNAL_MAX_ROOMS. */
export function variableOf(one: Option): string {
  return VARIABLE_PREFIX + one.name().toUpperCase().replaceAll('-', '_');
}

/**
 * The options with what the environment says where the command line says nothing. Lists are separated by spaces; an empty variable says
 * nothing.
 *
 * @throws {UsageError} that names the variable, when its value cannot be or its name is misspelt
 */
export function withEnvironment(
  options: ServeOptions,
  environment: Readonly<Record<string, string | undefined>>,
): ServeOptions {
  const known = serveOptions();
  refuseMisspelt(Object.keys(environment), known.map(variableOf));
  const merged: Record<string, unknown> = { ...options };
  for (const one of known) {
    const text = environment[variableOf(one)]?.trim() ?? '';
    const name = one.attributeName();
    if (text === '' || merged[name] !== undefined) continue;
    merged[name] = readVariable(one, text);
  }
  return merged;
}

/** Only where it is clear what was meant: platforms set variables of their own that begin like ours. */
function refuseMisspelt(names: readonly string[], known: readonly string[]): void {
  const shorten = (name: string) => name.slice(VARIABLE_PREFIX.length);
  for (const name of names) {
    if (!name.startsWith(VARIABLE_PREFIX) || known.includes(name)) continue;
    const meant = nearest(shorten(name), known.map(shorten));
    if (meant === undefined) continue;
    throw new UsageError(
      `${name} in the environment sets nothing: did you mean ${VARIABLE_PREFIX}${meant}?`,
    );
  }
}

function readVariable(one: Option, text: string): unknown {
  const read = one.parseArg as ((text: string, before: unknown) => unknown) | undefined;
  try {
    if (one.isBoolean()) return readSwitch(text);
    if (read === undefined) return text;
    if (!LISTS.has(read)) return read(text, undefined);
    return text.split(/\s+/).reduce<unknown>((before, part) => read(part, before), undefined);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    // A secret must not appear in a terminal's history of errors.
    const value = read === secret || read === redisUrl ? '' : `=${text}`;
    throw new UsageError(`${variableOf(one)}${value} in the environment: ${error.message}`);
  }
}

function readSwitch(text: string): boolean {
  if (/^(1|true|yes|on)$/i.test(text)) return true;
  if (/^(0|false|no|off)$/i.test(text)) return false;
  throw new InvalidArgumentError('It must be true or false.');
}

function option(
  flags: string,
  description: string,
  read?: (text: string, before: never) => unknown,
): Option {
  const made = new Option(flags, description);
  return read === undefined ? made : made.argParser(read as (text: string) => unknown);
}

function group(heading: string, options: Option[]): Option[] {
  for (const one of options) one.helpGroup(heading);
  return options;
}

function whole(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

function logFormat(text: string): LogFormat {
  if (text === 'text' || text === 'json' || text === 'none') return text;
  throw new InvalidArgumentError('Allowed choices are text, json, none.');
}

function secret(text: string): string {
  if (/^[!-~]+$/.test(text)) return text;
  throw new InvalidArgumentError('A secret has visible ASCII characters alone.');
}

function redisUrl(text: string): string {
  if (isRedisAddress(text)) return text;
  throw new InvalidArgumentError('It must be an address like redis://localhost:6379.');
}

function stunUrl(text: string, before: readonly string[] = []): readonly string[] {
  if (text.startsWith('turn')) {
    throw new InvalidArgumentError(
      'A TURN server needs credentials: use --turn and --turn-secret.',
    );
  }
  return added(text, before, 'stun:stun.example.org:3478');
}

function turnUrl(text: string, before: readonly string[] = []): readonly string[] {
  if (text.startsWith('stun')) {
    throw new InvalidArgumentError('This is a STUN server: use --ice-server.');
  }
  return added(text, before, 'turn:turn.example.org:3478?transport=udp');
}

function added(text: string, before: readonly string[], example: string): readonly string[] {
  if (!isIceUrl(text)) throw new InvalidArgumentError(`It must be an address like ${example}.`);
  if (before.length < ICE_URLS_MAX) return [...before, text];
  throw new InvalidArgumentError(`There can be at most ${ICE_URLS_MAX} of them.`);
}

/** The readers of options that may be repeated. */
const LISTS: ReadonlySet<unknown> = new Set([stunUrl, turnUrl]);
