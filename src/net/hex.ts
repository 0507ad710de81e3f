/** Hexadecimal, for keys and hashes. */

import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';

/** Writes bytes in lower-case hexadecimal. */
export const toHex: (bytes: Uint8Array) => string = bytesToHex;

/** Reads hexadecimal. @throws an Error on anything else */
export const fromHex: (text: string) => Uint8Array = hexToBytes;
