/** Requests: every way in which one can end. */

import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { defineAlgorithm } from '../../../src/core/algorithm.ts';
import { request } from '../../../src/core/message.ts';
import { MESSAGE_BYTES_MAX } from '../../../src/net/limits.ts';
import { HandHosted } from '../../support/hand-hosted.ts';
import { consult, Oracle } from '../../support/oracle.ts';
import { events, reports, resultOf, simulate, statuses } from '../../support/simulate.ts';

describe('a request', () => {
  test('is answered with what the handler returns', async () => {
    class Asking extends Oracle {
      override async play() {
        this.found.push(await this.peer('n2').ask({ question: 'who' }), this.now());
      }
    }
    const { run, found: list } = await consult(Asking);
    expect(list).toEqual(['who? n1!', expect.any(Number)]);
    expect(run.ok).toBe(true);
    // The answer takes the link's time as well, and counts as a message.
    expect(resultOf(run, 'n1').messages_received).toEqual({ oracle: 1 });
    const [ask, answer] = events(run, 'deliver');
    expect(answer!.time - ask!.time).toBe(5);
    expect([ask!.role, answer!.role]).toEqual(['request', 'reply']);
  });

  test('is answered with what the promise of the handler comes to', async () => {
    class Asking extends Oracle {
      override async play() {
        this.found.push(await this.peer('n2').slow({ delayMs: 30 }));
      }
    }
    expect((await consult(Asking)).found).toEqual(['after 30']);
  });

  test.each([
    ['nothing at all', v.void()],
    ['perhaps a text', v.optional(v.string())],
    ['null', v.null()],
    ['a default', v.optional(v.string(), 'default')],
  ])('may be answered with %s', async (name, reply) => {
    class Silent extends defineAlgorithm('silent', {
      messages: { ask: request({}, reply as v.GenericSchema<undefined, unknown>) },
    }) {
      answer: unknown = 'none';
      override async onStart() {
        if (this.id === 'n1') this.answer = await this.peer('n2').ask();
        this.terminate();
      }
      handlers = this.on({ ask: () => undefined });
      override report() {
        return { answer: this.answer ?? String(this.answer) };
      }
    }
    const run = await simulate(Silent);
    const expected = { null: 'null', 'a default': 'default' }[name] ?? 'undefined';
    expect(resultOf(run, 'n1').report).toEqual({ answer: expected });
  });

  test('fails after its time, and the answer that comes later is dropped as unexpected', async () => {
    class Impatient extends Oracle {
      override async play() {
        const before = this.now();
        const slow = this.peer('n2').slow({ delayMs: 100 }, { timeoutMs: 50 });
        this.found.push(await this.outcome(slow), this.now() - before);
        await this.sleep(200);
      }
    }
    const { run, found: list } = await consult(Impatient);
    expect(list).toEqual(["RequestTimeout: n2 did not answer 'slow' within 50 ms", 50]);
    expect(resultOf(run, 'n1').dropped).toEqual({ unexpected: 1 });
    expect(resultOf(run, 'n1').messages_received).toEqual({ oracle: 0 });
    expect(run.logs.map(({ text }) => text)).toContain(
      "dropped 'slow' from n2: nobody waits for this answer",
    );
    expect(run.ok).toBe(true);
  });

  test('waits ten seconds unless it is told otherwise, and for ever when told so', async () => {
    class Waiting extends Oracle {
      override async play() {
        this.found.push(await this.outcome(this.peer('n2').slow({ delayMs: 10_001 })));
        const patient = this.peer('n2').slow({ delayMs: 60_000 }, { timeoutMs: Infinity });
        this.found.push(await this.outcome(patient));
      }
    }
    expect((await consult(Waiting, { timeoutMs: 200_000 })).found).toEqual([
      "RequestTimeout: n2 did not answer 'slow' within 10000 ms",
      'after 60000',
    ]);
  });

  test('can be given up', async () => {
    class Fickle extends Oracle {
      override async play() {
        const controller = new AbortController();
        this.after(20, () => controller.abort());
        const { signal } = controller;
        const before = this.now();
        this.found.push(await this.outcome(this.peer('n2').slow({ delayMs: 100 }, { signal })));
        this.found.push(this.now() - before);
        await this.sleep(200);
      }
    }
    const { run, found: list } = await consult(Fickle);
    expect(list).toEqual(["Aborted: 'slow' to n2 was aborted", 20]);
    expect(resultOf(run, 'n1').dropped).toEqual({ unexpected: 1 });
  });

  test('that was given up before is not sent', async () => {
    class Late extends Oracle {
      override async play() {
        const signal = AbortSignal.abort();
        this.found.push(await this.outcome(this.peer('n2').ask({ question: 'who' }, { signal })));
      }
    }
    const { run, found: list } = await consult(Late);
    expect(list).toEqual(["Aborted: 'ask' to n2 was aborted"]);
    expect(events(run, 'send')).toEqual([]);
    expect(resultOf(run, 'n2').messages_received).toEqual({ oracle: 0 });
  });

  test('ends when its peer is gone', async () => {
    class Lonely extends Oracle {
      override async play() {
        this.found.push(await this.outcome(this.peer('n2').ask({ question: 'who' })));
      }
    }
    const node = new HandHosted(Lonely);
    await node.startAll();
    expect(node.sent.map(({ to }) => to)).toEqual(['n2']);
    node.at(node.now, () => node.runner.peerGone('n3', 'closed'));
    await node.run(node.now);
    expect(node.runner.result().report['found']).toEqual([]);
    node.at(node.now, () => node.runner.peerGone('n2', 'closed'));
    await node.run(node.now);
    expect(node.runner.result().report['found']).toEqual([
      "PeerGone: n2 is gone; 'ask' was not answered",
    ]);
  });

  test('to a peer that is gone already ends at once, without a wait for its time limit', async () => {
    class Late extends Oracle {
      override async play() {
        await this.sleep(50);
        this.found.push(await this.outcome(this.peer('n2').ask({ question: 'who' })));
      }
    }
    const node = new HandHosted(Late);
    await node.startAll();
    node.at(node.now, () => node.runner.peerGone('n2', 'closed'));
    await node.run(node.now + 60);
    expect(node.runner.result().report['found']).toEqual([
      "PeerGone: n2 is gone; 'ask' was not answered",
    ]);
  });

  test('to itself or to a stranger is refused at once, with the names of those who are there', async () => {
    class Wrong extends Oracle {
      override async play() {
        this.peer('n9');
      }
    }
    const run = await simulate(Wrong);
    expect(resultOf(run, 'n1').error).toContain('n9 is no neighbour of n1 (it has: n2, n3)');
  });

  test('may be answered by a node that is no neighbour in return', async () => {
    class OneWay extends Oracle {
      override async play() {
        this.found.push(await this.peer('n2').ask({ question: 'who' }));
      }
    }
    const neighbours = (id: string) => (id === 'n1' ? ['n2'] : []);
    expect((await consult(OneWay, { neighbours })).found).toEqual(['who? n1!']);
  });
});

