/** What a hostile node may send, and what becomes of it: dropped, counted, logged with its sender, and never seen by a handler. */

import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineAlgorithm } from '../../../src/core/algorithm.ts';
import { cast, request } from '../../../src/core/message.ts';
import {
  signed,
  signedValue,
  statementOf,
  type AnySigned,
  type Signed,
} from '../../../src/core/signed.ts';
import type { DropReason } from '../../../src/core/trace.ts';
import { HandHosted, type Message } from '../../support/hand-hosted.ts';
import { simulate } from '../../support/simulate.ts';

const vote = signed('Vote', { value: v.boolean() });
const certificate = signed('Certificate', { votes: v.array(vote) });
const isVote = z.custom<Signed<{ value: boolean }>>(vote.is);

const messages = {
  number: cast({ number: v.number(), note: v.optional(v.string()) }),
  ask: request({ number: v.number() }, v.number()),
  ballot: cast(vote),
  list: cast({ votes: v.array(vote) }),
  record: cast({ votes: v.record(v.string(), vote) }),
  maybe: cast({ vote: v.optional(vote) }),
  nullable: cast({ vote: v.nullable(vote) }),
  either: cast({ what: v.union([v.string(), vote]) }),
  nested: cast({ certificate }),
  bare: cast(certificate),
  anything: cast({ what: v.any() }),
  zodList: cast({ votes: z.array(isVote) }),
  zodRecord: cast({ votes: z.record(z.string(), isVote) }),
  zodMaybe: cast({ vote: isVote.optional() }),
  zodEither: cast({ what: z.union([z.string(), isVote]) }),
  fetch: request({}, v.object({ vote })),
};

/** Writes down every message that reaches a handler. */
class Witness extends defineAlgorithm('witness', { messages }) {
  readonly seen: string[] = [];
  fetched = 'nothing';
  override onStart() {
    this.peer('n2')
      .fetch()
      .then(
        ({ vote: { signer, value } }) => {
          this.fetched = `${signer} votes ${value}`;
        },
        (error: Error) => {
          this.fetched = error.message;
        },
      );
  }
  handlers = this.on(
    Object.fromEntries(
      Object.keys(messages).map((type) => [
        type,
        (src: string, message: unknown) => {
          this.seen.push(`${type} from ${src}: ${this.print(message)}`);
          return 0;
        },
      ]),
    ) as never,
  );
  print(message: unknown): string {
    return JSON.stringify(message);
  }
  override report() {
    return { seen: this.seen, fetched: this.fetched };
  }
}

async function started(): Promise<HandHosted> {
  const node = new HandHosted(Witness, { nodes: 4 });
  await node.startAll();
  return node;
}

const seen = (node: HandHosted) => node.runner.result().report['seen'];

async function expectDropped(node: HandHosted, message: Message, reason: DropReason, from = 'n2') {
  const before = node.logs.length;
  await node.deliver(from, message);
  const { dropped, messages_received, bytes_received } = node.runner.result();
  expect(dropped).toEqual({ [reason]: 1 });
  expect(seen(node)).toEqual([]);
  expect(messages_received).toEqual({ witness: 0 });
  expect(bytes_received).toBe(0);
  const [line] = node.logs.slice(before);
  const path = message.path ?? 'witness';
  expect(line).toContain(`warn ${path}: dropped '${message.type}' from ${from}: `);
}

