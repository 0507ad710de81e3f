import { describe, expect, test } from 'vitest';
import { fromBase64, toBase64 } from '../../../../src/net/base64.ts';
import { FRAME_BYTES_MAX } from '../../../../src/net/limits.ts';
import {
  ATTEMPT_LENGTH_MAX,
  EARLY_MAX,
  EARLY_PER_MEMBER_MAX,
} from '../../../../src/net/relay/limits.ts';
import { RelayHub } from '../../../../src/net/relay/relay-hub.ts';
import { PACKET_KIND, packetOf, readPacket } from '../../../../src/net/relay/relay-packet.ts';
import { LocalHub } from '../../../../src/net/signaling/hub.ts';
import { RELAY_DATA_LENGTH_MAX } from '../../../../src/net/signaling/protocol.ts';
import { toHex } from '../../../../src/net/hex.ts';
import { frame, opened, RelayDiary, twoMembers } from './relay-pair.ts';
import { settled, Wire } from './wire.ts';

/** Both hubs of a wire. */
function hubsOf(wire: Wire): { left: RelayHub; right: RelayHub } {
  return { left: new RelayHub(wire.left), right: new RelayHub(wire.right) };
}

/** A link over a wire, open at both ends. */
async function linkOver(wire: Wire, attempt = '1.1') {
  const { left, right } = hubsOf(wire);
  const [ours, theirs] = [new RelayDiary(), new RelayDiary()];
  const near = left.open('right', attempt, ours);
  const far = right.open('left', attempt, theirs);
  await Promise.all([opened(near), opened(far)]);
  return { left, right, near, far, ours, theirs };
}

const kinds = (wire: Wire) =>
  wire.sent.map(({ from, data }) => `${from} ${readPacket(fromBase64(data))!.kind}`);

describe('the beginning of a relayed link', () => {
  test('gives both sides the same two certificates, before anything is open, and others each time', async () => {
    const wire = new Wire();
    const { left, right, ours, theirs } = await linkOver(wire);
    expect(ours.certificates).toHaveLength(1);
    const { own, other } = ours.certificates[0]!;
    expect(theirs.certificates).toEqual([{ own: other, other: own }]);
    const again = [new RelayDiary(), new RelayDiary()] as const;
    left.open('right', '1.2', again[0]);
    right.open('left', '1.2', again[1]);
    await again[0].until(() => again[0].certificates.length > 0);
    const all = [own, other, ...again[0].certificates.flatMap((pair) => [pair.own, pair.other])];
    expect(new Set(all.map(toHex)).size).toBe(4);
    for (const certificate of all) expect(certificate).toHaveLength(32);
  });

  test('waits for the side that begins later', async () => {
    const wire = new Wire();
    const { left, right } = hubsOf(wire);
    const [ours, theirs] = [new RelayDiary(), new RelayDiary()];
    const near = left.open('right', '1.1', ours);
    await settled();
    expect(near.channels.data.state).toBe('connecting');
    const far = right.open('left', '1.1', theirs);
    await Promise.all([opened(near), opened(far)]);
    far.channels.data.send(frame('late, but here'));
    await ours.until(() => ours.frames.length === 1);
    expect(kinds(wire)).toEqual(['left 1', 'right 1', 'right 2']);
  });

  test('repairs itself when the first key went nowhere', async () => {
    const wire = new Wire();
    const left = new RelayHub(wire.left);
    const [ours, theirs] = [new RelayDiary(), new RelayDiary()];
    const near = left.open('right', '1.1', ours);
    // Nobody listens there yet.
    await settled();
    const far = new RelayHub(wire.right).open('left', '1.1', theirs);
    await opened(near);
    near.channels.control.send(frame('with my key in front'));
    await theirs.until(() => theirs.frames.length === 1);
    expect(far.channels.control.state).toBe('open');
    expect(kinds(wire)).toEqual(['left 1', 'right 1', 'left 1', 'left 2']);
  });

  test('may be thought better of before the other side begins', async () => {
    const wire = new Wire();
    const { left, right } = hubsOf(wire);
    left.open('right', '1.1', new RelayDiary()).close('changed my mind');
    const near = left.open('right', '1.2', new RelayDiary());
    await settled();
    near.close('and again');
    await settled();
    const theirs = new RelayDiary();
    right.open('left', '1.2', theirs);
    expect(await theirs.end()).toBe('and again');
    expect(theirs.certificates).toEqual([]);
  });

  test('wants a name of its own', async () => {
    const { left } = hubsOf(new Wire());
    left.open('right', '1.1', new RelayDiary());
    left.open('somebody-else', '1.1', new RelayDiary());
    expect(() => left.open('right', '1.1', new RelayDiary())).toThrow(/under way already/);
    for (const attempt of ['', 'with space', 'ü', 'x'.repeat(ATTEMPT_LENGTH_MAX + 1)]) {
      expect(() => left.open('right', attempt, new RelayDiary())).toThrow(RangeError);
    }
  });

  test('is forgotten when there are too many, the oldest first, a member at a time', async () => {
    const wire = new Wire();
    const right = new RelayHub(wire.right);
    const began = async (from: string, attempt: string) => {
      const diary = new RelayDiary();
      right.open(from, attempt, diary);
      await settled();
      return diary.certificates.length + diary.reasons.length > 0;
    };
    const key = (attempt: number) =>
      toBase64(packetOf(PACKET_KIND.key, `1.${attempt}`, new Uint8Array(33).fill(attempt % 7)));
    for (let attempt = 0; attempt <= EARLY_PER_MEMBER_MAX; attempt++) {
      wire.inject('right', 'impatient', key(attempt));
    }
    expect(await began('impatient', '1.0')).toBe(false);
    expect(await began('impatient', '1.1')).toBe(true);
    for (let member = 0; member < EARLY_MAX - 1; member++) {
      for (let attempt = 0; attempt < 2; attempt++)
        wire.inject('right', `m${member}`, key(attempt));
    }
    expect(await began(`m0`, '1.0')).toBe(false);
    expect(await began(`m${EARLY_MAX - 2}`, '1.1')).toBe(true);
  });
});

