/** Machines: what must compile, and what must not. */

import * as v from 'valibot';
import { expectTypeOf } from 'vitest';
import { defineAlgorithm } from '../../src/core/algorithm.ts';
import { driven } from '../../src/core/machine-driver.ts';
import { defineMachine, type MachineBase } from '../../src/core/machine.ts';
import { cast, request } from '../../src/core/message.ts';
import type { Random } from '../../src/core/random.ts';
import { signed, type Signed } from '../../src/core/signed.ts';

const vote = signed('Vote', { value: v.boolean() });

const messages = {
  hello: cast({ text: v.string(), note: v.optional(v.string(), 'none') }),
  ballot: cast(vote),
  ask: request({ key: v.string() }, v.number()),
};
const settings = { size: v.number(), slow: v.optional(v.boolean(), false) };
const delivers = { decided: cast({ value: v.string() }) };
const calls = { read: request({ key: v.string() }, v.nullable(v.number())), reset: cast({}) };

interface State {
  count: number;
  readonly votes: Map<string, boolean>;
}

const machine = defineMachine('typed', {
  messages,
  settings,
  delivers,
  calls,
  transient: ['count'],
  init: (seat): State => {
    expectTypeOf(seat.id).toEqualTypeOf<string>();
    expectTypeOf(seat.nodes).toEqualTypeOf<readonly string[]>();
    expectTypeOf(seat.settings).toEqualTypeOf<{ readonly size: number; readonly slow: boolean }>();
    // @ts-expect-error an undeclared setting
    void seat.settings.fast;
    return { count: seat.settings.size, votes: new Map() };
  },
  step(state, input, out) {
    expectTypeOf(state).toEqualTypeOf<State & MachineBase>();
    expectTypeOf(state.random).toEqualTypeOf<Random>();
    expectTypeOf(input.now).toEqualTypeOf<number>();
    // @ts-expect-error the random stream belongs to the machine
    state.random = undefined;
    // @ts-expect-error a field that the state has not
    state.unknown = 1;

    switch (input.kind) {
      case 'start':
        expectTypeOf(input.restarted).toEqualTypeOf<boolean>();
        expectTypeOf(input.stored.get('x')).not.toBeAny();
        // @ts-expect-error a start has no sender
        void input.from;
        break;
      case 'written':
        expectTypeOf(input.ticket).toEqualTypeOf<number>();
        expectTypeOf(out.write({ x: 1 })).toEqualTypeOf<number>();
        break;
      case 'message':
        if (input.type === 'hello') {
          expectTypeOf(input.message).toEqualTypeOf<{
            readonly text: string;
            readonly note: string;
          }>();
        } else if (input.type === 'ballot') {
          expectTypeOf(input.message).toEqualTypeOf<Signed<{ readonly value: boolean }>>();
        } else {
          expectTypeOf(input.message.key).toEqualTypeOf<string>();
          out.answer(input.ticket, 'ask', 7);
          // @ts-expect-error the answer has another type
          out.answer(input.ticket, 'ask', 'seven');
          out.refuse(input.ticket, 'no');
        }
        // @ts-expect-error no such message
        if (input.type === 'goodbye') break;
        break;
      case 'reply':
        expectTypeOf(input.type).toEqualTypeOf<'ask'>();
        expectTypeOf(input.reply).toEqualTypeOf<number | undefined>();
        expectTypeOf(input.error).toEqualTypeOf<string | undefined>();
        break;
      case 'timer':
        expectTypeOf(input.name).toEqualTypeOf<string>();
        break;
      case 'call':
        if (input.type === 'read') {
          expectTypeOf(input.message.key).toEqualTypeOf<string>();
          out.answer(input.ticket, 'read', null);
          // @ts-expect-error the answer has another type
          out.answer(input.ticket, 'read', 'x');
        }
        break;
      // @ts-expect-error no such input
      case 'click':
        break;
    }

    out.send('n2', 'hello', { text: 'x' });
    out.toAll('hello', { text: 'x', note: 'y' });
    out.toAll('ballot', out.sign(vote, { value: true }));
    expectTypeOf(out.request('n2', 'ask', { key: 'x' }, 50)).toEqualTypeOf<number>();
    out.deliver('decided', { value: 'x' });
    out.put({ term: 1, vote: undefined });
    out.log('warn', 'x');
    // @ts-expect-error a missing field
    out.send('n2', 'hello', {});
    // @ts-expect-error a field of another type
    out.send('n2', 'hello', { text: 1 });
    // @ts-expect-error an undeclared message
    out.send('n2', 'goodbye', {});
    // @ts-expect-error a request is not sent like a cast
    out.send('n2', 'ask', { key: 'x' });
    // @ts-expect-error a request goes to one node
    out.toAll('ask', { key: 'x' });
    // @ts-expect-error a cast has no answer
    out.request('n2', 'hello', { text: 'x' });
    // @ts-expect-error a cast is not answered
    out.answer(1, 'hello', undefined);
    // @ts-expect-error an unsigned value is no ballot
    out.toAll('ballot', { value: true });
    // @ts-expect-error a field that the signed type has not
    out.sign(vote, { valeu: true });
    // @ts-expect-error an undeclared delivery
    out.deliver('undecided', {});
    // @ts-expect-error a delivery with another type
    out.deliver('decided', { value: 1 });
    // @ts-expect-error no such level
    out.log('loud', 'x');
  },
  visible: (state) => {
    expectTypeOf(state).toEqualTypeOf<State>();
    return { votes: state.votes.size };
  },
  report: ({ count }) => ({ count }),
});

