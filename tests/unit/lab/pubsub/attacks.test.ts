/** DAPSS's eight attacks, and more: each is sent as an attacker would, and each is shown to have no effect. */

import { expect, test, vi } from 'vitest';
import { decodeCanonical, encodeCanonical } from '../../../../src/core/canonical.ts';
import { signedValue } from '../../../../src/core/signed.ts';
import type { Value } from '../../../../src/core/value.ts';
import { Signatures } from '../../../../src/runtime/signatures.ts';
import { createPubSub, type PubSub } from '../../../../src/lab/pubsub/create-pubsub.ts';
import { SecurityError } from '../../../../src/lab/pubsub/security.ts';
import type { Subscription } from '../../../../src/lab/pubsub/subscription.ts';
import { TopicKeys } from '../../../../src/lab/pubsub/topic-keys.ts';
import { MemoryNetwork } from '../../../../src/net/parcels/memory-network.ts';
import { KEY, newGroup, read, type Group } from '../../../support/pubsub-group.ts';

const GROUP = 'pubsub n1 n2 n3';

/** Two members, and the third name for the attacker, who can send whatever it likes. */
async function attacked(): Promise<{
  readonly group: Group;
  readonly victim: PubSub;
  readonly reads: Subscription;
  readonly send: (content: unknown, from?: string) => Promise<void>;
  /** Nothing of it came through, and what comes after does. */
  readonly unharmed: () => Promise<void>;
}> {
  const group = newGroup();
  const [one, victim] = [await group.start('n1', local), await group.start('n2', local)];
  const reads = await victim.subscribe('#', { order: 'fifo' });
  const door = group.network.join('n3', () => {});
  const send = async (content: unknown): Promise<void> => {
    door.send('n2', content instanceof Uint8Array ? content : encodeCanonical(content));
    await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const unharmed = async (): Promise<void> => {
    await one.publish('truth', 'still here');
    expect(await read(reads, 1)).toMatchObject([{ origin: 'n1', payload: 'still here' }]);
    expect(reads.waiting).toBe(0);
  };
  return { group, victim, reads, send, unharmed };
}

const local = { settings: { registry_by: 'local' } };

/** A batch as its author would sign it, sent by anti-entropy. */
function batchOf(group: Group, signer: string, by: string, fields: object, groupName = GROUP) {
  const whole = {
    ...{ life: 1, first: 1, lamport: 1, after: {}, sent_at: 0 },
    messages: [
      {
        topic: 'lies',
        payload: sealed(new TopicKeys(KEY), signer, 'lies', 'a lie'),
        retain: false,
      },
    ],
    ...fields,
  };
  const value = signedValue({
    ...{
      type: 'Batch',
      path: 'pubsub',
      signer: by,
      fields: whole,
      signature: undefined,
    },
  });
  void new Signatures(groupName, by, group.signerOf(by)).sign([value]);
  const { fields: signedFields, signature } = {
    fields: whole,
    signature: signatureOf(value),
  };
  return signedValue({ type: 'Batch', path: 'pubsub', signer, fields: signedFields, signature });
}

/** What is short is encrypted at once. */
function sealed(keys: TopicKeys, author: string, topic: string, text: string): Value {
  return keys.seal(author, topic, text) as Value;
}

/** As on a page that came over plain http. */
async function withoutWebCrypto<T>(code: () => T): Promise<Awaited<T>> {
  vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) });
  try {
    return await code();
  } finally {
    vi.unstubAllGlobals();
  }
}

function signatureOf(value: object): Uint8Array {
  const [symbol] = Object.getOwnPropertySymbols(value);
  return (value as Record<symbol, { signature: Uint8Array }>)[symbol!]!.signature;
}

const missing = (...batches: unknown[]) => ['missing', { batches, floors: {}, is_all: true }];

test('1, forged: a batch in the name of another, signed by the attacker', async () => {
  const { group, victim, send, unharmed } = await attacked();
  await send(missing(batchOf(group, 'n1', 'n3', { first: 1 })));
  expect(victim.problems.at(-1)?.problem).toContain('signature');
  await unharmed();
});

