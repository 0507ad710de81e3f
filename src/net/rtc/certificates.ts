/** What binds a proof of identity to one connection: the SHA-256 of the certificates with which it is encrypted. */

import { sha256 } from '@noble/hashes/sha2.js';
import { fromHex } from '../hex.ts';
import type { Certificates } from './transport.ts';

/** RFC 8122, section 5: the line of a session description that names a certificate. */
const FINGERPRINT = /^a=fingerprint:sha-256 ((?:[0-9a-f]{2}:){31}[0-9a-f]{2})[ \t]*\r?$/gim;

/** What was agreed on for a connection, as far as this needs it. */
export type SecuredConnection = Pick<
  RTCPeerConnection,
  'localDescription' | 'remoteDescription' | 'connectionState' | 'sctp'
>;

/**
 * Both certificates' hashes; undefined while the connection is not encrypted.
 *
 * The other side's is that of the certificate that was really shown. Where a browser does not tell it, it is what the description says, which
 * the browser has compared by then.
 */
export function certificatesOf(connection: SecuredConnection): Certificates | undefined {
  const own = fingerprintOf(connection.localDescription?.sdp);
  const other = shownBy(connection);
  return own === undefined || other === undefined ? undefined : { own, other };
}

/**
 * The certificate's hash that a description names. Undefined when it names none, or several (RFC 8122 allows it): then it does not say which
 * of them is used.
 */
export function fingerprintOf(sdp: string | undefined): Uint8Array | undefined {
  const named = new Set(
    [...(sdp ?? '').matchAll(FINGERPRINT)].map(([, hash]) => hash!.toLowerCase()),
  );
  const [hash] = named;
  return hash === undefined || named.size > 1 ? undefined : fromHex(hash.replaceAll(':', ''));
}

function shownBy(connection: SecuredConnection): Uint8Array | undefined {
  // The type says that it is always there, browsers do not.
  const dtls = connection.sctp?.transport as Partial<RTCDtlsTransport> | undefined;
  if (dtls?.getRemoteCertificates !== undefined) {
    const [certificate] = dtls.getRemoteCertificates();
    return certificate === undefined ? undefined : sha256(new Uint8Array(certificate));
  }
  if (connection.connectionState !== 'connected') return undefined;
  return fingerprintOf(connection.remoteDescription?.sdp);
}
