/** From what a server is asked, on the command line and in the environment, to what starts it. */

import { TURN_TTL_SECONDS, type IceConfiguration } from '../../../signaling-server/ice-servers.ts';
import { SERVER_LIMITS, type ServerLimits } from '../../../signaling-server/limits.ts';
import { DEFAULT_PORT } from '../../../signaling-server/server.ts';
import { UsageError } from '../failures.ts';
import { withEnvironment, type LogFormat, type ServeOptions } from './signal-options.ts';
import { Certificate } from './signal-tls.ts';

/** Everything about a server but what it serves. */
export interface ServerSettings {
  readonly port: number;
  readonly host: string | undefined;
  readonly certificate: Certificate | undefined;
  readonly ice: IceConfiguration;
  readonly allowDiscovery: boolean;
  readonly requireKey: boolean;
  readonly redis: string | undefined;
  readonly proxies: number;
  readonly limits: Partial<ServerLimits>;
  readonly log: LogFormat;
  readonly verbose: boolean;
}

/**
 * What a server is to be like.
 *
 * @throws {UsageError} when an option or a variable cannot be, or lacks its companion
 */
export function serverSettings(
  commandLine: ServeOptions,
  environment: Readonly<Record<string, string | undefined>>,
): ServerSettings {
  const options = withEnvironment(commandLine, environment);
  return {
    port: options.port ?? portOfEnvironment(environment['PORT']),
    host: options.host,
    certificate: certificateOf(options),
    ice: iceOf(options),
    allowDiscovery: options.allowDiscovery ?? false,
    requireKey: options.requireKey ?? false,
    redis: options.redis,
    proxies: options.proxies ?? 0,
    limits: limitsOf(options),
    log: options.log ?? 'text',
    verbose: options.verbose ?? false,
  };
}

/** Hosting platforms say it so. */
function portOfEnvironment(text = ''): number {
  if (text === '') return DEFAULT_PORT;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`PORT=${text} in the environment is no port: it is 0 to 65535`);
}

function certificateOf({ cert, key }: ServeOptions): Certificate | undefined {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined) throw lacks('--key', '--cert');
  if (key === undefined) throw lacks('--cert', '--key');
  return Certificate.read(cert, key);
}

function iceOf({ iceServer, turn, turnSecret, turnTtl }: ServeOptions): IceConfiguration {
  const stun = iceServer === undefined ? {} : { stunUrls: iceServer };
  if (turn === undefined) {
    if (turnSecret !== undefined) throw lacks('--turn-secret', '--turn');
    if (turnTtl !== undefined) throw lacks('--turn-ttl', '--turn');
    return stun;
  }
  if (turnSecret === undefined) throw lacks('--turn', '--turn-secret');
  const ttlSeconds = turnTtl ?? TURN_TTL_SECONDS;
  return { ...stun, turn: { urls: turn, secret: turnSecret, ttlSeconds } };
}

function limitsOf(options: ServeOptions): Partial<ServerLimits> {
  const { maxConnections, maxRooms, maxMembers, maxPayload, maxQueue } = options;
  const { maxRate, maxRelay } = options;
  const { rateTokens, rateTokensPerSecond } = SERVER_LIMITS;
  return {
    ...(maxConnections === undefined ? {} : { connections: maxConnections }),
    ...(maxRooms === undefined ? {} : { rooms: maxRooms }),
    ...(maxMembers === undefined ? {} : { membersPerRoom: maxMembers }),
    ...(maxPayload === undefined ? {} : { frameBytes: maxPayload }),
    ...(maxQueue === undefined ? {} : { sendQueueBytes: maxQueue }),
    ...(maxRelay === undefined ? {} : { relayBytesPerSecond: maxRelay }),
    ...(maxRate === undefined
      ? {}
      : {
          rateTokensPerSecond: maxRate,
          // A burst lasts as many seconds as it does by default, and holds the largest frame.
          rateTokens: Math.max(
            Math.ceil((maxRate * rateTokens) / rateTokensPerSecond),
            SERVER_LIMITS.frameBytes / 1024,
          ),
        }),
  };
}

function lacks(given: string, missing: string): UsageError {
  const variables = [given, missing].map(
    (flag) => `PARLEY_SIGNAL_${flag.slice(2).toUpperCase().replaceAll('-', '_')}`,
  );
  return new UsageError(
    `${given} needs ${missing} as well (in the environment ${variables.join(' and ')})`,
  );
}
