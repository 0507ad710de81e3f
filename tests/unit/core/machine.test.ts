import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { equalBytes } from '../../../src/core/canonical.ts';
import { ValueError } from '../../../src/core/errors.ts';
import { defineMachine, type MachineBase } from '../../../src/core/machine.ts';
import { StatePart } from '../../../src/core/machine-state.ts';
import { cast, request } from '../../../src/core/message.ts';
import { Random } from '../../../src/core/random.ts';
import { isSigned, signed, signedValue, statementOf } from '../../../src/core/signed.ts';
import { fc } from '../../support/property.ts';

const ballot = signed('Ballot', { value: v.boolean() });

/** A state with a part of every kind that a machine may hold. */
interface State {
  term: number;
  votes: Map<string, boolean>;
  pairs: Map<number, string>;
  seen: Set<string>;
  marks: Set<{ count: number }>;
  log: { entry: string; tags: Set<number> }[];
  digest: Uint8Array;
  proof: ReturnType<typeof proofOf> | undefined;
  deadline: number;
  nested: { random: Random; deep: Map<string, Set<string>> };
}

const machine = defineMachine('parts', {
  messages: { vote: cast({ ballot }), ask: request({}, v.number()) },
  settings: { initial: v.optional(v.number(), 0) },
  delivers: { decided: cast({ term: v.number() }) },
  calls: { get: request({}, v.number()) },
  transient: ['deadline'],
  init: ({ settings }): State => ({
    term: settings.initial,
    votes: new Map(),
    pairs: new Map(),
    seen: new Set(),
    marks: new Set(),
    log: [],
    digest: new Uint8Array(2),
    proof: undefined,
    deadline: 0,
    nested: { random: Random.stream(1, 'inner'), deep: new Map() },
  }),
  step(state, input, out) {
    if (input.kind === 'start') {
      out.put({ term: state.term });
      out.toAll('vote', { ballot: out.sign(ballot, { value: true }) });
      state.log.push({ entry: String(out.request('n2', 'ask', {}, 50)), tags: new Set() });
      out.timer('tick', 10);
    }
    if (input.kind === 'message' && input.type === 'ask') out.answer(input.ticket, 'ask', 7);
    if (input.kind === 'timer') {
      out.cancel('tick');
      out.deliver('decided', { term: state.term });
      out.log('info', 'done');
      out.terminate();
    }
    if (input.kind === 'call') out.refuse(input.ticket, 'not yet');
  },
});

const seat = { id: 'n1', nodes: ['n1', 'n2'], neighbours: ['n2'], settings: { initial: 3 } };

function made(): State & MachineBase {
  return machine.init(seat, Random.stream(1, 'machine'));
}

function proofOf(value: boolean) {
  const statement = { type: 'Ballot', path: 'parts', signer: 'n2', fields: { value } };
  return signedValue<{ value: boolean }>({ ...statement, signature: Uint8Array.of(1) });
}

const hash = (state: State & MachineBase) => Buffer.from(machine.hash(state)).toString('hex');

/** One change for each part of the state, and for parts within parts. */
const changes: Readonly<Record<string, (state: State & MachineBase) => unknown>> = {
  'a number': (state) => state.term++,
  'a Map': (state) => state.votes.set('n1', true),
  'a Map of numbers': (state) => state.pairs.set(1, 'x'),
  'a Set': (state) => state.seen.add('x'),
  'an object in a Set': (state) => [...state.marks][0]!.count++,
  'a list': (state) => state.log.push({ entry: 'e', tags: new Set() }),
  'an object in a list': (state) => Object.assign(state.log[0]!, { entry: 'other' }),
  'a Set in an object in a list': (state) => state.log[0]!.tags.add(9),
  bytes: (state) => state.digest.fill(7),
  'a signed value': (state) => Object.assign(state, { proof: proofOf(false) }),
  'a Set in a Map in an object': (state) => state.nested.deep.get('a')!.add('y'),
};

function filled(): State & MachineBase {
  const state = made();
  state.log.push({ entry: 'first', tags: new Set([1, 2]) });
  state.proof = proofOf(true);
  state.marks.add({ count: 1 });
  state.nested.deep.set('a', new Set(['x']));
  return state;
}

