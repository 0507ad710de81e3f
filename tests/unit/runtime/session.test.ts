/** Sessions over links that break, lie, and come too late; and nodes that are met late or anew. */

import { describe, expect, test } from 'vitest';
import type { Value } from '../../../src/core/value.ts';
import { BatchSealer } from '../../../src/net/batch.ts';
import type { ChannelEvents } from '../../../src/net/channel.ts';
import { goodbyeFrame } from '../../../src/net/frames.ts';
import { syncSigners } from '../../../src/net/ed25519.ts';
import { formatNamed } from '../../../src/net/format.ts';
import { memoryChannels } from '../../../src/net/memory-channel.ts';
import type { AlgorithmEnvelope, Envelope } from '../../../src/runtime/envelope.ts';
import { Outbox } from '../../../src/runtime/live/outbox.ts';
import { Session, type SessionHost } from '../../../src/runtime/live/session.ts';
import { LINK_CLASSES, type LinkClass } from '../../../src/core/message.ts';

const signerOf = syncSigners(1, ['n1', 'n2', 'n3']);
const large = 'x'.repeat(300_000);

describe('links that break', () => {
  test('a message in whose middle the link breaks arrives once, over the next link', async () => {
    const [left, right] = pair();
    const link = join(left, right);
    void left.say('first');
    void left.say(large);
    void left.say('last');
    await right.until(() => right.bodies.length === 1 && link.frames > 12);
    link.break();
    join(left, right);
    await right.until(() => right.bodies.length === 3);
    expect(right.bodies).toEqual(['first', large, 'last']);
    expect(right.refusals).toEqual([]);
  });

  test('however often they break, everything arrives once and in order', async () => {
    const [left, right] = pair();
    const count = 200;
    for (let i = 0; i < count; i++) {
      void left.say(`${i} ${'.'.repeat((i * 997) % 20_000)}`);
      void right.say(`back ${i}`);
    }
    while (right.bodies.length < count || left.bodies.length < count) {
      const link = join(left, right);
      const before = right.bodies.length;
      await right.until(() => right.bodies.length > before + 30 || right.bodies.length === count);
      link.break();
    }
    expect(right.bodies.map((body) => Number.parseInt(String(body), 10))).toEqual(
      Array.from({ length: count }, (_, i) => i),
    );
    expect(left.bodies).toEqual(Array.from({ length: count }, (_, i) => `back ${i}`));
    expect([...left.refusals, ...right.refusals]).toEqual([]);
  });

  test('what was dealt with is known to be: the session is flushed', async () => {
    const [left, right] = pair();
    void left.say('one');
    expect(left.session.isFlushed).toBe(false);
    join(left, right);
    await left.until(() => left.session.isFlushed);
    expect(right.bodies).toEqual(['one']);
  });

  test('nothing passes before both have proven who they are', async () => {
    const [left, right] = pair();
    void left.say('secret');
    const { frames } = join(left, right, { isSecured: false });
    await new Promise((go) => setTimeout(go, 20));
    expect(right.bodies).toEqual([]);
    expect(left.links).toEqual([]);
    expect(frames).toBeLessThan(3);
  });
});

describe('a page that ends', () => {
  test('says goodbye at once: before what is still to be signed, and when nothing else can be said any more', async () => {
    const [left, right] = pair();
    join(left, right);
    await left.until(() => left.links.length === 1 && right.links.length === 1);
    // Nothing is awaited here: a browser ends the worker in the middle of whatever takes time.
    left.session.sayGoodbye();
    left.session.close();
    await right.until(() => right.closed.length > 0);
    expect(right.leaving).toEqual(['n1']);
    expect(left.leaving).toEqual([]);
  });

  test('is heard once on a link, whatever else comes on it', async () => {
    const [left, right] = pair();
    join(left, right);
    await left.until(() => left.links.length === 1 && right.links.length === 1);
    for (let i = 0; i < 100; i++) left.session.sayGoodbye();
    await right.until(() => right.closed.length > 0);
    expect(right.leaving).toEqual(['n1']);
    expect(right.closed).toEqual(['the page at its other end ends']);
    expect(right.refusals).toEqual([]);
  });

  test('is not heard before it has proven who it is', async () => {
    const [left, right] = pair();
    join(left, right, { isSecured: false });
    left.session.sayGoodbye();
    right.inject!('control', goodbyeFrame());
    await new Promise((go) => setTimeout(go, 20));
    expect(right.leaving).toEqual([]);
  });
});

