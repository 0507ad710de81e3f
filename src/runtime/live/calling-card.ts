/**
 * Who a node is, in its own words and under its own signature: what one node shows another where no server announces it. Whoever carries a card
 * can withhold it, and can change nothing in it. That the node really is at the other end of a link is proven there, as always.
 */

import type { NodeId } from '../../core/id.ts';
import { toHex } from '../../net/hex.ts';
import { provenBy, verifyProof } from '../../net/signaling/ed25519-proof.ts';
import { LABEL_LENGTH_MAX, MEMBER_ID_LENGTH } from '../../net/signaling/protocol.ts';

/** What a card says. */
export interface CardClaim {
  readonly node: NodeId;
  /** The member of the room that the node is. */
  readonly member: string;
  readonly incarnation: number;
  /** In hexadecimal. */
  readonly publicKey: string;
}

/** A claim that its node has signed. */
export interface CallingCard extends CardClaim {
  /** In hexadecimal. */
  readonly signature: string;
}

/** Where cards are shown: one of another room or run is worth nothing. */
export interface CardPlace {
  readonly room: string;
  readonly runId: string;
}

/** What makes these bytes unlike all others that a key signs. */
const CARD_TAG = 'parley.card.v1';

/** Members of rooms with several nodes have longer names than the rooms know: the node's name is a part of them. */
const MEMBER_LENGTH_MAX = MEMBER_ID_LENGTH.max + 1 + LABEL_LENGTH_MAX;

/** Writes the card of a node. */
export async function writeCard(
  { node, member, incarnation }: Omit<CardClaim, 'publicKey'>,
  secretKey: Uint8Array,
  place: CardPlace,
): Promise<CallingCard> {
  const { publicKey, sign } = provenBy(secretKey);
  const claim = { node, member, incarnation, publicKey };
  return { ...claim, signature: toHex(await sign(contentOf(claim, place))) };
}

/** Reads what may be a card; undefined for what is none. It has not been verified then. */
export function readCard(payload: unknown): CallingCard | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  const { node, member, incarnation, publicKey, signature } = payload as Record<string, unknown>;
  if (!isText(node, LABEL_LENGTH_MAX) || !isText(member, MEMBER_LENGTH_MAX)) return undefined;
  if (!Number.isSafeInteger(incarnation) || (incarnation as number) < 1) return undefined;
  if (!isHex(publicKey, 64) || !isHex(signature, 128)) return undefined;
  return { node, member, incarnation: incarnation as number, publicKey, signature };
}

/** Whether the node itself has written the card, for this room and run. */
export async function isGenuineCard(card: CallingCard, place: CardPlace): Promise<boolean> {
  return (await verifyProof(card.publicKey, contentOf(card, place), card.signature)) === 'proven';
}

/** Every field has one form and JSON sets them apart, so no two claims share their bytes. */
function contentOf(
  { node, member, incarnation, publicKey }: CardClaim,
  { room, runId }: CardPlace,
): Uint8Array {
  const whole = [CARD_TAG, room, runId, node, member, incarnation, publicKey];
  return new TextEncoder().encode(JSON.stringify(whole));
}

function isText(value: unknown, lengthMax: number): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= lengthMax;
}

function isHex(value: unknown, length: number): value is string {
  return typeof value === 'string' && value.length === length && /^[0-9a-f]+$/.test(value);
}