// @ts-expect-error the messages cannot be forgotten
defineMachine('silent', { init: () => ({}), step: () => {} });

// @ts-expect-error the step cannot be forgotten
defineMachine('lazy', { messages: {}, init: () => ({}) });

defineMachine('strange', {
  messages: {},
  init: () => ({ a: 1 }),
  step: () => {},
  // @ts-expect-error transient fields are fields of the state
  transient: ['b'],
});

/** Nothing is left abstract: a machine is all there is to an algorithm. */
export class Typed extends driven(machine) {
  override async onStart() {
    expectTypeOf(this.settings).toEqualTypeOf<{ readonly size: number; readonly slow: boolean }>();
    await this.toAll.hello({ text: 'x' });
    expectTypeOf(await this.peer('n2').ask({ key: 'x' })).toEqualTypeOf<number>();
    expectTypeOf(await this.call('read', { key: 'x' })).toEqualTypeOf<number | null>();
    expectTypeOf(await this.call('reset', {})).toEqualTypeOf<void>();
    // @ts-expect-error an undeclared call
    await this.call('write', {});
    // @ts-expect-error a call with a field of another type
    await this.call('read', { key: 1 });
    // @ts-expect-error an undeclared message
    await this.toAll.goodbye({});
  }
}

expectTypeOf(Typed.definition.name).toEqualTypeOf<string>();
expectTypeOf(Typed.definition.settings).toEqualTypeOf<typeof settings>();

export class Above extends defineAlgorithm('above', { children: { typed: Typed } }) {
  override async onStart() {
    expectTypeOf(await this.children.typed.call('read', { key: 'x' })).toEqualTypeOf<
      number | null
    >();
  }
  handlers = this.on({});
  delivered = this.from({
    typed: {
      decided: ({ value }) => {
        expectTypeOf(value).toEqualTypeOf<string>();
      },
    },
  });
}

// @ts-expect-error what the machine delivers cannot be ignored
export class Deaf extends defineAlgorithm('deaf', { children: { typed: Typed } }) {
  handlers = this.on({});
}

const seat = {
  id: 'n1',
  nodes: ['n1'],
  neighbours: [],
  settings: { size: 1, slow: false },
};

export function search(random: Random) {
  const state = machine.init(seat, random);
  expectTypeOf(state).toEqualTypeOf<State & MachineBase>();
  expectTypeOf(machine.fork(state)).toEqualTypeOf<State & MachineBase>();
  expectTypeOf(machine.hash(state)).toEqualTypeOf<Uint8Array>();
  const at = { path: 'typed', id: 'n1' };
  machine.step(state, { kind: 'timer', name: 'x', now: 0 }, at);
  // @ts-expect-error time is part of every input
  machine.step(state, { kind: 'timer', name: 'x' }, at);
  // @ts-expect-error no such input
  machine.step(state, { kind: 'click', now: 0 }, at);
  // @ts-expect-error a setting is missing
  machine.init({ ...seat, settings: {} }, random);
}