describe('classes', () => {
  test('each is ordered by itself, and gossip arrives too', async () => {
    const [left, right] = pair();
    join(left, right);
    await left.until(() => left.links.length === 1 && right.links.length === 1);
    void left.say('bulk', 'data');
    void left.say('urgent', 'control');
    void left.say('rumour', 'gossip');
    await right.until(() => right.bodies.length === 3);
    expect(new Set(right.bodies)).toEqual(new Set(['bulk', 'rumour', 'urgent']));
  });

  test('gossip without a link is lost, and holds nobody up', async () => {
    const [left, right] = pair();
    void left.say('rumour', 'gossip');
    expect(left.session.isFlushed).toBe(true);
    void left.say('fact');
    join(left, right);
    await right.until(() => right.bodies.length === 1);
    expect(right.bodies).toEqual(['fact']);
  });

  test('gossip that does not fit into a frame goes the reliable way', async () => {
    const [left, right] = pair();
    void left.say(large, 'gossip');
    join(left, right);
    await right.until(() => right.bodies.length === 1);
    expect(right.bodies).toEqual([large]);
  });
});

describe('incarnations', () => {
  test('what is sent before the other node is met waits for it', async () => {
    const [left, right] = pair({ areMet: false });
    void left.say('early');
    left.session.meet(1);
    right.session.meet(1);
    void left.say('late');
    join(left, right);
    await right.until(() => right.bodies.length === 2);
    expect(right.bodies).toEqual(['early', 'late']);
  });

  test('a newer incarnation gets nothing that was meant for the one before', async () => {
    const [left, old] = pair();
    const link = join(left, old);
    void left.say('for the old one');
    void left.say(large);
    await old.until(() => old.bodies.length === 1 && link.frames > 12);
    void left.say('queued for the old one');

    const renewed = new End('n2', 'n1', { incarnation: 2 });
    renewed.session.meet(1);
    left.session.meet(2);
    join(left, renewed);
    void left.say('for the new one');
    await renewed.until(() => renewed.bodies.length === 1);
    expect(renewed.bodies).toEqual(['for the new one']);
    expect(renewed.refusals).toEqual([]);
  });

  test('a ghost of an older incarnation is not let in', async () => {
    const [left] = pair({ met: 2 });
    const ghost = new End('n2', 'n1', { incarnation: 1 });
    ghost.session.meet(1);
    join(left, ghost);
    await left.until(() => left.closed.length > 0);
    expect(left.closed[0]).toBe('one of the two tabs has been reloaded meanwhile');
    expect(left.links).toEqual([]);
  });

  test('whoever waits for room is let go when the other node leaves or comes anew', async () => {
    const [left] = pair();
    const waiting = left.say(large);
    expect(waiting).toBeInstanceOf(Promise);
    left.session.meet(2);
    await waiting;
    const waitingAgain = left.say(large);
    expect(waitingAgain).toBeInstanceOf(Promise);
    left.session.close();
    await waitingAgain;
  });
});

describe('others than it should be', () => {
  test('a link to somebody with another key is refused, and said', async () => {
    const [left] = pair();
    const impostor = new End('n2', 'n1', { holds: 'n3' });
    impostor.session.meet(1);
    void left.say('secret');
    join(left, impostor);
    await left.until(() => left.closed.length > 0);
    expect(left.closed).toEqual(['refused: it does not hold the key of n2']);
    expect(impostor.bodies).toEqual([]);
  });

  test('a batch that is sent again is a replay, and one that is changed is a forgery', async () => {
    const [left, right] = pair();
    const sent: Uint8Array[] = [];
    join(left, right, { onFrame: (frame) => sent.push(frame.slice()) });
    void left.say('once');
    await right.until(() => right.bodies.length === 1);
    // A peer that holds its key can number frames as it likes; what is in them must be new all the same.
    const frame = sent.at(-1)!.slice();
    new DataView(frame.buffer).setUint32(1, 1);
    right.inject!('data', frame);
    await right.until(() => right.refusals.length === 1);
    const forged = frame.slice();
    new DataView(forged.buffer).setUint32(1, 2);
    forged[forged.length - 1]! ^= 1;
    right.inject!('data', forged);
    await right.until(() => right.refusals.length === 2);
    expect(right.refusals).toEqual([
      'signature: it is a replay',
      'signature: the signature of its batch is wrong',
    ]);
    expect(right.bodies).toEqual(['once']);
  });

  test('whoever sends without end before the proof is cut off', async () => {
    const [left, right] = pair();
    join(left, right, { isSecured: false });
    await new Promise((go) => setTimeout(go, 5));
    for (let i = 0; i < 200 && left.closed.length === 0; i++) {
      left.inject!('data', new Uint8Array(16_000).fill(2));
    }
    await left.until(() => left.closed.length === 1);
    expect(left.closed).toEqual(['it sends before it has proven who it is']);
  });
});

