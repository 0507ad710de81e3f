/** Base64 (RFC 4648, with padding), the same in Node, pages and workers. */

/** Writes bytes as base64. */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  }
  return btoa(text);
}

/** Reads base64. @throws {SyntaxError} on anything else */
export function fromBase64(text: string): Uint8Array {
  let decoded: string;
  try {
    decoded = atob(text);
  } catch {
    throw new SyntaxError('bytes are not written in base64');
  }
  // Twenty times as fast as a mapping: relayed frames pass here.
  const bytes = new Uint8Array(decoded.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = decoded.charCodeAt(i);
  return bytes;
}

/** The length of `count` bytes in base64. */
export function base64Length(count: number): number {
  return Math.ceil(count / 3) * 4;
}

/** Arguments that one call takes safely in every engine. */
const CHUNK = 8192;