describe('a fork', () => {
  test('is the same situation', () => {
    const state = filled();
    expect(hash(machine.fork(state))).toBe(hash(state));
  });

  for (const [name, change] of Object.entries(changes)) {
    test(`goes its own way: ${name}`, () => {
      const state = filled();
      const before = hash(state);
      const fork = machine.fork(state);
      change(fork);
      expect(hash(fork)).not.toBe(before);
      expect(hash(state)).toBe(before);
      change(state);
      expect(hash(state)).toBe(hash(fork));
    });
  }

  test('draws the same random numbers, on its own', () => {
    const state = made();
    state.random.bits();
    const fork = machine.fork(state);
    const again = machine.fork(state);
    const drawn = [fork.random.bits(), fork.random.bits()];
    expect([again.random.bits(), again.random.bits()]).toEqual(drawn);
    expect([state.random.bits(), state.random.bits()]).toEqual(drawn);
    const inner = machine.fork(state).nested.random.bits();
    expect(state.nested.random.bits()).toBe(inner);
  });

  test('counts its own tickets', () => {
    const state = made();
    const fork = machine.fork(state);
    const start = { kind: 'start', now: 0, restarted: false, stored: new Map() } as const;
    const first = machine.step(state, start, { path: 'parts', id: 'n1' });
    const second = machine.step(fork, start, { path: 'parts', id: 'n1' });
    expect(second).toEqual(first);
    expect(fork.tickets).toBe(1);
  });

  test.each([
    ['a Date', { at: new Date(0) }],
    ['an object of a class', { own: new (class Own {})() }],
    ['a function', { callback: () => {} }],
  ])('is refused for %s', (_, extra) => {
    expect(() => machine.fork({ ...made(), ...extra })).toThrow(ValueError);
  });
});

describe('the hash', () => {
  test('is equal for equal Maps and Sets, whatever the order in which they were filled', () => {
    const keys = fc.uniqueArray(fc.string(), { maxLength: 6 });
    fc.assert(
      fc.property(keys, fc.array(fc.integer(), { maxLength: 6 }), (names, numbers) => {
        const one = made();
        const other = made();
        for (const name of names.filter((key) => key !== '__proto__')) {
          one.votes.set(name, true);
          one.seen.add(name);
        }
        for (const name of names.filter((key) => key !== '__proto__').toReversed()) {
          other.votes.set(name, true);
          other.seen.add(name);
        }
        for (const number of numbers) one.pairs.set(number, `${number}`);
        for (const number of numbers.toReversed()) other.pairs.set(number, `${number}`);
        expect(equalBytes(machine.hash(one), machine.hash(other))).toBe(true);
      }),
    );
  });

  test('does not confuse the order of a list with that of a set', () => {
    const one = made();
    const other = made();
    one.log.push({ entry: 'a', tags: new Set() }, { entry: 'b', tags: new Set() });
    other.log.push({ entry: 'b', tags: new Set() }, { entry: 'a', tags: new Set() });
    expect(hash(one)).not.toBe(hash(other));
  });

  test('leaves out what is transient, the random streams and the tickets', () => {
    const state = made();
    const before = hash(state);
    state.deadline = 99;
    state.random.bits();
    state.nested.random.bits();
    state.tickets = 5;
    expect(hash(state)).toBe(before);
    expect(machine.visible(state)).not.toHaveProperty('deadline');
    expect(machine.visible(state)).not.toHaveProperty('random');
    expect(machine.visible(state)).not.toHaveProperty('tickets');
  });

  test('tells keys of different types apart', () => {
    const one = made() as State & MachineBase & { any: Map<unknown, unknown> };
    const other = made() as State & MachineBase & { any: Map<unknown, unknown> };
    one.any = new Map([[1, 'x']]);
    other.any = new Map([['1', 'x']]);
    expect(hash(one)).not.toBe(hash(other));
  });
});

describe('what is visible', () => {
  test('is the state inside the value domain', () => {
    const state = filled();
    state.votes.set('n2', false).set('n1', true);
    state.pairs.set(2, 'b').set(1, 'a');
    expect(machine.visible(state)).toEqual({
      term: 3,
      votes: { n1: true, n2: false },
      pairs: [
        [1, 'a'],
        [2, 'b'],
      ],
      seen: [],
      marks: [{ count: 1 }],
      log: [{ entry: 'first', tags: [1, 2] }],
      digest: new Uint8Array(2),
      proof: state.proof,
      nested: { random: {}, deep: { a: ['x'] } },
    });
  });

  test('and the report may be chosen', () => {
    const chosen = defineMachine('chosen', {
      messages: {},
      init: () => ({ secret: 1, shown: 2 }),
      step: () => {},
      visible: ({ shown }) => ({ shown }),
      report: ({ secret }) => ({ found: secret + 1 }),
    });
    const state = chosen.init(seat, Random.stream(1, 'x'));
    expect(chosen.visible(state)).toEqual({ shown: 2 });
    expect(chosen.report(state)).toEqual({ found: 2 });
    expect(machine.report(made())).toEqual({});
  });
});

