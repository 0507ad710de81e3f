/** A million frames that nobody would send, into the code that reads links: none is accepted, and none escapes as an exception. */

import { expect, test } from 'vitest';
import type { Signer } from '../../src/core/ports.ts';
import { Random } from '../../src/core/random.ts';
import { BatchOpener, BatchSealer, type Origin } from '../../src/net/batch.ts';
import { fastestSigner, keyPairFrom } from '../../src/net/ed25519.ts';
import { formatNamed } from '../../src/net/format.ts';
import { FRAME_HEADER_BYTES, framesOf } from '../../src/net/frames.ts';
import { FRAME_BYTES_MAX } from '../../src/net/limits.ts';
import { Lane } from '../../src/runtime/live/lane.ts';
import { encodeBatch } from '../../src/runtime/live/wire.ts';

const FRAMES = 1_000_000;

/** Signatures that may be checked at one time: a queue of a million would measure the memory instead. */
const CHECKING_MAX = 1000;

const pairs = new Map(
  ['n1', 'n2'].map((id, i) => [id, keyPairFrom(new Uint8Array(32).fill(i + 1))] as const),
);
const origin: Origin = { room: 'room', runId: 'run', id: 'n1', incarnation: 1 };
const book = (id: string) => pairs.get(id)?.publicKey;

test('a million hostile frames are refused', { timeout: 300_000 }, async () => {
  const real = await fastestSigner(pairs.get('n2')!, book);
  const genuine = await genuineBatches();
  const random = Random.stream(7, 'hostile frames');
  let checking = 0;
  let checked = 0;
  const signer: Signer = {
    sign: (content) => real.sign(content),
    verify: async (...statement) => {
      checking++;
      checked++;
      const verdict = await real.verify(...statement);
      checking--;
      return verdict;
    },
  };
  let refused = 0;
  let broken = 0;
  const forged: string[] = [];
  let lane = newLane();
  for (let i = 0; i < FRAMES; i++) {
    const frame = genuine.frames[below(random, genuine.frames.length)]!;
    // Some are changed only where a signature covers them, and come when they are expected: these have to be found wrong by it. A check
    // of a wrong signature costs a millisecond, so they cannot be all.
    const isDeep = i % 50 === 0;
    if (isDeep) lane = newLane();
    lane.take(mutated(frame, random, isDeep));
    while (checking > CHECKING_MAX) await new Promise((go) => setTimeout(go, 0));
  }
  await expect.poll(() => checking, { timeout: 60_000 }).toBe(0);
  expect(forged).toEqual([]);
  // Every way of refusing was really taken, each of them often.
  expect(checked).toBeGreaterThan(5_000);
  expect(refused).toBeGreaterThan(5_000);
  expect(broken).toBeGreaterThan(100_000);

  function newLane(): Lane {
    const opener = new BatchOpener(origin, signer, 'signature');
    return new Lane('data', {
      opener,
      opened: ({ body }) => {
        // Numbers and acknowledgements belong to the link, not to the sender: a batch may arrive under another number, as it was sent.
        const text = new TextDecoder().decode(body);
        if (!genuine.bodies.has(text)) forged.push(text);
      },
      refused: () => refused++,
      broken: () => {
        broken++;
        lane = newLane();
      },
    });
  }
});

/** What an honest sender sends: small, large, one after the other. */
async function genuineBatches() {
  const sealer = new BatchSealer(origin, await fastestSigner(pairs.get('n1')!, book), 'signature');
  const bodies = ['', 'short', 'x'.repeat(3 * FRAME_BYTES_MAX)].map((body, i) =>
    encodeBatch(
      [
        {
          ...{ kind: 'cast', number: i + 1, answers: 0, path: 'a', type: 't', via: 'data' },
          ...{ body, bytes: body.length, signed: [], signing: undefined },
        },
      ],
      formatNamed('json'),
    ),
  );
  const batches = await Promise.all(bodies.map(async (body) => sealer.seal('data', body)));
  return {
    frames: batches.flatMap((batch) => [...framesOf(batch, 0)]),
    bodies: new Set(bodies.map((body) => new TextDecoder().decode(body))),
  };
}

/** One change at least: bits, length, number, or everything. */
function mutated(frame: Uint8Array, random: Random, isDeep: boolean): Uint8Array {
  const kind = isDeep ? 9 : below(random, 9);
  if (kind === 0) return random.bytes(below(random, 300));
  if (kind === 1) return frame.slice(0, below(random, frame.length));
  if (kind === 2) return Uint8Array.of(...frame.subarray(0, 500), ...random.bytes(1));
  const changed = frame.slice();
  const from = isDeep ? FRAME_HEADER_BYTES : 0;
  const until = isDeep ? changed.length : FRAME_HEADER_BYTES;
  for (let bits = 1 + below(random, 3); bits > 0; bits--) {
    changed[from + below(random, until - from)]! ^= 1 << below(random, 8);
  }
  return changed;
}

function below(random: Random, bound: number): number {
  return random.integer(0, bound - 1);
}
