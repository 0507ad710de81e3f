/** Answers to requests: those that say no, and those that nobody waits for. */

import { describe, expect, test } from 'vitest';
import { Refusal } from '../../../src/core/errors.ts';
import { HandHosted } from '../../support/hand-hosted.ts';
import { consult, Oracle } from '../../support/oracle.ts';
import { resultOf, statuses } from '../../support/simulate.ts';

describe('an answer that says no', () => {
  for (const [kind, refuse] of [
    [
      'thrown',
      () => {
        throw new Refusal('not today');
      },
    ],
    ['rejected', () => Promise.reject(new Refusal('not today'))],
  ] as const) {
    test(`reaches the caller and fails nobody: ${kind}`, async () => {
      class Refusing extends Oracle {
        override async play() {
          this.found.push(await this.outcome(this.peer('n2').ask({ question: 'who' })));
        }
        override answer() {
          return refuse();
        }
      }
      const { run, found: list } = await consult(Refusing);
      expect(list).toEqual(['RemoteError (refused): n2: not today']);
      expect(run.ok).toBe(true);
      expect(resultOf(run, 'n1').messages_received).toEqual({ oracle: 1 });
    });
  }

  test('of a handler that broke says so, and fails its own node', async () => {
    class Breaking extends Oracle {
      override async play() {
        this.found.push(await this.outcome(this.peer('n2').ask({ question: 'who' })));
        await this.sleep(500);
      }
      override answer(): string {
        throw new Error('boom');
      }
    }
    const { run, found: list } = await consult(Breaking);
    expect(list).toEqual(['RemoteError (failed): n2: boom']);
    expect(statuses(run)).toMatchObject({ n1: 'stopped', n2: 'failed' });
    const { error } = resultOf(run, 'n2');
    expect(error).toContain("handler 'ask' of oracle, message from n1: boom");
    expect(error).toContain('answers.test.ts');
  });

  test('of a reply that does not fit its schema reaches the caller', async () => {
    class Lying extends Oracle {
      override async play() {
        this.found.push(await this.outcome(this.peer('n2').ask({ question: 'who' })));
      }
      override answer() {
        return 7 as never;
      }
    }
    const { run, found: list } = await consult(Lying);
    expect(list).toEqual([
      expect.stringMatching(/^RemoteError \(invalid\): n2: its reply to 'ask': /),
    ]);
    expect(resultOf(run, 'n1').dropped).toEqual({ schema: 1 });
  });

  test('of a reply that cannot travel fails the node that gave it', async () => {
    class Mapping extends Oracle {
      override async play() {
        this.found.push(await this.outcome(this.peer('n2').ask({ question: 'who' })));
      }
      override answer() {
        return new Map() as never;
      }
    }
    const { run, found: list } = await consult(Mapping);
    expect(list).toEqual([
      expect.stringMatching(/^RemoteError \(failed\): n2: the value is a Map/),
    ]);
    expect(statuses(run)).toMatchObject({ n2: 'failed' });
  });
});

describe('an answer that nobody asked for', () => {
  class Asking extends Oracle {
    override async play() {
      this.found.push(await this.outcome(this.peer('n2').ask({ question: 'who' })));
    }
  }
  const asked = async () => {
    const node = new HandHosted(Asking);
    await node.startAll();
    return { node, number: node.sent[0]!.envelope.number };
  };
  const reply = (answers: number, changes = {}) => ({
    kind: 'reply' as const,
    type: 'ask',
    body: 'me',
    answers,
    ...changes,
  });

  test.each([
    ['of another number', 'n2', reply(99)],
    ['of another node', 'n3', reply(1)],
    ['of another type', 'n2', reply(1, { type: 'slow' })],
    ['of another path', 'n2', reply(1, { path: 'oracle.lower' })],
    ['an error of another node', 'n3', reply(1, { kind: 'error', body: ['failed', 'no'] })],
  ])('is dropped: %s', async (_, from, message) => {
    const { node, number } = await asked();
    expect(number).toBe(1);
    await node.deliver(from, message);
    expect(node.runner.result().dropped).toEqual({ unexpected: 1 });
    expect(node.runner.result().report['found']).toEqual([]);
    await node.deliver('n2', reply(number));
    expect(node.runner.result().report['found']).toEqual(['me']);
  });

  test('is dropped when the request was answered already', async () => {
    const { node, number } = await asked();
    await node.deliver('n2', reply(number, { body: 'first' }));
    await node.deliver('n2', reply(number, { body: 'second' }));
    expect(node.runner.result().report['found']).toEqual(['first']);
    expect(node.runner.result().dropped).toEqual({ unexpected: 1 });
  });
});