describe('a step', () => {
  const at = { path: 'top.parts', id: 'n1' };

  test('says what is to be done, in order', () => {
    const state = made();
    const start = { kind: 'start', now: 5, restarted: false, stored: new Map() } as const;
    const effects = machine.step(state, start, at);
    const [put, toAll, ...others] = effects;
    expect(put).toEqual({ kind: 'put', entries: { term: 3 } });
    expect(toAll).toMatchObject({ kind: 'toAll', type: 'vote' });
    expect(others).toEqual([
      { kind: 'request', to: 'n2', type: 'ask', message: {}, ticket: 1, timeoutMs: 50 },
      { kind: 'timer', name: 'tick', delayMs: 10 },
    ]);
    expect(state.log).toEqual([{ entry: '1', tags: new Set() }]);
    const timer = machine.step(state, { kind: 'timer', name: 'tick', now: 15 }, at);
    expect(timer).toEqual([
      { kind: 'cancel', name: 'tick' },
      { kind: 'deliver', type: 'decided', message: { term: 3 } },
      { kind: 'log', level: 'info', text: 'done' },
      { kind: 'terminate' },
    ]);
  });

  test('answers and refuses by ticket', () => {
    const state = made();
    const ask = {
      kind: 'message',
      type: 'ask',
      from: 'n2',
      message: {},
      ticket: 4,
      now: 0,
    } as const;
    expect(machine.step(state, ask, at)).toEqual([{ kind: 'answer', ticket: 4, reply: 7 }]);
    const call = { kind: 'call', type: 'get', message: {}, ticket: 5, now: 0 } as const;
    expect(machine.step(state, call, at)).toEqual([
      { kind: 'refuse', ticket: 5, reason: 'not yet' },
    ]);
  });

  test('signs as this node, at its path, without a signature yet', () => {
    const start = { kind: 'start', now: 0, restarted: false, stored: new Map() } as const;
    const [, toAll] = machine.step(made(), start, at);
    const value = (toAll as unknown as { message: { ballot: unknown } }).message.ballot;
    if (!isSigned(value)) throw new Error('it is not signed');
    const statement = { type: 'Ballot', path: 'top.parts', signer: 'n1', fields: { value: true } };
    expect(statementOf(value)).toEqual({ ...statement, signature: undefined });
  });
});

describe('parts that copy themselves', () => {
  class Chain extends StatePart {
    readonly links: readonly number[];
    constructor(links: readonly number[]) {
      super();
      this.links = links;
    }
    override fork() {
      return new Chain(this.links);
    }
    override canonical() {
      return { length: this.links.length };
    }
  }

  const chained = defineMachine('chained', {
    messages: {},
    init: () => ({ chain: new Chain([1, 2]), rules: Object.freeze({ quorum: [2, 3] }), at: 5 }),
    step: () => {},
    essence: ({ chain, rules }) => ({ chain, rules }),
  });
  const state = () => chained.init({ ...seat, settings: {} }, Random.stream(1, 'chained'));

  test('are forked and hashed as they say; frozen objects are shared', () => {
    const [one, other] = [state(), state()];
    const copy = chained.fork(one);
    expect(copy.chain).not.toBe(one.chain);
    expect(copy.chain.links).toBe(one.chain.links);
    expect(copy.rules).toBe(one.rules);
    expect(equalBytes(chained.hash(copy), chained.hash(one))).toBe(true);
    other.chain = new Chain([1, 2, 3]);
    expect(equalBytes(chained.hash(other), chained.hash(one))).toBe(false);
  });

  test('the hash covers the essence, and nothing else', () => {
    const [one, other] = [state(), state()];
    other.at = 6;
    expect(equalBytes(chained.hash(other), chained.hash(one))).toBe(true);
  });
});