describe('a message that does not fit', () => {
  test.each([
    ['a field is missing', {}],
    ['a field has another type', { number: 'one' }],
    ['an optional field has another type', { number: 1, note: 5 }],
    ['it is a list', [1]],
    ['it is null', null],
    ['it is a text', 'number'],
    ['it is bytes', new Uint8Array(2)],
  ])('is dropped: %s', async (_, body) => {
    await expectDropped(await started(), { type: 'number', body }, 'schema');
  });

  test('says which field is wrong', async () => {
    const node = await started();
    await node.deliver('n3', { type: 'number', body: { number: 'one' } });
    expect(node.logs.at(-1)).toMatch(/dropped 'number' from n3: number: .*number/);
  });

  test('is answered with what is wrong, when it was a request', async () => {
    const node = await started();
    await expectDropped(node, { kind: 'request', type: 'ask', body: {} }, 'schema');
    const { to, envelope } = node.sent.at(-1)!;
    expect(to).toBe('n2');
    expect(envelope).toMatchObject({ kind: 'error', type: 'ask', path: 'witness' });
    expect(envelope.body).toEqual(['invalid', expect.stringContaining('number: ')]);
  });

  test('with more than it should have is taken without it', async () => {
    const node = await started();
    await node.deliver('n2', { type: 'number', body: { number: 1, more: 2, constructor: 3 } });
    expect(seen(node)).toEqual(['number from n2: {"number":1}']);
  });
});

describe('a message over a link that the configuration does not have', () => {
  test('is dropped, though it be in order', async () => {
    const neighbours = (id: string) => (id === 'n2' ? ['n3'] : ['n1', 'n2', 'n3', 'n4']);
    const node = new HandHosted(Witness, { nodes: 4, neighbours });
    await node.startAll();
    const message = { type: 'number', body: { number: 1 } };
    await expectDropped(node, message, 'unlinked');
    await node.deliver('n3', message);
    expect(seen(node)).toEqual(['number from n3: {"number":1}']);
    await node.deliver('n9', message);
    expect(node.runner.result().dropped).toEqual({ unlinked: 2 });
  });
});

describe('a message that was never declared', () => {
  test.each<[string, Message]>([
    ['an unknown type', { type: 'launch' }],
    ['a method of objects', { type: 'toString' }],
    ['the prototype', { type: '__proto__' }],
    ['a method of the algorithm', { type: 'report' }],
    ['an unknown path', { type: 'number', path: 'other', body: { number: 1 } }],
    ['a path below', { type: 'number', path: 'witness.lower', body: { number: 1 } }],
    ['no path', { type: 'number', path: '', body: { number: 1 } }],
    ['a request as a cast', { type: 'ask', body: { number: 1 } }],
    ['a cast as a request', { kind: 'request', type: 'number', body: { number: 1 } }],
  ])('does not exist: %s', async (_, message) => {
    await expectDropped(await started(), message, 'undeclared');
  });

  test('is answered so, when it was a request', async () => {
    const node = await started();
    await node.deliver('n3', { kind: 'request', type: 'launch' });
    expect(node.sent.at(-1)).toMatchObject({
      to: 'n3',
      envelope: { kind: 'error', type: 'launch', body: ['unknown', "no request 'launch'"] },
    });
  });

  test('an answer to no request is dropped', async () => {
    const node = await started();
    await expectDropped(
      node,
      { kind: 'reply', type: 'number', body: {}, answers: 5 },
      'unexpected',
    );
  });
});

/** Where in a message a vote can stand. */
const places: readonly (readonly [type: string, wrap: (vote: AnySigned) => unknown])[] = [
  ['list', (it) => ({ votes: [it] })],
  ['record', (it) => ({ votes: { n3: it } })],
  ['maybe', (it) => ({ vote: it })],
  ['nullable', (it) => ({ vote: it })],
  ['either', (it) => ({ what: it })],
  ['anything', (it) => ({ what: { deep: [{ it }] } })],
  ['zodList', (it) => ({ votes: [it] })],
  ['zodRecord', (it) => ({ votes: { n3: it } })],
  ['zodMaybe', (it) => ({ vote: it })],
  ['zodEither', (it) => ({ what: it })],
];