test('a batch that is genuine, but of another group', async () => {
  const { group, victim, send, unharmed } = await attacked();
  await send(missing(batchOf(group, 'n3', 'n3', {}, 'another group')));
  expect(victim.problems.at(-1)?.problem).toContain('signature');
  await unharmed();
});

test('2, malformed: bytes that are no message, and messages that are none', async () => {
  const { victim, send, unharmed } = await attacked();
  const junk = [
    new Uint8Array([255, 1, 2, 3]),
    new TextEncoder().encode('{"type":"GOSSIP"}'),
    ['missing', { batches: 'all of them' }],
    ['nothing', {}],
    ['__proto__', {}],
    ['registry.__proto__', {}],
    [7, 7, 7],
    ['digest', { have: { '1/n1': -1 }, asks: true }],
    ['digest', { have: { '1/n1': 2 ** 60 }, asks: true }],
  ];
  for (const each of junk) await send(each);
  expect(victim.metrics.messagesRefused).toBeGreaterThanOrEqual(junk.length);
  await unharmed();
});

test('3, replay: a genuine batch again, an hour later or at once, is delivered once', async () => {
  const { group, victim, reads, send, unharmed } = await attacked();
  const genuine = missing(batchOf(group, 'n3', 'n3', {}));
  await send(genuine);
  expect(await read(reads, 1)).toMatchObject([{ origin: 'n3', payload: 'a lie' }]);
  for (let i = 0; i < 20; i++) await send(genuine);
  expect(victim.metrics.duplicates).toBeGreaterThanOrEqual(20);
  await unharmed();
});

test('4, a megabyte: what is too large is not read', async () => {
  const { victim, send, unharmed } = await attacked();
  await send(['digest', { have: {}, asks: false, junk: 'x'.repeat(5_000_000) }]);
  await send(new Uint8Array(5_000_000));
  // By its length alone, before a byte of it is read.
  const lengths = victim.problems.map(({ problem }) => /^has (\d+) bytes$/.exec(problem)?.[1]);
  expect(lengths.map(Number)).toEqual([expect.closeTo(5_000_000, -3), 5_000_000]);
  await unharmed();
});

test('5, injection: names and texts with markup, paths and prototypes are texts', async () => {
  const { group, reads, send, unharmed } = await attacked();
  const topic = "'; DROP TABLE topics; --/<img src=x onerror=alert(1)>/../../etc/passwd";
  const payload = sealed(new TopicKeys(KEY), 'n3', topic, '<script>alert(1)</script>');
  await send(
    missing(batchOf(group, 'n3', 'n3', { messages: [{ topic, payload, retain: false }] })),
  );
  expect(await read(reads, 1)).toMatchObject([{ topic, payload: '<script>alert(1)</script>' }]);
  await unharmed();
});

test('6 and 7, a vote request of term 999 999 and heartbeats of a leader that nobody elected', async () => {
  const group = newGroup();
  const members = await Promise.all(['n1', 'n2'].map((id) => group.start(id)));
  await members[0]!.subscribe('a');
  const door = group.network.join('n4', () => {});
  const vote = { term: 999_999, lastIndex: 999_999, lastTerm: 999_998, isTransfer: true };
  for (let i = 0; i < 10; i++) {
    for (const type of ['requestVote', 'preVote', 'appendEntries', 'timeoutNow']) {
      door.send('n1', encodeCanonical([`registry.${type}`, vote]));
    }
  }
  await expect.poll(() => members[0]!.metrics.messagesRefused).toBe(40);
  expect(members[0]!.problems.at(-1)?.problem).toContain('nobody that is known');
  await members[1]!.subscribe('b');
});

test('8, binary: random bytes of any length', async () => {
  const { send, unharmed } = await attacked();
  for (let length = 0; length < 200; length += 7) {
    await send(Uint8Array.from({ length }, (_, i) => (i * 151 + length * 31) & 255));
  }
  await unharmed();
});