interface EndOptions {
  readonly incarnation?: number;
  readonly holds?: string;
}

/** One end of a session, and what came out of it. */
class End implements SessionHost {
  readonly id: string;
  readonly incarnation: number;
  readonly room = 'room';
  readonly runId = 'run';
  readonly nodesMax = 2;
  readonly format = formatNamed('json');
  readonly frameAuth = 'signature';
  readonly membershipKey = undefined;
  readonly signer: SessionHost['signer'];
  readonly session: Session;
  readonly outbox: Outbox;
  readonly bodies: Value[] = [];
  readonly refusals: string[] = [];
  readonly links: string[] = [];
  readonly closed: string[] = [];
  readonly leaving: string[] = [];
  inject: ((linkClass: LinkClass, frame: Uint8Array) => void) | undefined;
  #numbers = 0;

  constructor(id: string, peer: string, { incarnation = 1, holds = id }: EndOptions = {}) {
    this.id = id;
    this.incarnation = incarnation;
    this.signer = signerOf(holds);
    this.session = new Session(peer, this);
    this.outbox = new Outbox(
      new BatchSealer(this, this.signer, 'signature'),
      this.format,
      (_to, batch) => this.session.send(batch),
    );
  }

  /** Sends one message in a turn of its own. */
  say(body: string, via: LinkClass = 'data'): Promise<void> | undefined {
    const envelope: Envelope = {
      kind: 'cast',
      number: ++this.#numbers,
      answers: 0,
      path: 'a',
      type: 't',
      via,
      body,
      bytes: body.length,
      signed: [],
      signing: undefined,
    };
    const accepted = this.session.reserve(envelope);
    this.outbox.add('peer', envelope);
    this.outbox.flush();
    return accepted;
  }

  received(_from: string, envelope: Envelope): void {
    this.bodies.push((envelope as AlgorithmEnvelope).body);
  }

  refused(_from: string, reason: string, detail: string): void {
    this.refusals.push(`${reason}: ${detail}`);
  }

  linkOpen(_peer: string, attempt: string): void {
    this.links.push(attempt);
  }

  leaves(peer: string): void {
    this.leaving.push(peer);
  }

  linkClosed(_peer: string, _attempt: string, reason: string, refused: boolean): void {
    this.closed.push(refused ? `refused: ${reason}` : reason);
  }

  async until(isSo: () => boolean): Promise<void> {
    await expect.poll(isSo, { interval: 1, timeout: 45_000 }).toBe(true);
  }
}

/** Two nodes that know of each other, without a link. */
function pair({ areMet = true, met = 1 } = {}): readonly [End, End] {
  const ends = [new End('n1', 'n2'), new End('n2', 'n1')] as const;
  if (areMet) for (const { session } of ends) session.meet(met);
  return ends;
}

interface JoinOptions {
  readonly isSecured?: boolean;
  readonly onFrame?: (frame: Uint8Array) => void;
}

let attempts = 0;

/** A new link between two ends. */
function join(left: End, right: End, { isSecured = true, onFrame }: JoinOptions = {}) {
  const attempt = `attempt ${++attempts}`;
  const link = { frames: 0, break: () => {} };
  const events = new Map<string, ChannelEvents>();
  const ears = (side: string, linkClass: LinkClass): ChannelEvents => {
    const to = () => events.get(`${side} ${linkClass}`)!;
    return {
      open: () => to().open?.(),
      frame: (frame) => {
        link.frames++;
        if (side === 'right') onFrame?.(frame);
        to().frame(frame);
      },
      closed: (reason) => to().closed(reason),
    };
  };
  const channels = new Map(
    LINK_CLASSES.map(
      (one) => [one, memoryChannels(ears('left', one), ears('right', one))] as const,
    ),
  );
  link.break = () => {
    for (const [channel] of channels.values()) channel.close('a cable was pulled');
  };
  for (const [end, side, at] of [
    [left, 'left', 0],
    [right, 'right', 1],
  ] as const) {
    end.session.connect(attempt, (linkClass, heard) => {
      events.set(`${side} ${linkClass}`, heard);
      return channels.get(linkClass)![at];
    });
    end.inject = (linkClass, frame) => events.get(`${side} ${linkClass}`)!.frame(frame);
    const certificates = { own: new Uint8Array(32), other: new Uint8Array(32) };
    if (isSecured) end.session.secured(attempt, certificates);
  }
  return link;
}
