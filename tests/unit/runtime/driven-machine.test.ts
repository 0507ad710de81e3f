/** The driver: what a machine wants done is done, in order, and what happens reaches the machine. */

import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { defineAlgorithm } from '../../../src/core/algorithm.ts';
import { driven } from '../../../src/core/machine-driver.ts';
import { defineMachine, type MachineInput, type Out } from '../../../src/core/machine.ts';
import { cast, request } from '../../../src/core/message.ts';
import { signed } from '../../../src/core/signed.ts';
import { HandHosted } from '../../support/hand-hosted.ts';
import {
  events,
  planOf,
  resultOf,
  simulate,
  simulatePlan,
  statuses,
} from '../../support/simulate.ts';

const vote = signed('Vote', { value: v.boolean() });

const messages = {
  hello: cast({ text: v.string() }),
  ballot: cast(vote),
  ask: request({ question: v.string() }, v.string()),
  open: cast({}),
};
const delivers = { heard: cast({ text: v.string() }) };
const calls = { count: request({}, v.number()), forget: cast({}) };

interface State {
  readonly inputs: string[];
  readonly waiting: { ticket: number; question: string }[];
}

type Machine = {
  messages: typeof messages;
  delivers: typeof delivers;
  calls: typeof calls;
};
type Input = MachineInput<Machine['messages'], Machine['calls']>;
type Effects = Out<Machine['messages'], Machine['delivers'], Machine['calls']>;

/** A machine that writes down every input and does what `react` says. */
function machine(react: (input: Input, out: Effects, state: State, id: string) => void) {
  return defineMachine('recorder', {
    messages,
    delivers,
    calls,
    init: ({ id }): State & { id: string } => ({ id, inputs: [], waiting: [] }),
    step(state, input, out) {
      const { now, ...rest } = input;
      const known = rest.kind === 'start' ? { ...rest, stored: [...rest.stored] } : rest;
      state.inputs.push(`${now}: ${JSON.stringify(known)}`);
      react(input, out, state, state.id);
    },
    report: ({ inputs }) => ({ inputs }),
  });
}

const calm = { latencyMs: { min: 5, max: 5 }, nodes: 2, timeoutMs: 1000 };

/** Inputs of a node without their times and the start. */
async function inputsOf(run: Awaited<ReturnType<typeof simulate>>, id: string): Promise<unknown[]> {
  const { inputs } = resultOf(run, id).report as { inputs: string[] };
  return inputs.slice(1).map((line) => JSON.parse(line.slice(line.indexOf(': ') + 2)) as unknown);
}