test('a publisher that gives one number to two messages is told of, and the first stands', async () => {
  const { group, victim, reads, send, unharmed } = await attacked();
  const conflicts: unknown[] = [];
  victim.on(({ kind, detail }) => kind === 'conflict' && conflicts.push(detail));
  await send(missing(batchOf(group, 'n3', 'n3', {})));
  await send(missing(batchOf(group, 'n3', 'n3', { sent_at: 1 })));
  expect(await read(reads, 1)).toMatchObject([{ payload: 'a lie' }]);
  expect(conflicts).toEqual([{ message: '1/n3:1', from: 'n3' }]);
  await unharmed();
});

test('whoever goes on with it is ignored for a while, and everybody sees it', async () => {
  const { group, victim, reads, send, unharmed } = await attacked();
  const opinion = () => victim.members.find(({ id }) => id === 'n3')!;
  expect(opinion()).toMatchObject({ score: 0, isIgnored: false });
  await send(missing(batchOf(group, 'n1', 'n3', {})));
  // Half of it may have been forgiven while the others came.
  expect(opinion().score).toBeLessThan(-10);
  for (let i = 0; i < 10; i++) await send(new Uint8Array([255, 1, 2, 3]));
  expect(opinion().isIgnored).toBe(true);
  const [pushed, asked] = [batchOf(group, 'n3', 'n3', {}), victim.metrics.ignored];
  await send(['said', { batch: pushed, missed: [] }]);
  expect([victim.metrics.ignored - asked, reads.waiting]).toEqual([1, 0]);
  await unharmed();
  // What it said is not lost: it comes when it is asked for.
  await send(missing(pushed));
  expect(await read(reads, 1)).toMatchObject([{ origin: 'n3', payload: 'a lie' }]);
});

test('a flood, under signatures of its own: it is told, held back, and ignored', async () => {
  const flood = { settings: { registry_by: 'local', publish_rate: 1, publish_burst: 2 } };
  const group = newGroup();
  const [one, victim] = [await group.start('n1', flood), await group.start('n2', flood)];
  const reads = await victim.subscribe('#', { order: 'fifo' });
  const told: unknown[] = [];
  const door = group.network.join('n3', (from, bytes) => {
    const [type, fields] = decodeCanonical(bytes) as [string, unknown];
    if (type === 'limited') told.push([from, fields]);
  });
  for (let first = 1; first <= 60; first++) {
    const batch = batchOf(group, 'n3', 'n3', { first });
    door.send('n2', encodeCanonical(['said', { batch, missed: ['n1'] }]));
  }
  await expect.poll(() => victim.members.find(({ id }) => id === 'n3')?.isIgnored).toBe(true);
  // Once a second, at most.
  expect(told[0]).toEqual(['n2', { messages: 1, bytes: 64 * 1024 * 1024 }]);
  expect(told.length).toBeLessThan(10);
  expect(victim.metrics.limited).toBeGreaterThanOrEqual(20);
  await one.publish('truth', 'still here');
  let heard = 0;
  for await (const { origin } of reads) {
    if (origin === 'n1') break;
    heard++;
  }
  // A burst of two seconds, twice as generously, and a message a second after that.
  expect(heard).toBeGreaterThanOrEqual(4);
  expect(heard).toBeLessThan(20);
  // What was held back was not handed on either to n1, which n3 does not reach: it would have come before this.
  const ends = await one.subscribe('end');
  await victim.publish('end', 'of it');
  await read(ends, 1);
  expect(one.metrics.limited).toBeLessThan(5);
});

test('a clock a year ahead, and a Lamport time beyond all others', async () => {
  const { group, victim, reads, send, unharmed } = await attacked();
  await send(missing(batchOf(group, 'n3', 'n3', { sent_at: 4e12 })));
  expect(await read(reads, 1)).toMatchObject([{ sent_at: 4e12 }]);
  await send(missing(batchOf(group, 'n3', 'n3', { first: 2, lamport: Number.MAX_SAFE_INTEGER })));
  expect(victim.metrics.refused).toBe(1);
  await unharmed();
});

