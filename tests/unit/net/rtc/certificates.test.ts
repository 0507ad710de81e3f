/** What a proof of identity is bound to. */

import { sha256 } from '@noble/hashes/sha2.js';
import { describe, expect, test } from 'vitest';
import { toHex } from '../../../../src/net/hex.ts';
import {
  certificatesOf,
  fingerprintOf,
  type SecuredConnection,
} from '../../../../src/net/rtc/certificates.ts';

const line = (hash: string, algorithm = 'sha-256') => `a=fingerprint:${algorithm} ${hash}\r\n`;
const written = (byte: string) => Array.from({ length: 32 }, () => byte).join(':');
const description = (...lines: string[]) =>
  `v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n${lines.join('')}m=application\r\n`;
const described = (...lines: string[]) => ({ sdp: description(...lines) }) as RTCSessionDescription;

const AB = 'ab'.repeat(32);

describe('the fingerprint in a description', () => {
  test('is read in capitals and small letters, alone or among others', () => {
    expect(toHex(fingerprintOf(description(line(written('AB'))))!)).toBe(AB);
    expect(toHex(fingerprintOf(description(line(written('ab'))))!)).toBe(AB);
    const longer = Array.from({ length: 64 }, () => 'CD').join(':');
    const both = description(line(longer, 'sha-512'), line(written('AB')));
    expect(toHex(fingerprintOf(both)!)).toBe(AB);
    expect(toHex(fingerprintOf(line(written('AB')).replace('\r', ''))!)).toBe(AB);
  });

  test('may be repeated, but not contradicted', () => {
    const same = description(line(written('AB')), line(written('ab')));
    expect(toHex(fingerprintOf(same)!)).toBe(AB);
    expect(fingerprintOf(description(line(written('AB')), line(written('AC'))))).toBeUndefined();
  });

  test.each([
    ['nothing', undefined],
    ['no description', ''],
    ['another hash', description(line(written('AB'), 'sha-1'))],
    ['a hash that is too short', description(line(written('AB').slice(3)))],
    ['a hash that is too long', description(line(`${written('AB')}:AB`))],
    ['no hexadecimal', description(line(written('AX')))],
    ['a line in the middle of another', description(`x${line(written('AB'))}`)],
  ])('is not found in %s', (_, sdp) => {
    expect(fingerprintOf(sdp)).toBeUndefined();
  });
});

describe('the certificates of a connection', () => {
  const certificate = Uint8Array.of(1, 2, 3).buffer;
  const base = {
    localDescription: described(line(written('AB'))),
    remoteDescription: described(line(written('CD'))),
    connectionState: 'connected',
  } as const;
  const withTransport = (transport: object) =>
    ({ ...base, sctp: { transport } }) as unknown as SecuredConnection;

  test('are what this side announced, and what the other side has shown', () => {
    const connection = withTransport({ getRemoteCertificates: () => [certificate] });
    const { own, other } = certificatesOf(connection)!;
    expect(toHex(own)).toBe(AB);
    expect(toHex(other)).toBe(toHex(sha256(Uint8Array.of(1, 2, 3))));
  });

  test('are unknown before the other side has shown its own, whatever the description says', () => {
    const connection = withTransport({ getRemoteCertificates: () => [] });
    expect(certificatesOf(connection)).toBeUndefined();
  });

  test('are what the descriptions say where a browser does not tell, once the connection is up', () => {
    const connection = withTransport({});
    const { own, other } = certificatesOf(connection)!;
    expect([toHex(own), toHex(other)]).toEqual([AB, 'cd'.repeat(32)]);
    const early = { ...connection, connectionState: 'connecting' } as const;
    expect(certificatesOf(early)).toBeUndefined();
    expect(certificatesOf({ ...base, sctp: null })).toBeDefined();
  });

  test('are unknown when a description names several, or none', () => {
    const remoteDescription = described(line(written('CD')), line(written('CE')));
    expect(certificatesOf({ ...base, sctp: null, remoteDescription })).toBeUndefined();
    expect(certificatesOf({ ...base, sctp: null, localDescription: null })).toBeUndefined();
  });
});