describe('a driven machine', () => {
  test('is started with what it stored, before anything else happens to it', async () => {
    class Driven extends driven(machine(() => {})) {}
    const node = new HandHosted(Driven, { incarnation: 1 });
    await node.start();
    await node.deliver('n2', { type: 'hello', body: { text: 'early' } });
    await node.startAll();
    expect(node.runner.result().report['inputs']).toEqual([
      '0: {"kind":"start","restarted":true,"stored":[]}',
      '0: {"kind":"message","type":"hello","from":"n2","message":{"text":"early"},"ticket":0}',
    ]);
  });

  test('sends, to one and to all, and signs', async () => {
    class Driven extends driven(
      machine((input, out, _, id) => {
        if (input.kind !== 'start' || id !== 'n1') return;
        out.send('n2', 'hello', { text: 'you' });
        out.toAll('hello', { text: 'all' });
        out.toAll('ballot', out.sign(vote, { value: true }));
      }),
    ) {}
    const run = await simulate(Driven, { ...calm, nodes: 3 });
    expect(
      (await inputsOf(run, 'n2')).map((input) => (input as { message: unknown }).message),
    ).toEqual([{ text: 'you' }, { text: 'all' }, { value: true, signer: 'n1' }]);
    expect(await inputsOf(run, 'n3')).toHaveLength(2);
  });

  test('asks, and is told the answer with its ticket', async () => {
    class Driven extends driven(
      machine((input, out, _, id) => {
        if (input.kind === 'start' && id === 'n1') {
          out.request('n2', 'ask', { question: 'one' });
          out.request('n2', 'ask', { question: 'two' });
        }
        if (input.kind === 'message' && input.type === 'ask') {
          out.answer(input.ticket, 'ask', `re: ${input.message.question}`);
        }
      }),
    ) {}
    expect(await inputsOf(await simulate(Driven, calm), 'n1')).toEqual([
      { kind: 'reply', type: 'ask', from: 'n2', ticket: 1, reply: 're: one' },
      { kind: 'reply', type: 'ask', from: 'n2', ticket: 2, reply: 're: two' },
    ]);
  });

  test('is told when nobody answers, and when the answer is no', async () => {
    class Driven extends driven(
      machine((input, out, _, id) => {
        if (input.kind === 'start' && id === 'n1') {
          out.request('n2', 'ask', { question: 'silence' }, 50);
          out.request('n2', 'ask', { question: 'no' });
        }
        if (input.kind !== 'message' || input.type !== 'ask') return;
        if (input.message.question === 'no') out.refuse(input.ticket, 'never');
      }),
    ) {}
    const run = await simulate(Driven, calm);
    expect(await inputsOf(run, 'n1')).toEqual([
      { kind: 'reply', type: 'ask', from: 'n2', ticket: 2, error: 'RemoteError' },
      { kind: 'reply', type: 'ask', from: 'n2', ticket: 1, error: 'RequestTimeout' },
    ]);
    expect(resultOf(run, 'n2').status).not.toBe('failed');
  });

  test.each([
    ['answer', (out: Effects, ticket: number) => out.answer(ticket, 'ask', 'now!')],
    ['refuse', (out: Effects, ticket: number) => out.refuse(ticket, 'never')],
  ])('may %s in a later step; the answer leaves at once', async (_, answer) => {
    class Driven extends driven(
      machine((input, out, state, id) => {
        if (input.kind === 'start' && id === 'n1') {
          out.request('n2', 'ask', { question: 'now?' });
          out.timer('open', 100);
        }
        if (input.kind === 'timer') out.send('n2', 'open', {});
        if (input.kind === 'message' && input.type === 'ask') {
          state.waiting.push({ ticket: input.ticket, question: input.message.question });
        }
        if (input.kind !== 'message' || input.type !== 'open') return;
        for (const { ticket } of state.waiting) answer(out, ticket);
        // Events follow in which nobody waits for anything.
        for (let i = 1; i < 30; i++) out.timer(`idle ${i}`, i);
      }),
    ) {}
    const run = await simulate(Driven, { ...calm, traced: false });
    const { inputs } = resultOf(run, 'n1').report as { inputs: string[] };
    const opened = Number.parseFloat(inputs.find((line) => line.includes('"timer"'))!);
    const answered = Number.parseFloat(inputs.find((line) => line.includes('"reply"'))!);
    expect(answered - opened).toBe(10);
  });

  test('sets its timers anew by name, and cancels them', async () => {
    class Driven extends driven(
      machine((input, out) => {
        if (input.kind === 'start') {
          out.timer('again', 10);
          out.timer('again', 30);
          out.timer('never', 20);
          out.timer('stop', 15);
          out.timer('again and again', 40);
        }
        if (input.kind === 'timer' && input.name === 'stop') out.cancel('never');
      }),
    ) {}
    const run = await simulate(Driven, { ...calm, nodes: 1 });
    const { inputs } = resultOf(run, 'n1').report as { inputs: string[] };
    expect(inputs.slice(1)).toEqual([
      '15: {"kind":"timer","name":"stop"}',
      '30: {"kind":"timer","name":"again"}',
      '40: {"kind":"timer","name":"again and again"}',
    ]);
  });

  test('stores before it goes on: effects behind a put wait, and so do inputs', async () => {
    class Driven extends driven(
      machine((input, out, _, id) => {
        if (input.kind === 'start' && id === 'n1') {
          out.put({ term: 1 });
          out.toAll('hello', { text: 'stored' });
          out.put({ term: 2, vote: 'n2' });
          out.toAll('hello', { text: 'twice' });
        }
        if (input.kind === 'message' && input.type === 'hello')
          out.put({ last: input.message.text });
      }),
    ) {
      override async onExit() {
        for (const [key, value] of await this.store.entries())
          this.log.info(`${key}=${String(value)}`);
      }
    }
    const run = await simulate(Driven, calm);
    const kept = (id: string) => run.logs.filter(({ node }) => node === id).map(({ text }) => text);
    expect(kept('n1')).toEqual(['term=2', 'vote=n2']);
    expect(kept('n2')).toEqual(['last=twice']);
    expect(
      (await inputsOf(run, 'n2')).map((input) => (input as { message: unknown }).message),
    ).toEqual([{ text: 'stored' }, { text: 'twice' }]);
  });

  test('delivers up, logs, terminates, and is called from above', async () => {
    class Lower extends driven(
      machine((input, out, state) => {
        if (input.kind === 'call' && input.type === 'count') {
          out.answer(input.ticket, 'count', state.inputs.length);
        }
        if (input.kind === 'call' && input.type === 'forget') {
          state.inputs.length = 0;
          out.log('warn', 'forgotten');
          out.deliver('heard', { text: 'forgotten' });
        }
      }),
    ) {}
    class Upper extends defineAlgorithm('upper', { children: { lower: Lower } }) {
      readonly found: unknown[] = [];
      override async onStart() {
        const { lower } = this.children;
        this.found.push(await lower.call('count', {}));
        await lower.call('forget', {});
        this.found.push(await lower.call('count', {}));
        this.terminate();
      }
      handlers = this.on({});
      delivered = this.from({
        lower: {
          heard: ({ text }) => {
            this.found.push(text);
          },
        },
      });
      override report() {
        return { found: this.found };
      }
    }
    const run = await simulate(Upper, { nodes: 1 });
    expect(run.ok).toBe(true);
    expect(resultOf(run, 'n1').report).toEqual({ found: [2, 'forgotten', 1] });
    expect(events(run, 'log')).toMatchObject([{ path: 'upper.lower', level: 'warn' }]);
  });

  test('ends its node when it terminates', async () => {
    class Driven extends driven(
      machine((input, out) => {
        if (input.kind === 'start') out.timer('end', 20);
        if (input.kind === 'timer') out.terminate();
      }),
    ) {}
    expect((await simulate(Driven)).ok).toBe(true);
  });

  test('fails its node when a step throws', async () => {
    class Driven extends driven(
      machine((input, _, __, id) => {
        if (input.kind === 'start' && id === 'n2') throw new Error('boom');
      }),
    ) {}
    const run = await simulate(Driven, { nodes: 3 });
    expect(statuses(run)).toEqual({ n1: 'stopped', n2: 'failed', n3: 'stopped' });
    expect(resultOf(run, 'n2').error).toContain('onStart of recorder: boom');
  });

  test('fails its node when a step throws on an answer', async () => {
    class Driven extends driven(
      machine((input, out, _, id) => {
        if (input.kind === 'start' && id === 'n1') out.request('n2', 'ask', { question: 'x' });
        if (input.kind === 'message' && input.type === 'ask') out.answer(input.ticket, 'ask', 'y');
        if (input.kind === 'reply') throw new Error('boom');
      }),
    ) {}
    const run = await simulate(Driven, { nodes: 2 });
    expect(statuses(run)).toEqual({ n1: 'failed', n2: 'stopped' });
    expect(resultOf(run, 'n1').error).toContain('boom');
  });

  test('shows its state, without what is hidden', async () => {
    class Driven extends driven(machine(() => {})) {}
    const run = await simulate(Driven, { nodes: 1, timeoutMs: 10 });
    expect(events(run, 'state').at(-1)).toMatchObject({
      path: 'recorder',
      state: { id: 'n1', inputs: [expect.stringContaining('start')], waiting: [] },
    });
  });
});