describe('frames of a relayed link', () => {
  test('keep their class and their order, and no link hears another', async () => {
    const hub = new LocalHub();
    const [ada, bob] = await twoMembers(hub);
    const diaries = ['1.1', '1.2'].map((attempt) => {
      const [ours, theirs] = [new RelayDiary(), new RelayDiary()];
      const near = ada.relay.open(bob.name, attempt, ours);
      const far = bob.relay.open(ada.name, attempt, theirs);
      return { attempt, near, far, ours, theirs };
    });
    for (const { attempt, near, far, ours, theirs } of diaries) {
      await Promise.all([opened(near), opened(far)]);
      for (const linkClass of ['data', 'gossip', 'control', 'data'] as const) {
        expect(near.channels[linkClass].send(frame(`${attempt} there`))).toBe('sent');
        expect(far.channels[linkClass].send(frame(`${attempt} back`))).toBe('sent');
      }
      await theirs.until(() => theirs.frames.length === 4);
      await ours.until(() => ours.frames.length === 4);
    }
    for (const { attempt, ours, theirs } of diaries) {
      const classes = ['data', 'gossip', 'control', 'data'];
      expect(theirs.frames).toEqual(classes.map((name) => `${name} ${attempt} there`));
      expect(ours.frames).toEqual(classes.map((name) => `${name} ${attempt} back`));
    }
    hub.close();
  });

  test('are not readable on the way, and fit through the server', async () => {
    const wire = new Wire();
    const attempt = 'x'.repeat(ATTEMPT_LENGTH_MAX);
    const { near, theirs } = await linkOver(wire, attempt);
    const secret = new Uint8Array(FRAME_BYTES_MAX).fill(0x41);
    near.channels.data.send(secret);
    near.channels.data.send(frame('AAAAAAAA'));
    await theirs.until(() => theirs.frames.length === 2);
    near.close('AAAAAAAA');
    await theirs.end();
    for (const { data } of wire.sent) {
      expect(data.length).toBeLessThanOrEqual(RELAY_DATA_LENGTH_MAX);
      expect(Buffer.from(data, 'base64').toString('latin1')).not.toContain('AAAAAA');
    }
  });

  test('that are too large to be relayed end the link, and nothing throws', async () => {
    const { near, ours, theirs } = await linkOver(new Wire());
    expect(near.channels.data.send(new Uint8Array(25_000))).toBe('closed');
    expect(await ours.end()).toMatch(/25000 bytes is too large to be relayed/);
    expect(await theirs.end()).toMatch(/too large/);
  });

  test('wait at the sender while the pipe is full, and control goes first afterwards', async () => {
    const wire = new Wire();
    const { near, theirs } = await linkOver(wire);
    wire.capacity = 1;
    const { control, data, gossip } = near.channels;
    expect([data.send(frame('1')), data.send(frame('2'))]).toEqual(['sent', 'sent']);
    // The second is sealed and waits; nothing else is taken.
    expect([data, control, gossip].map((channel) => channel.send(frame('no')))).toEqual(
      Array.from({ length: 3 }, () => 'full'),
    );
    const goOn = async (name: 'control' | 'data') => {
      await near.channels[name].drained();
      near.channels[name].send(frame('3'));
    };
    void goOn('data');
    void goOn('control');
    wire.drain(Infinity);
    await theirs.until(() => theirs.frames.length === 4);
    expect(theirs.frames).toEqual(['data 1', 'data 2', 'control 3', 'data 3']);
  });

  test('of gossip are the first to find no room when nobody acknowledges', async () => {
    const wire = new Wire();
    const { near } = await linkOver(wire);
    wire.tamper = () => [];
    const taken = (name: 'control' | 'data' | 'gossip') => {
      let count = 0;
      while (near.channels[name].send(new Uint8Array(1000)) === 'sent') count++;
      return count;
    };
    const [gossip, data, control] = [taken('gossip'), taken('data'), taken('control')];
    expect(data).toBe(control);
    expect(gossip).toBeLessThan(data / 3);
    expect(gossip).toBeGreaterThan(5);
  });

  test('are acknowledged when they were dealt with, so a slow reader slows its sender', async () => {
    const wire = new Wire();
    const { left, right } = hubsOf(wire);
    const theirs = new RelayDiary();
    let release = () => {};
    const dealtWith = new Promise<void>((resolve) => (release = resolve));
    const near = left.open('right', '1.1', new RelayDiary());
    const data = { ...theirs.channels.data, frame: () => dealtWith };
    right.open(
      'left',
      '1.1',
      Object.assign(new RelayDiary(), { channels: { ...theirs.channels, data } }),
    );
    await opened(near);
    let count = 0;
    while (near.channels.data.send(new Uint8Array(1000)) === 'sent') count++;
    await settled();
    expect(near.channels.data.send(new Uint8Array(1000))).toBe('full');
    expect(near.channels.control.send(new Uint8Array(1000))).toBe('sent');
    release();
    await near.channels.data.drained();
    expect(near.channels.data.send(new Uint8Array(1000))).toBe('sent');
    expect(count).toBeGreaterThan(50);
  });
});

