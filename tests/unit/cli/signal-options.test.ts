import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../../src/cli/package-root.ts';
import {
  serveOptions,
  variableOf,
  withEnvironment,
  type ServeOptions,
} from '../../../src/cli/signal/signal-options.ts';
import { serverSettings } from '../../../src/cli/signal/signal-settings.ts';

/** One value for every option, as words and as what is read from them. */
const values: readonly (readonly [string, string, Partial<ServeOptions>])[] = [
  ['PORT', '0', { port: 0 }],
  ['HOST', '::1', { host: '::1' }],
  ['CERT', 'a.pem', { cert: 'a.pem' }],
  ['KEY', 'b.pem', { key: 'b.pem' }],
  ['ICE_SERVER', ' stun:a:1  stuns:[::1] ', { iceServer: ['stun:a:1', 'stuns:[::1]'] }],
  ['TURN', 'turn:a turns:a?transport=tcp', { turn: ['turn:a', 'turns:a?transport=tcp'] }],
  ['TURN_SECRET', 's3cret', { turnSecret: 's3cret' }],
  ['TURN_TTL', '600', { turnTtl: 600 }],
  ['PROXIES', '1', { proxies: 1 }],
  ['REDIS', 'rediss://:pw@a:1/2', { redis: 'rediss://:pw@a:1/2' }],
  ['REQUIRE_KEY', 'on', { requireKey: true }],
  ['ALLOW_DISCOVERY', 'yes', { allowDiscovery: true }],
  ['MAX_CONNECTIONS', '5000', { maxConnections: 5000 }],
  ['MAX_ROOMS', '1', { maxRooms: 1 }],
  ['MAX_MEMBERS', '2000', { maxMembers: 2000 }],
  ['MAX_PAYLOAD', '1024', { maxPayload: 1024 }],
  ['MAX_RATE', '10', { maxRate: 10 }],
  ['MAX_QUEUE', '4194304', { maxQueue: 4_194_304 }],
  ['MAX_RELAY', '65536', { maxRelay: 65_536 }],
  ['LOG', 'json', { log: 'json' }],
  ['VERBOSE', '1', { verbose: true }],
];

function environmentOf(entries: readonly (readonly [string, string, unknown])[]) {
  return Object.fromEntries(entries.map(([name, text]) => [`PARLEY_SIGNAL_${name}`, text]));
}

describe('the environment', () => {
  test('can say everything that the command line can', () => {
    const expected = Object.assign({}, ...values.map(([, , read]) => read)) as ServeOptions;
    expect(withEnvironment({}, environmentOf(values))).toEqual(expected);
    const variables = serveOptions().map(variableOf);
    expect(Object.keys(environmentOf(values)).sort()).toEqual(variables.sort());
  });

  test('gives way to the command line, and says nothing when it is empty', () => {
    const environment = { PARLEY_SIGNAL_MAX_ROOMS: 'nonsense', PARLEY_SIGNAL_HOST: ' ' };
    expect(withEnvironment({ maxRooms: 7 }, environment)).toEqual({ maxRooms: 7 });
  });

  test.each([
    [{ PARLEY_SIGNAL_PORT: 'high' }, /^PARLEY_SIGNAL_PORT=high .*0 to 65535/],
    [{ PARLEY_SIGNAL_MAX_ROOMS: '0' }, /^PARLEY_SIGNAL_MAX_ROOMS=0 .*1 to/],
    [{ PARLEY_SIGNAL_MAX_ROOMS: '1e3' }, /whole number/],
    [{ PARLEY_SIGNAL_MAX_MEMBERS: '2001' }, /1 to 2000/],
    [{ PARLEY_SIGNAL_MAX_PAYLOAD: '131073' }, /1024 to 131072/],
    [{ PARLEY_SIGNAL_MAX_QUEUE: '1000' }, /^PARLEY_SIGNAL_MAX_QUEUE=1000/],
    [{ PARLEY_SIGNAL_REDIS: 'http://pw@a' }, /^PARLEY_SIGNAL_REDIS in .*redis:\/\/localhost:6379/],
    [{ PARLEY_SIGNAL_LOG: 'yaml' }, /^PARLEY_SIGNAL_LOG=yaml .*text, json, none/],
    [{ PARLEY_SIGNAL_VERBOSE: 'perhaps' }, /^PARLEY_SIGNAL_VERBOSE=perhaps .*true or false/],
    [{ PARLEY_SIGNAL_ICE_SERVER: 'stun:a http://b' }, /stun:stun\.example\.org/],
    [{ PARLEY_SIGNAL_ICE_SERVER: 'turn:a' }, /--turn and --turn-secret/],
    [{ PARLEY_SIGNAL_ICE_SERVER: 'stun:a '.repeat(9) }, /at most 8/],
    [{ PARLEY_SIGNAL_TURN: 'stun:a' }, /--ice-server/],
    [{ PARLEY_SIGNAL_TURN: 'turn:a?transport=sctp' }, /turn:turn\.example\.org/],
    [{ PARLEY_SIGNAL_TURN_TTL: '59' }, /60 to 604800/],
    [{ PARLEY_SIGNAL_MAX_ROOM: '5' }, /^PARLEY_SIGNAL_MAX_ROOM .*mean PARLEY_SIGNAL_MAX_ROOMS\?/],
    [{ PORT: 'high' }, /^PORT=high/],
    [{ PARLEY_SIGNAL_CERT: 'a.pem' }, /--cert needs --key .*PARLEY_SIGNAL_KEY/],
    [{ PARLEY_SIGNAL_KEY: 'a.pem' }, /--key needs --cert/],
    [{ PARLEY_SIGNAL_TURN: 'turn:a' }, /--turn needs --turn-secret .*PARLEY_SIGNAL_TURN_SECRET/],
    [{ PARLEY_SIGNAL_TURN_SECRET: 'x' }, /--turn-secret needs --turn /],
    [{ PARLEY_SIGNAL_TURN_TTL: '600' }, /--turn-ttl needs --turn /],
  ])('%j is refused by name', (environment, message) => {
    expect(() => serverSettings({}, environment)).toThrow(message);
  });

  test('does not repeat a secret that cannot be one', () => {
    const environment = { PARLEY_SIGNAL_TURN: 'turn:a', PARLEY_SIGNAL_TURN_SECRET: 'se cret' };
    expect(() => serverSettings({}, environment)).toThrow(/^PARLEY_SIGNAL_TURN_SECRET in/);
    expect(() => serverSettings({}, environment)).not.toThrow(/se cret/);
  });

  test('may hold what platforms put there', () => {
    const environment = { PARLEY_SIGNAL_SERVICE_HOST: '10.0.0.1', PARLEYX: '1' };
    expect(withEnvironment({}, environment)).toEqual({});
  });
});