describe('a write', () => {
  const onStart = (react: (out: Effects) => void) =>
    machine((input, out) => {
      if (input.kind === 'start') react(out);
      if (input.kind === 'written' && input.ticket === 2) out.terminate();
    });

  test('does not hold up what follows, and is reported when it is durable, in order', async () => {
    const algorithm = onStart((out) => {
      out.write({ first: 1 });
      out.toAll('hello', { text: 'meanwhile' });
      out.write({ second: 2 });
    });
    const plan = { ...planOf(driven(algorithm), calm), faults: { disk: { sync: 20 } } };
    const run = await simulatePlan(plan, { latencyMs: calm.latencyMs });
    expect(await inputsOf(run, 'n1')).toEqual([
      { kind: 'message', type: 'hello', from: 'n2', message: { text: 'meanwhile' }, ticket: 0 },
      { kind: 'written', ticket: 1 },
      { kind: 'written', ticket: 2 },
    ]);
    expect(statuses(run)).toEqual({ n1: 'terminated', n2: 'terminated' });
  });

  test('that cannot be stored fails the node', async () => {
    const run = await simulate(driven(onStart((out) => void out.write({ odd: Number.NaN }))), {
      ...calm,
      nodes: 1,
    });
    expect(resultOf(run, 'n1')).toMatchObject({ status: 'failed' });
    expect(resultOf(run, 'n1').error).toContain('NaN');
  });
});
