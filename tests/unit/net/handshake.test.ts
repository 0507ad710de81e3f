/** The identity proof, and everybody who has none: each is refused, and told apart by name. */

import { describe, expect, test } from 'vitest';
import { encodeCanonical, decodeCanonical } from '../../../src/core/canonical.ts';
import { Random } from '../../../src/core/random.ts';
import type { Value } from '../../../src/core/value.ts';
import { fastestSigner, keyPairFrom, syncSigner } from '../../../src/net/ed25519.ts';
import { FRAME_KIND } from '../../../src/net/frames.ts';
import { Handshake, type HandshakeOptions } from '../../../src/net/handshake.ts';
import type { Certificates } from '../../../src/net/rtc/transport.ts';

const pairs = new Map(
  ['n1', 'n2', 'n3'].map((id, i) => [id, keyPairFrom(new Uint8Array(32).fill(i + 1))] as const),
);
const book = (id: string) => pairs.get(id)?.publicKey;
const certificate = (name: string) => Random.stream(1, name).bytes(32);
const roomKey = new Uint8Array(32).fill(9);

type Changes = Partial<HandshakeOptions> & { readonly holds?: string };

/** One side, and what it came to. */
class Side {
  readonly frames: Uint8Array[] = [];
  outcome: string | undefined;
  readonly handshake: Handshake;

  constructor(self: string, other: string, { holds = self, ...changes }: Changes = {}) {
    this.handshake = new Handshake(
      {
        room: 'room',
        runId: 'run',
        self: { id: self, incarnation: 1 },
        other: { id: other, incarnation: 1 },
        arrived: { control: 3, data: 5 },
        frameAuth: 'signature',
        signer: syncSigner(pairs.get(holds)!, book),
        membershipKey: undefined,
        nonce: Random.stream(Math.floor(++nonces), 'nonce').bytes(32),
        ...changes,
      },
      {
        send: (frame) => this.frames.push(frame),
        proven: ({ control, data }) => {
          this.outcome = `proven, goes on at ${control} and ${data}`;
        },
        failed: (reason, isFinal) => {
          this.outcome = `${isFinal ? 'refused' : 'failed'}: ${reason}`;
        },
      },
    );
  }
}

let nonces = 0;

/** Who sits where: certificates as each side sees them. */
const straight: readonly [Certificates, Certificates] = [
  { own: certificate('left'), other: certificate('right') },
  { own: certificate('right'), other: certificate('left') },
];

/** Looks at what is said, a millisecond or more apart. */
const ROUNDS_MAX = 200;

type Tamper = (frame: Uint8Array) => Uint8Array;

/** Lets two sides talk, through `tamper` from left to right, until nothing more is said. */
async function meet(
  left: Side,
  right: Side,
  certificates = straight,
  tamper: Tamper = (frame) => frame,
): Promise<void> {
  for (const side of [left, right]) side.handshake.begin();
  left.handshake.secured(certificates[0]);
  right.handshake.secured(certificates[1]);
  // Signatures of the platform come when they come; who waits in vain is waited for in vain.
  const isOver = () => left.outcome !== undefined && right.outcome !== undefined;
  for (let round = 0; round < ROUNDS_MAX && !isOver(); round++) {
    for (const frame of left.frames.splice(0)) right.handshake.take(tamper(frame));
    for (const frame of right.frames.splice(0)) left.handshake.take(frame);
    await new Promise((go) => setTimeout(go, 0));
  }
}

const PROVEN = 'proven, goes on at 3 and 5';

describe('two who are who they say', () => {
  test('prove it, and learn where to go on', async () => {
    const [left, right] = [new Side('n1', 'n2'), new Side('n2', 'n1')];
    await meet(left, right);
    expect([left.outcome, right.outcome]).toEqual([PROVEN, PROVEN]);
  });

  test('prove it with signatures that take time as well', async () => {
    const signer = await fastestSigner(pairs.get('n1')!, book);
    const [left, right] = [new Side('n1', 'n2', { signer }), new Side('n2', 'n1')];
    await meet(left, right);
    expect([left.outcome, right.outcome]).toEqual([PROVEN, PROVEN]);
  });

  test('wait until the connection is encrypted', async () => {
    const [left, right] = [new Side('n1', 'n2'), new Side('n2', 'n1')];
    for (const side of [left, right]) side.handshake.begin();
    right.handshake.take(left.frames.pop()!);
    left.handshake.take(right.frames.pop()!);
    expect(left.frames).toEqual([]);
    await meet(left, right);
    expect(left.outcome).toBeDefined();
  });

  test('of a closed room prove that they know its key', async () => {
    const closed = { membershipKey: roomKey };
    const [left, right] = [new Side('n1', 'n2', closed), new Side('n2', 'n1', closed)];
    await meet(left, right);
    expect([left.outcome, right.outcome]).toEqual([PROVEN, PROVEN]);
  });
});

