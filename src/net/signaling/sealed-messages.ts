/** What members of a closed room send through signaling in place of their payloads. It comes from strangers until it was read here. */

import * as v from 'valibot';
import { fromBase64, toBase64 } from '../base64.ts';
import { MEMBERSHIP_MAC_BYTES } from '../rooms/membership.ts';
import { CLIENT_FRAME_BYTES_MAX } from './protocol.ts';

/** Bytes of a nonce: two that are drawn are never the same. */
export const CHECK_NONCE_BYTES = 16;

const incarnation = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const nonce = bytes(CHECK_NONCE_BYTES, CHECK_NONCE_BYTES);
const proof = bytes(MEMBERSHIP_MAC_BYTES, MEMBERSHIP_MAC_BYTES);

const sealedMessage = v.variant('parley', [
  v.object({
    parley: v.literal('sealed'),
    /** The incarnation of the receiver that the sender knew; 0 when it is for everybody. */
    to: incarnation,
    box: bytes(1, CLIENT_FRAME_BYTES_MAX),
  }),
  /** "Is this the key of the room?" */
  v.object({ parley: v.literal('key-check'), nonce, proof }),
  /** "Yes", with a proof that the answerer knows it too; or "no", without. */
  v.object({
    parley: v.literal('key-verdict'),
    check: nonce,
    nonce,
    proof: v.exactOptional(proof),
  }),
]);

/** A message of a closed room. Bytes travel as base64. */
export type SealedMessage = v.InferOutput<typeof sealedMessage>;

/** One kind of {@link SealedMessage}. */
export type SealedMessageOf<Kind extends SealedMessage['parley']> = Extract<
  SealedMessage,
  { readonly parley: Kind }
>;

/** Reads a payload; undefined when it is none of these: it came from somebody who knows no key. */
export function readSealedMessage(payload: unknown): SealedMessage | undefined {
  const parsed = v.safeParse(sealedMessage, payload, { abortEarly: true });
  return parsed.success ? parsed.output : undefined;
}

/** The payload of a message. */
export function sealedPayload(message: SealedMessage): unknown {
  const texts = Object.entries(message).map(
    ([name, value]: [string, string | number | Uint8Array]) => [
      name,
      value instanceof Uint8Array ? toBase64(value) : value,
    ],
  );
  return Object.fromEntries(texts) as unknown;
}

/** Whether a payload shows that this room is closed, to whoever entered it without a key. */
export function isOfClosedRoom(payload: unknown): boolean {
  return readSealedMessage(payload) !== undefined;
}

function bytes(min: number, max: number): v.GenericSchema<string, Uint8Array> {
  return v.pipe(
    v.string(),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      try {
        const decoded = fromBase64(dataset.value);
        if (decoded.length >= min && decoded.length <= max) return decoded;
      } catch {
        // Said below, as for a wrong length.
      }
      addIssue({ message: 'must be bytes in base64' });
      return NEVER;
    }),
  );
}