describe('the end of a relayed link', () => {
  test('is said to the other side, once, a class at a time or all at once', async () => {
    const { near, far, ours, theirs } = await linkOver(new Wire());
    near.channels.gossip.close('no more gossip');
    await settled();
    expect([far.channels.gossip.state, far.channels.data.state]).toEqual(['closed', 'open']);
    near.close('done');
    near.close('done twice');
    expect(await theirs.end()).toBe('done');
    expect([ours.reasons, theirs.reasons]).toEqual([['done'], ['done']]);
  });

  test('has a reason that people can read, whoever wrote it', async () => {
    const wire = new Wire();
    const { near, theirs } = await linkOver(wire);
    near.close(`line\none\u001b[31m${'x'.repeat(2000)}`);
    const reason = await theirs.end();
    expect(reason).toMatch(/^line one \[31mx+$/);
    expect(reason.length).toBeLessThan(500);
    const second = await linkOver(wire, '1.2');
    second.near.close('');
    expect(await second.theirs.end()).toBe('the other side closed the link');
  });

  test('comes when signaling is closed', async () => {
    const wire = new Wire();
    const { near, ours } = await linkOver(wire);
    wire.isClosed = true;
    expect(near.channels.data.send(frame('x'))).toBe('closed');
    expect(await ours.end()).toMatch(/signaling is closed/);
  });

  test('is said again to who missed it', async () => {
    const wire = new Wire();
    const { near, far, theirs } = await linkOver(wire);
    wire.tamper = () => [];
    near.close('nobody hears this');
    wire.tamper = (data) => [data];
    far.channels.data.send(frame('are you there?'));
    far.channels.data.send(frame('hello?'));
    expect(await theirs.end()).not.toBe('');
    await settled();
    expect(kinds(wire).filter((kind) => kind === 'left 3')).toHaveLength(1);
  });

  test('of a hub is the end of its links, those that have just begun included', async () => {
    const { left, ours, theirs } = await linkOver(new Wire());
    const late = new RelayDiary();
    left.open('right', '1.2', late);
    left.close('the node has ended');
    expect(await ours.end()).toBe('the node has ended');
    expect(await theirs.end()).toBe('the node has ended');
    expect(await late.end()).toBe('the node has ended');
  });
});