test('what is not encrypted, or with another key, or moved to another topic, is not delivered', async () => {
  const { group, victim, send, unharmed } = await attacked();
  const why: string[] = [];
  victim.on(
    ({ kind, detail }) => kind === 'undecipherable' && why.push((detail as { why: string }).why),
  );
  const foreign = sealed(new TopicKeys(new Uint8Array(32).fill(8)), 'n3', 'lies', 'x');
  const moved = sealed(new TopicKeys(KEY), 'n3', 'elsewhere', 'x');
  for (const [first, payload] of ['plain', foreign, moved].entries()) {
    const messages = [{ topic: 'lies', payload, retain: false }];
    await send(missing(batchOf(group, 'n3', 'n3', { first: first + 1, messages })));
  }
  expect(why).toEqual([
    'it is not encrypted',
    'it is encrypted with a key that is not known here',
    'it was altered, or belongs to another topic or author',
  ]);
  await unharmed();
});

test('TC-08, tampering: an altered message is refused wherever it was altered', async () => {
  const { group, send, unharmed } = await attacked();
  const genuine = encodeCanonical(missing(batchOf(group, 'n3', 'n3', {})));
  for (let at = 20; at < genuine.length; at += 13) {
    const altered = genuine.slice();
    altered[at]! ^= 1;
    await send(altered);
  }
  await unharmed();
});

test('the switches are on, and off only with a warning', async () => {
  const [network, signer] = [new MemoryNetwork(), newGroup(1).signerOf('n1')];
  const bare = { id: 'n1', members: ['n1'], network };
  await expect(createPubSub(bare)).rejects.toThrow(SecurityError);
  await expect(createPubSub({ ...bare, signer, security: { key: KEY } })).rejects.toThrow(
    /authentication: false/,
  );
  await expect(
    createPubSub({ ...bare, signer, security: { authentication: false, keys: 'shared' } }),
  ).rejects.toThrow(/keys: distributed/);
  await expect(
    createPubSub({ ...bare, security: { authentication: false, signing: false } }),
  ).rejects.toThrow(/encryption: false/);
  await expect(
    createPubSub({ ...bare, security: { authentication: false, key: KEY } }),
  ).rejects.toThrow(/signing: false/);
  const said: string[] = [];
  const member = await createPubSub({
    ...bare,
    security: { authentication: false, encryption: false, signing: false },
    log: (level, text) => level === 'warn' && said.push(text),
  });
  expect(said.map((text) => text.split(':')[0])).toEqual([
    'encryption is off',
    'signing is off',
    'authentication is off',
  ]);
  expect(member.warnings).toEqual(said);
  member.kill();
});

test('a rotated key: what comes after is unreadable to whoever has only the old one', async () => {
  const [mine, theirs] = [new TopicKeys(KEY), new TopicKeys(KEY)];
  const before = sealed(mine, 'n1', 't', 'before');
  mine.rotate(new Uint8Array(32).fill(9));
  expect(theirs.open('n1', 't', before)).toEqual({ kind: 'open', payload: 'before' });
  expect(theirs.open('n1', 't', sealed(mine, 'n1', 't', 'after'))).toMatchObject({
    kind: 'refused',
  });
  // What is long the browser encrypts, what is short this library: both are AES-GCM.
  const long = 'long'.repeat(1000);
  const box = await mine.seal('n1', 't', long);
  expect(await mine.open('n1', 't', box)).toEqual({ kind: 'open', payload: long });
  expect(await withoutWebCrypto(() => mine.open('n1', 't', box))).toEqual({
    kind: 'open',
    payload: long,
  });
  expect(await mine.open('n2', 't', box)).toMatchObject({ kind: 'refused' });
  expect(await theirs.open('n1', 't', box)).toMatchObject({ kind: 'refused' });
  expect(mine.open('n1', 't', before)).toEqual({ kind: 'open', payload: 'before' });
  expect(() => mine.rotate(new Uint8Array(8))).toThrow(/16 are needed/);
});