/** A vote that `n3` never made. */
const forgeries: readonly (readonly [name: string, make: (node: HandHosted) => AnySigned])[] = [
  ['with no signature', (node) => changed(node, { signature: undefined })],
  ['with a signature of zeros', (node) => changed(node, { signature: new Uint8Array(64) })],
  ['with a signature of one byte', (node) => changed(node, { signature: Uint8Array.of(1) })],
  ['with another value than was signed', (node) => changed(node, { fields: { value: false } })],
  [
    'with a field more than was signed',
    (node) => changed(node, { fields: { value: true, more: 1 } }),
  ],
  ['signed by another', (node) => changed(node, { signer: 'n4' })],
  ['signed by nobody', (node) => changed(node, { signer: 'nobody' })],
  ['made in another run', (node) => node.signed('Vote', { value: true }, { by: 'n3', run: 'old' })],
  ['made as another type', (node) => renamed(node.signed('Veto', { value: true }, { by: 'n3' }))],
  ['made by another algorithm', (node) => voteAt(node, 'other')],
  ['made by a layer below', (node) => voteAt(node, 'witness.lower')],
  ['made at a path that begins alike', (node) => voteAt(node, 'wit')],
];

function changed(node: HandHosted, changes: object): AnySigned {
  const genuine = node.signed('Vote', { value: true }, { by: 'n3' });
  return signedValue({ ...statementOf(genuine), ...changes });
}

function renamed(veto: AnySigned): AnySigned {
  return signedValue({ ...statementOf(veto), type: 'Vote' });
}

function voteAt(node: HandHosted, path: string): AnySigned {
  return node.signed('Vote', { value: true }, { by: 'n3', path });
}

describe('a forged statement is found', () => {
  for (const [name, forge] of forgeries) {
    test(`${name}: wherever it stands`, async () => {
      for (const [type, wrap] of places) {
        const node = await started();
        await expectDropped(node, { type, body: wrap(forge(node)) }, 'signature');
      }
    });

    test(`${name}: within another that is genuine`, async () => {
      for (const type of ['nested', 'bare']) {
        const node = await started();
        const outer = node.signed('Certificate', { votes: [forge(node)] }, { by: 'n2' });
        const body = type === 'bare' ? outer : { certificate: outer };
        await expectDropped(node, { type, body }, 'signature');
      }
    });

    test(`${name}: in an answer`, async () => {
      const node = await started();
      const { number } = node.sent[0]!.envelope;
      const answer = { kind: 'reply', type: 'fetch', answers: number } as const;
      await expectDropped(node, { ...answer, body: { vote: forge(node) } }, 'signature');
      expect(node.runner.result().report['fetched']).toBe('nothing');
    });
  }

  test('one forged statement among genuine ones is enough', async () => {
    const node = await started();
    const votes = [
      node.signed('Vote', { value: true }, { by: 'n3' }),
      changed(node, { signature: new Uint8Array(64) }),
      node.signed('Vote', { value: true }, { by: 'n4' }),
    ];
    await expectDropped(node, { type: 'list', body: { votes } }, 'signature');
  });

  test('an answer that comes before the start is checked as well', async () => {
    const node = new HandHosted(Witness, { nodes: 4 });
    await node.start();
    await node.deliver('n2', { type: 'list', body: { votes: [changed(node, { signer: 'n4' })] } });
    expect(node.runner.result().dropped).toEqual({ signature: 1 });
  });
});