describe('settings', () => {
  test('are the defaults of the server unless something is said', () => {
    expect(serverSettings({}, {})).toEqual({
      port: 9000,
      host: undefined,
      certificate: undefined,
      ice: {},
      allowDiscovery: false,
      requireKey: false,
      proxies: 0,
      limits: {},
      log: 'text',
      verbose: false,
    });
  });

  test('take the port from the flag, then our variable, then the platform’s', () => {
    const environment = { PARLEY_SIGNAL_PORT: '2', PORT: '3' };
    expect(serverSettings({ port: 1 }, environment).port).toBe(1);
    expect(serverSettings({}, environment).port).toBe(2);
    expect(serverSettings({}, { PORT: '3' }).port).toBe(3);
  });

  test('name the bounds as the server does', () => {
    const options = {
      maxConnections: 1,
      maxRooms: 2,
      maxMembers: 3,
      maxPayload: 4096,
      maxQueue: 5,
      maxRate: 512,
      maxRelay: 1024,
    };
    expect(serverSettings(options, {}).limits).toEqual({
      connections: 1,
      rooms: 2,
      membersPerRoom: 3,
      frameBytes: 4096,
      sendQueueBytes: 5,
      rateTokensPerSecond: 512,
      rateTokens: 3072,
      relayBytesPerSecond: 1024,
    });
    // However slow a client must be, one frame of the largest size is not too much.
    expect(serverSettings({ maxRate: 1 }, {}).limits.rateTokens).toBe(128);
  });

  test('name STUN and TURN servers', () => {
    const turn = ['turn:a'];
    expect(serverSettings({ iceServer: ['stun:a'], turn, turnSecret: 's' }, {}).ice).toEqual({
      stunUrls: ['stun:a'],
      turn: { urls: turn, secret: 's', ttlSeconds: 86_400 },
    });
    expect(serverSettings({ turn, turnSecret: 's', turnTtl: 60 }, {}).ice.turn?.ttlSeconds).toBe(
      60,
    );
  });
});

test('the table in docs/deployment.md lists every option with its variable', () => {
  const text = readFileSync(path.join(PACKAGE_ROOT, 'docs/deployment.md'), 'utf8');
  const rows = Array.from(text.matchAll(/^\| `(--[a-z-]+)[^`]*` \| `(PARLEY_SIGNAL_[A-Z_]+)`/gm));
  expect(rows.map(([, flag, variable]) => `${flag} ${variable}`)).toEqual(
    serveOptions().map((one) => `--${one.name()} ${variableOf(one)}`),
  );
});