describe('refused, and named', () => {
  test.each<[string, Changes, string]>([
    ['another key', { holds: 'n3' }, 'refused: it does not hold the key of n1'],
    ['another room', { room: 'elsewhere' }, 'refused: it is of another room (elsewhere)'],
    ['another run', { runId: 'yesterday' }, 'refused: it is of another run (yesterday)'],
    [
      'another node',
      { self: { id: 'n3', incarnation: 1 } },
      'refused: it says that it is n3, and n1 was meant',
    ],
    [
      'one who means somebody else',
      { other: { id: 'n3', incarnation: 1 } },
      'refused: it takes this node for n3',
    ],
    [
      'another way to vouch for messages',
      { frameAuth: 'link' },
      'refused: it runs with --frame-auth link, and this node with signature',
    ],
    [
      'an older incarnation',
      { self: { id: 'n1', incarnation: 0 } },
      'failed: one of the two tabs has been reloaded meanwhile',
    ],
    [
      'a room with a key where this one has none',
      { membershipKey: roomKey },
      'refused: one of the two entered the room with its key, the other without',
    ],
  ])('%s', async (_, changes, outcome) => {
    const [left, right] = [new Side('n1', 'n2', changes), new Side('n2', 'n1')];
    await meet(left, right);
    expect(right.outcome).toBe(outcome);
  });

  test('another key of the room', async () => {
    const [left, right] = [
      new Side('n1', 'n2', { membershipKey: new Uint8Array(32) }),
      new Side('n2', 'n1', { membershipKey: roomKey }),
    ];
    await meet(left, right);
    expect(right.outcome).toBe('refused: it does not know the key of this room');
    expect(left.outcome).toBe('refused: it does not know the key of this room');
  });

  test('somebody in the middle, who has to show certificates of his own', async () => {
    const middle = certificate('middle');
    const [left, right] = [new Side('n1', 'n2'), new Side('n2', 'n1')];
    await meet(left, right, [
      { own: certificate('left'), other: middle },
      { own: certificate('right'), other: middle },
    ]);
    const named = 'refused: somebody sits between: the certificates of the two ends differ';
    expect([left.outcome, right.outcome]).toEqual([named, named]);
  });

  test('somebody in the middle who writes the expected certificates into the proof', async () => {
    const [left, right] = [new Side('n1', 'n2'), new Side('n2', 'n1')];
    const middle = certificate('middle');
    const seen: Certificates = { own: certificate('right'), other: middle };
    await meet(left, right, [{ own: certificate('left'), other: middle }, seen], (frame) => {
      if (frame[0] !== FRAME_KIND.proof) return frame;
      const changed = frame.slice();
      changed.set(seen.other, 1);
      changed.set(seen.own, 33);
      return changed;
    });
    expect(right.outcome).toBe('refused: it does not hold the key of n1');
  });

  test('a proof of an earlier connection', async () => {
    const [first, other] = [new Side('n1', 'n2'), new Side('n2', 'n1')];
    const heard: Uint8Array[] = [];
    await meet(first, other, straight, (frame) => {
      heard.push(frame);
      return frame;
    });
    const right = new Side('n2', 'n1');
    right.handshake.begin();
    right.handshake.secured(straight[1]);
    for (const frame of heard) right.handshake.take(frame);
    await expect.poll(() => right.outcome).toBe('refused: it does not hold the key of n1');
  });

  test('one’s own proof, sent back', async () => {
    const right = new Side('n2', 'n1');
    right.handshake.begin();
    right.handshake.secured(straight[1]);
    const [hello] = right.frames;
    right.handshake.take(hello!);
    expect(right.outcome).toBe('refused: it says that it is n2, and n1 was meant');
  });

  test('another version', () => {
    const [left, right] = [new Side('n1', 'n2'), new Side('n2', 'n1')];
    left.handshake.begin();
    const fields = decodeCanonical(left.frames[0]!.subarray(1)) as Value[];
    const other = encodeCanonical([99, ...fields.slice(1)]);
    right.handshake.take(Uint8Array.of(FRAME_KIND.hello, ...other));
    expect(right.outcome).toBe('refused: it speaks another version of Parley');
  });

  test('whoever talks before he has proven anything', () => {
    const right = new Side('n2', 'n1');
    right.handshake.take(Uint8Array.of(FRAME_KIND.proof, 1, 2, 3));
    expect(right.outcome).toBe('failed: it sent something else than its proof');
  });
});

test('no bit of a hello or a proof can be changed', async () => {
  const [left, right] = [new Side('n1', 'n2'), new Side('n2', 'n1')];
  const lengths: number[] = [];
  await meet(left, right, straight, (frame) => {
    lengths.push(frame.length);
    return frame;
  });
  const [helloBytes, proofBytes] = lengths as [number, number];
  const places = [
    ...Array.from({ length: helloBytes }, (_, at) => [FRAME_KIND.hello, at] as const),
    ...Array.from({ length: proofBytes }, (_, at) => [FRAME_KIND.proof, at] as const),
  ].filter(([, at]) => at % 5 === 0 || at < 4);
  await Promise.all(
    places.map(async ([kind, at]) => {
      const sides = [new Side('n1', 'n2'), new Side('n2', 'n1')] as const;
      await meet(...sides, straight, (frame) => {
        if (frame[0] !== kind) return frame;
        const changed = frame.slice();
        changed[at]! ^= 1 << (at % 8);
        return changed;
      });
      expect(sides[1].outcome, `byte ${at} of frame ${kind}`).toMatch(/^(refused|failed)/u);
    }),
  );
}, 30_000);