describe('requests side by side', () => {
  test('a slow one does not hold up a fast one', async () => {
    class Both extends Oracle {
      override async play() {
        const done = (name: string) => () => this.found.push(name);
        const peer = this.peer('n2');
        await Promise.all([
          peer.slow({ delayMs: 100 }).then(done('slow')),
          peer.ask({ question: 'who' }).then(done('fast')),
        ]);
      }
    }
    expect((await consult(Both)).found).toEqual(['fast', 'slow']);
  });

  test('answers find their own requests', async () => {
    class Many extends Oracle {
      override async play() {
        const asked = [90, 10, 50, 0, 70].map((delayMs) => this.peer('n2').slow({ delayMs }));
        this.found.push(...(await Promise.all(asked)));
      }
    }
    expect((await consult(Many)).found).toEqual([90, 10, 50, 0, 70].map((ms) => `after ${ms}`));
  });

  test('a handler may ask back before it answers', async () => {
    class Back extends Oracle {
      override async play() {
        this.found.push(await this.peer('n2').ask({ question: 'xxx' }));
      }
      override async answer(src: string, question: string): Promise<string> {
        if (question === '') return `${this.id}`;
        return `${this.id} ${await this.peer(src).ask({ question: question.slice(1) })}`;
      }
    }
    expect((await consult(Back)).found).toEqual(['n2 n1 n2 n1']);
  });

  test('two nodes may ask each other at once', async () => {
    class Mutual extends Oracle {
      override async onStart() {
        this.found.push(await this.peer(this.id === 'n1' ? 'n2' : 'n1').slow({ delayMs: 20 }));
        this.terminate();
      }
    }
    const run = await simulate(Mutual, { nodes: 2 });
    expect(run.ok).toBe(true);
    expect(reports(run)).toMatchObject({
      n1: { found: ['after 20'] },
      n2: { found: ['after 20'] },
    });
  });
});

describe('a message that is too large', () => {
  class Sending extends Oracle {
    override async play() {
      const text = 'x'.repeat(MESSAGE_BYTES_MAX);
      for (const send of [
        () => this.peer('n2').tell({ text }),
        () => this.toAll.tell({ text }),
        () => this.peer('n2').ask({ question: text }),
      ]) {
        this.found.push(await this.outcome((async () => send())()));
      }
      // `{"text":"…"}` of exactly as many bytes as may be.
      await this.peer('n2').tell({ text: text.slice(11) });
    }
  }

  test('is refused where it is sent, with its size', async () => {
    const { run, found: list } = await consult(Sending);
    const error = (type: string, bytes: number) =>
      `MessageTooLarge: '${type}' has ${bytes} bytes; a message may have ${MESSAGE_BYTES_MAX}. ` +
      'Send it in parts, or send a reference.';
    expect(list).toEqual([
      error('tell', MESSAGE_BYTES_MAX + 11),
      error('tell', MESSAGE_BYTES_MAX + 11),
      error('ask', MESSAGE_BYTES_MAX + 15),
    ]);
    expect(run.ok).toBe(true);
    expect(resultOf(run, 'n2').bytes_received).toBe(MESSAGE_BYTES_MAX);
    expect(resultOf(run, 'n1').messages_sent).toBe(1);
  });

  test('as an answer fails the node that gave it, and the caller is told', async () => {
    class Answering extends Oracle {
      override async play() {
        this.found.push(await this.outcome(this.peer('n2').ask({ question: 'all' })));
      }
      override answer() {
        return 'x'.repeat(MESSAGE_BYTES_MAX);
      }
    }
    const { run, found: list } = await consult(Answering);
    expect(list).toEqual([
      expect.stringMatching(/^RemoteError \(failed\): n2: 'ask' has 1048578 bytes/),
    ]);
    expect(statuses(run)).toMatchObject({ n2: 'failed' });
  });
});
