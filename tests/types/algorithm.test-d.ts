/** What must compile, and what must not. Each `@ts-expect-error` fails the type check when the line beneath it compiles. */

import * as v from 'valibot';
import { z } from 'zod';
import { expectTypeOf } from 'vitest';
import { defineAlgorithm } from '../../src/core/algorithm.ts';
import { cast, request } from '../../src/core/message.ts';
import { signed, type Signed } from '../../src/core/signed.ts';

const vote = signed('Vote', { value: v.boolean() });

const messages = {
  ping: request({ sequence: v.number() }, v.string()),
  pong: cast({ sequence: v.number(), note: v.optional(v.string(), 'none') }),
  ballot: cast(vote),
  chain: cast({ votes: v.array(vote) }),
  zod: cast({ list: z.array(z.int()), proof: z.custom<Signed<{ value: boolean }>>(vote.is) }),
  go: cast({}),
};
const settings = { initiator: v.boolean(), max_rounds: v.optional(v.number(), 5) };

export class Complete extends defineAlgorithm('complete', { messages, settings }) {
  override async onStart() {
    expectTypeOf(this.settings).toEqualTypeOf<{
      readonly initiator: boolean;
      readonly max_rounds: number;
    }>();
    const reply = await this.peer('n2').ping({ sequence: 1 }, { timeoutMs: 5 });
    expectTypeOf(reply).toEqualTypeOf<string>();
    await this.peer('n2').pong({ sequence: 1 });
    await this.peer('n2').go();
    await this.toAll.pong({ sequence: 1, note: 'x' });
    await this.toAll.ballot(this.sign(vote, { value: true }));
    // @ts-expect-error a wrong field
    await this.peer('n2').ping({ number: 1 });
    // @ts-expect-error a wrong type
    await this.peer('n2').ping({ sequence: 'one' });
    // @ts-expect-error an unknown message
    await this.peer('n2').pang({ sequence: 1 });
    // @ts-expect-error a request cannot be broadcast
    await this.toAll.ping({ sequence: 1 });
    // @ts-expect-error a peer may be missing
    await this.peers.get('n2').pong({ sequence: 1 });
    // @ts-expect-error an unsigned value is no ballot
    await this.toAll.ballot({ value: true });
    // @ts-expect-error a field that the signed type has not
    this.sign(vote, { valeu: true });
    // @ts-expect-error an undeclared setting
    void this.settings.unknown;
  }

  handlers = this.on({
    ping: (src, { sequence }) => {
      expectTypeOf(src).toEqualTypeOf<string>();
      expectTypeOf(sequence).toEqualTypeOf<number>();
      return `ACK ${sequence}`;
    },
    pong: (_, { note }) => {
      expectTypeOf(note).toEqualTypeOf<string>();
    },
    ballot: (_, ballot) => {
      expectTypeOf(ballot.value).toEqualTypeOf<boolean>();
      expectTypeOf(ballot.signer).toEqualTypeOf<string>();
    },
    chain: async (_, { votes }) => {
      expectTypeOf(votes[0]!.value).toEqualTypeOf<boolean>();
    },
    zod: (_, { list, proof }) => {
      expectTypeOf(list).toEqualTypeOf<number[]>();
      expectTypeOf(proof.value).toEqualTypeOf<boolean>();
    },
    go: () => {},
  });
}

const two = { ping: messages.ping, pong: messages.pong };

// @ts-expect-error the handlers cannot be forgotten
export class Forgotten extends defineAlgorithm('forgotten', { messages: two }) {}

export class Wrong extends defineAlgorithm('wrong', { messages: two }) {
  // @ts-expect-error a handler is missing
  handlers = this.on({ ping: () => 'ok' });
}

export class Misspelt extends defineAlgorithm('misspelt', { messages: two }) {
  // @ts-expect-error a handler too many
  handlers = this.on({ ping: () => 'ok', pong: () => {}, pang: () => {} });
}

export class WrongReply extends defineAlgorithm('wrong_reply', { messages: two }) {
  // @ts-expect-error the reply has another type
  handlers = this.on({ ping: () => 7, pong: () => {} });
}

class Lower extends defineAlgorithm('lower', {
  messages: { data: cast({ text: v.string() }) },
  delivers: { got: cast({ text: v.string() }), ask: request({ question: v.string() }, v.number()) },
}) {
  async send(text: string) {
    await this.toAll.data({ text });
    const answer = await this.deliver.ask({ question: text });
    expectTypeOf(answer).toEqualTypeOf<number>();
    // @ts-expect-error not declared as a delivery
    await this.deliver.lost({ text });
  }
  handlers = this.on({ data: (_, { text }) => this.deliver.got({ text }) });
}

class Silent extends defineAlgorithm('silent', {}) {
  handlers = this.on({});
}

export class Upper extends defineAlgorithm('upper', {
  children: { lower: Lower, silent: Silent },
}) {
  override async onStart() {
    await this.children.lower.send('hello');
    // @ts-expect-error no such child
    void this.children.middle;
  }
  handlers = this.on({});
  delivered = this.from({
    lower: {
      got: ({ text }) => expectTypeOf(text).toEqualTypeOf<string>() as unknown as void,
      ask: ({ question }) => question.length,
    },
  });
}

// @ts-expect-error what a child delivers cannot be ignored
export class Deaf extends defineAlgorithm('deaf', { children: { lower: Lower } }) {
  handlers = this.on({});
}

export class HalfDeaf extends defineAlgorithm('half_deaf', { children: { lower: Lower } }) {
  handlers = this.on({});
  // @ts-expect-error a delivery without a handler
  delivered = this.from({ lower: { got: () => {} } });
}

export class WithoutChildren extends defineAlgorithm('without_children', {
  children: { silent: Silent },
}) {
  handlers = this.on({});
}
