/** What no real browser does on demand: links that break in the middle of a packet, and nodes that are met late or anew. */

import { expect, test } from 'vitest';
import { Random } from '../../src/core/random.ts';
import type { Value } from '../../src/core/value.ts';
import { syncSigners } from '../../src/net/ed25519.ts';
import { formatNamed } from '../../src/net/format.ts';
import type { LinkEvents } from '../../src/net/link.ts';
import { memoryLinks } from '../../src/net/memory-link.ts';
import type { AlgorithmEnvelope, Envelope } from '../../src/runtime/envelope.ts';
import { Session, type SessionHost } from '../../src/runtime/live/session.ts';

const signerOf = syncSigners(1, ['n1', 'n2']);
const large = 'x'.repeat(300_000);

test('a packet in whose middle the link breaks arrives once, over the next link', async () => {
  const [left, right] = pair();
  const broken = join(left, right);
  void left.session.send(message('first'));
  void left.session.send(message(large));
  void left.session.send(message('last'));
  await right.until(() => right.bodies.length === 1 && right.framesTaken > 5);
  broken.close('a cable was pulled');
  join(left, right);
  await right.until(() => right.bodies.length === 3);
  expect(right.bodies).toEqual(['first', large, 'last']);
  expect(right.refusals).toEqual([]);
});

test('what is sent before the other node is met waits for it', async () => {
  const [left, right] = pair({ areMet: false });
  void left.session.send(message('early'));
  left.session.meet(1);
  right.session.meet(1);
  void left.session.send(message('late'));
  join(left, right);
  await right.until(() => right.bodies.length === 2);
  expect(right.bodies).toEqual(['early', 'late']);
});

test('a newer incarnation gets nothing that was meant for the one before', async () => {
  const [left, old] = pair();
  join(left, old);
  void left.session.send(message('for the old one'));
  void left.session.send(message(large));
  await old.until(() => old.bodies.length === 1 && old.framesTaken > 5);
  void left.session.send(message('queued for the old one'));

  const renewed = new End('n2', 'n1', 2);
  renewed.session.meet(1);
  left.session.meet(2);
  join(left, renewed);
  void left.session.send(message('for the new one'));
  await renewed.until(() => renewed.bodies.length === 1);
  expect(renewed.bodies).toEqual(['for the new one']);
  expect(renewed.refusals).toEqual([]);
});

test('whoever waits for room is let go when the other node leaves or comes anew', async () => {
  const [left] = pair();
  const waiting = left.session.send(message(large));
  expect(waiting).toBeInstanceOf(Promise);
  left.session.meet(2);
  await waiting;
  const waitingAgain = left.session.send(message(large));
  expect(waitingAgain).toBeInstanceOf(Promise);
  left.session.close();
  await waitingAgain;
}, 5000);

/** One end of a session, and what came out of it. */
class End implements SessionHost {
  readonly id: string;
  readonly incarnation: number;
  readonly runId = 'run';
  readonly nodesMax = 2;
  readonly format = formatNamed('json');
  readonly signer: SessionHost['signer'];
  readonly latencyMs = undefined;
  readonly latency = Random.stream(1, 'latency');
  readonly session: Session;
  readonly bodies: Value[] = [];
  readonly refusals: string[] = [];
  framesTaken = 0;

  constructor(id: string, peer: string, incarnation = 1) {
    this.id = id;
    this.incarnation = incarnation;
    this.signer = signerOf(id);
    this.session = new Session(peer, this);
  }

  nowMs(): number {
    return 0;
  }

  received(_from: string, envelope: Envelope): void {
    this.bodies.push((envelope as AlgorithmEnvelope).body);
  }

  refused(_from: string, reason: string, detail: string): void {
    this.refusals.push(`${reason}: ${detail}`);
  }

  linkOpen(): void {}

  linkClosed(): void {}

  async until(isSo: () => boolean): Promise<void> {
    await expect.poll(isSo, { interval: 1, timeout: 5000 }).toBe(true);
  }
}

/** Two nodes that know of each other, without a link. */
function pair({ areMet = true } = {}): readonly [End, End] {
  const ends = [new End('n1', 'n2'), new End('n2', 'n1')] as const;
  if (areMet) for (const { session } of ends) session.meet(1);
  return ends;
}

/** A new link between two ends. Returns what breaks it. */
function join(left: End, right: End): { close(reason: string): void } {
  const taken: LinkEvents[] = [];
  const counting: LinkEvents = {
    open: () => taken[1]!.open?.(),
    frame: (bytes) => {
      right.framesTaken++;
      taken[1]!.frame(bytes);
    },
    closed: (reason) => taken[1]!.closed(reason),
  };
  const forwarding: LinkEvents = {
    open: () => taken[0]!.open?.(),
    frame: (bytes) => taken[0]!.frame(bytes),
    closed: (reason) => taken[0]!.closed(reason),
  };
  const [a, b] = memoryLinks(forwarding, counting);
  for (const [end, link] of [
    [left, a],
    [right, b],
  ] as const) {
    end.session.connect((events) => {
      taken.push(events);
      return link;
    });
  }
  return { close: (reason) => b.close(reason) };
}

let numbers = 0;

function message(body: string): Envelope {
  return {
    kind: 'cast',
    number: ++numbers,
    answers: 0,
    path: 'a',
    type: 't',
    body,
    bytes: body.length,
    signed: [],
    signing: undefined,
  };
}