describe('a genuine statement is taken', () => {
  for (const [type, wrap] of places) {
    test(`of whoever signed it, carried by anybody: ${type}`, async () => {
      const node = await started();
      const body = wrap(node.signed('Vote', { value: true }, { by: 'n3' }));
      await node.deliver('n2', { type, body });
      expect(node.runner.result().dropped).toEqual({});
      expect(seen(node)).toEqual([expect.stringContaining('"value":true,"signer":"n3"')]);
    });
  }

  test('within another', async () => {
    const node = await started();
    const votes = ['n3', 'n4'].map((by) => node.signed('Vote', { value: true }, { by }));
    const outer = node.signed('Certificate', { votes }, { by: 'n4' });
    await node.deliver('n2', { type: 'nested', body: { certificate: outer } });
    expect(seen(node)).toHaveLength(1);
  });

  test('in an answer', async () => {
    const node = await started();
    const { number } = node.sent[0]!.envelope;
    const body = { vote: node.signed('Vote', { value: true }, { by: 'n3' }) };
    await node.deliver('n2', { kind: 'reply', type: 'fetch', answers: number, body });
    expect(node.runner.result().report['fetched']).toBe('n3 votes true');
  });

  test('but a type that was not asked for does not fit', async () => {
    const node = await started();
    const veto = node.signed('Veto', { value: true });
    await expectDropped(node, { type: 'list', body: { votes: [veto] } }, 'schema');
  });

  test('but fields that do not fit do not fit, whoever signed them', async () => {
    for (const [type, wrap] of places.filter(([place]) => place !== 'anything')) {
      const node = await started();
      const strange = node.signed('Vote', { value: 'yes', toString: 'no' }, { by: 'n2' });
      await expectDropped(node, { type, body: wrap(strange) }, 'schema');
    }
  });
});

describe('a message that is one statement', () => {
  test('is taken from its signer', async () => {
    const node = await started();
    await node.deliver('n2', { type: 'ballot', body: node.signed('Vote', { value: true }) });
    expect(seen(node)).toEqual(['ballot from n2: {"value":true,"signer":"n2"}']);
  });

  test('is dropped when another carries it', async () => {
    const node = await started();
    const body = node.signed('Vote', { value: true }, { by: 'n3' });
    await expectDropped(node, { type: 'ballot', body }, 'signature');
    expect(node.logs.at(-1)).toContain('it is signed by another than its sender');
  });

  test('is dropped when nobody signed it', async () => {
    await expectDropped(
      await started(),
      { type: 'ballot', body: { value: true, signer: 'n2' } },
      'schema',
    );
  });

  test('is not what merely looks like one', async () => {
    const forged = { [Symbol.for('parley.signed')]: { type: 'Vote' }, value: true, signer: 'n2' };
    await expectDropped(await started(), { type: 'ballot', body: forged }, 'schema');
  });
});

test('names of methods in a message are fields like others', async () => {
  const node = await started();
  const names = ['toString', 'valueOf', 'then', 'hasOwnProperty', 'constructor'];
  const body = { what: Object.fromEntries(names.map((name) => [name, true])) };
  await node.deliver('n2', { type: 'anything', body });
  expect(node.runner.status).toBe('running');
  expect(seen(node)).toHaveLength(1);
});

test('what arrives after the end is not looked at', async () => {
  const node = await started();
  node.at(node.now, () => node.runner.stop('stopped'));
  await node.run(node.now);
  await node.deliver('n2', { type: 'launch' });
  await node.deliver('n2', { type: 'ballot', body: changed(node, { signer: 'n4' }) });
  expect(node.runner.result().status).toBe('stopped');
  expect(node.runner.result().dropped).toEqual({});
});

test('what one receiver does to a message is seen by nobody else', async () => {
  const seenBy = new Map<string, unknown>();
  class Vandal extends defineAlgorithm('vandal', { messages: { list: cast({ list: v.any() }) } }) {
    readonly list = [1, [2]];
    override onStart() {
      if (this.id === 'n1') void this.toAll.list({ list: this.list });
      this.list.push(9);
      this.after(100, () => this.terminate());
    }
    handlers = this.on({
      list: (_, { list }) => {
        seenBy.set(this.id, structuredClone(list));
        (list as unknown[][])[1]!.push(`${this.id} was here`);
      },
    });
  }
  await simulate(Vandal, { nodes: 4 });
  expect(Object.fromEntries(seenBy)).toEqual({ n2: [1, [2]], n3: [1, [2]], n4: [1, [2]] });
});
