/** CRC-32 (ISO 3309, the polynomial of zip and PNG): finds what a disk or a link garbled by accident, not what somebody forged. */

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) {
    remainder = (remainder & 1) === 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  }
  return remainder >>> 0;
});

/**
 * The checksum of `bytes`, an unsigned 32-bit number.
 *
 * @param before the checksum of the bytes that come before these: chunks can be summed one after the other
 */
export function checksum(bytes: Uint8Array, before = 0): number {
  let remainder = ~before;
  for (let i = 0; i < bytes.length; i++) {
    remainder = (remainder >>> 8) ^ TABLE[(remainder ^ bytes[i]!) & 0xff]!;
  }
  return ~remainder >>> 0;
}
