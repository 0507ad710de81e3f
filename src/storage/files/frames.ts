/**
 * Frames: how writes stand in a file. A frame is whole or it is not there.
 *
 * A head of 16 bytes (a mark, the length of the content, a running number, a checksum over both and the content; big endian), then
 * the content. Frames have consecutive numbers. What follows the last whole frame was torn by a crash and is cut off, unless a
 * whole frame with a later number stands behind it: then it was promised, and has been damaged since.
 */

import { checksum } from '../../core/checksum.ts';

/** `PLY1`. */
const MARK = 0x504c5931;

const HEAD_BYTES = 16;

/** A whole frame. */
export interface Frame {
  readonly number: number;
  readonly content: Uint8Array;
  /** Where the next one begins. */
  readonly end: number;
}

/** What a file holds. */
export interface Scan {
  readonly frames: readonly Frame[];
  /** Where the last whole frame ends. */
  readonly end: number;
  /** What stands where a promised frame was: as much of it as its head claims. */
  readonly damaged: Uint8Array | undefined;
}

/** The bytes of a frame. */
export function encodeFrame(number: number, content: Uint8Array): Uint8Array {
  const frame = new Uint8Array(HEAD_BYTES + content.length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, MARK);
  view.setUint32(4, content.length);
  view.setUint32(8, number);
  frame.set(content, HEAD_BYTES);
  view.setUint32(12, sumOf(frame, 0, content.length));
  return frame;
}

/** Reads the frames of a file from its beginning. */
export function scanFrames(file: Uint8Array): Scan {
  const frames: Frame[] = [];
  let end = 0;
  for (
    let frame = frameAt(file, 0);
    frame !== undefined && follows(frames.at(-1), frame);
    frame = frameAt(file, end)
  ) {
    frames.push(frame);
    end = frame.end;
  }
  const isDamaged = laterFrame(file, end + 1, frames.at(-1)?.number ?? -1);
  return { frames, end, damaged: isDamaged ? contentAt(file, end) : undefined };
}

function follows(before: Frame | undefined, frame: Frame): boolean {
  return before === undefined || frame.number === before.number + 1;
}

/** Whether a whole frame behind `from` has a later number. */
function laterFrame(file: Uint8Array, from: number, number: number): boolean {
  for (let at = file.indexOf(MARK >>> 24, from); at >= 0; at = file.indexOf(MARK >>> 24, at + 1)) {
    const frame = frameAt(file, at);
    if (frame !== undefined && frame.number > number) return true;
  }
  return false;
}

function frameAt(file: Uint8Array, at: number): Frame | undefined {
  if (at + HEAD_BYTES > file.length) return undefined;
  const view = new DataView(file.buffer, file.byteOffset + at, HEAD_BYTES);
  const length = view.getUint32(4);
  const end = at + HEAD_BYTES + length;
  if (view.getUint32(0) !== MARK || end > file.length) return undefined;
  if (view.getUint32(12) !== sumOf(file, at, length)) return undefined;
  return { number: view.getUint32(8), content: file.subarray(at + HEAD_BYTES, end), end };
}

function contentAt(file: Uint8Array, at: number): Uint8Array {
  const start = at + HEAD_BYTES;
  if (start > file.length) return file.subarray(at);
  const view = new DataView(file.buffer, file.byteOffset + at, HEAD_BYTES);
  return file.subarray(start, Math.min(file.length, start + view.getUint32(4)));
}

function sumOf(file: Uint8Array, at: number, length: number): number {
  const head = checksum(file.subarray(at, at + HEAD_BYTES - 4));
  return checksum(file.subarray(at + HEAD_BYTES, at + HEAD_BYTES + length), head);
}
