/**
 * What every way of spreading promises to the layer above, whichever it is: numbered deliveries, each once, verdicts that are heeded, bounds that
 * are told, late joiners and leavers, loss as far as its contract goes, restarts, and whatever strangers say.
 */

import { describe, expect, test } from 'vitest';
import { defineAlgorithm } from '../../src/core/algorithm.ts';
import type { DisseminatorClass } from '../../src/algorithms/dissemination/disseminators.ts';
import {
  HOPS_MAX,
  PAYLOADS_MAX,
  PUBLICATION_BYTES_MAX,
  TOPICS_MAX,
  type Delivery,
  type Verdict,
} from '../../src/algorithms/dissemination/interface.ts';
import { commonInvariants } from '../../src/algorithms/dissemination/invariants.ts';
import { group } from '../../src/algorithms/dissemination/scenarios.ts';
import { deliveredOf } from '../../src/algorithms/dissemination/verdicts.ts';
import type { Flood } from '../../src/algorithms/flood/flood.ts';
import type { Faults } from '../../src/core/faults/faults.ts';
import type { RunResult } from '../../src/core/result.ts';
import { check, type Schema } from '../../src/core/schema.ts';
import { loadConfig } from '../../src/core/config/load-config.ts';
import type { Value } from '../../src/core/value.ts';
import { nodeIds, simulatePlan, type Run } from '../support/simulate.ts';

/** One way of spreading. */
export interface DisseminatorSubject {
  readonly algorithm: DisseminatorClass;
  /** Settings with which a handful of nodes find one another within {@link settleSeconds}. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly settleSeconds: number;
  /** Loss after which everybody still has everything. */
  readonly loss: string;
}

/** For a busy machine; a run takes milliseconds. */
const PATIENCE_MS = 60_000;

const news = { topics: ['news'] };

/** Declares the tests for one way of spreading. */
export function disseminationCompliance(subject: DisseminatorSubject): void {
  const { name } = subject.algorithm.definition;
  describe(`dissemination compliance: ${name}`, () => {
    describe('under a layer', () => layerTests(subject));
    describe('among nodes', () => groupTests(subject));
    describe('whoever speaks', () => hostileTests(subject));
  });
}

/** What a test does with a parent at its start. */
type Script = (upper: {
  readonly id: string;
  call: InstanceType<typeof Flood>['call'];
  later: (delayMs: number, action: () => unknown) => void;
}) => unknown;

/** A layer above, with a verdict for each publication. */
function upperOver(
  below: DisseminatorClass,
  script: Script,
  judge?: (id: string, delivery: Delivery) => Verdict,
) {
  const heard = new Map<string, Delivery[]>();
  class Upper extends defineAlgorithm('upper', {
    children: { below: below as typeof Flood },
    service: true,
  }) {
    handlers = this.on({});
    delivered = this.from({
      below: {
        messages: (delivery) => {
          heard.set(this.id, [...(heard.get(this.id) ?? []), delivery]);
          if (judge === undefined) return;
          const { topic, origin, incarnation, sequence } = delivery;
          const verdict = judge(this.id, delivery);
          void this.children.below.call('judge', { topic, origin, incarnation, sequence, verdict });
        },
      },
    });

    override async onStart() {
      const { below: child } = this.children;
      await script({
        id: this.id,
        call: (type, message) => child.call(type, message),
        later: (delayMs, action) => this.after(delayMs, action),
      });
    }
  }
  return { Upper, heard };
}

async function play(
  { algorithm, settings }: DisseminatorSubject,
  script: Script,
  options: {
    readonly judge?: (id: string, delivery: Delivery) => Verdict;
    readonly neighbours?: Readonly<Record<string, readonly string[]>>;
  } = {},
) {
  const { judge, neighbours } = options;
  const { Upper, heard } = upperOver(algorithm, script, judge);
  const below = { ...settings, validate: judge !== undefined };
  const config = nodeIds(3)
    .map((id) => {
      const links = neighbours === undefined ? {} : { neighbours: neighbours[id] };
      return `${id}: ${JSON.stringify({ below, ...links })}`;
    })
    .join('\n');
  const { nodes } = loadConfig(config, Upper.definition, { file: 'upper.yaml' });
  const plan = { runId: 'upper', algorithm: Upper, nodes, format: 'json', seed: 1 } as const;
  const run = await simulatePlan(plan, { timeoutMs: 15_000 });
  for (const [id, { status, error }] of Object.entries(run.nodes)) {
    expect(`${id} ${status} ${error ?? ''}`).toBe(`${id} stopped `);
  }
  return { heard, run };
}

function layerTests(subject: DisseminatorSubject): void {
  const settleMs = subject.settleSeconds * 1000;

  test('publications come whole, numbered in their topic without gaps, to the publisher too', async () => {
    const answers: unknown[] = [];
    const { heard } = await play(subject, async ({ id, call, later }) => {
      await call('join', { topic: 'news' });
      if (id !== 'n1') return;
      await call('join', { topic: 'other' });
      later(settleMs, async () => {
        answers.push(await call('publish', { topic: 'news', payloads: ['a', 'b'] }));
        answers.push(await call('publish', { topic: 'other', payloads: ['x'] }));
        answers.push(await call('publish', { topic: 'news', payloads: [{ c: [1, null] }] }));
      });
    });
    expect(answers).toEqual([0, 0, 2].map((sequence) => ({ incarnation: 1, sequence })));
    for (const id of ['n1', 'n2', 'n3']) {
      const got = (heard.get(id) ?? []).filter(({ topic }) => topic === 'news');
      const inOrder = got.toSorted((a, b) => a.sequence - b.sequence);
      expect(inOrder.map(({ sequence, payloads }) => [sequence, payloads])).toEqual([
        [0, ['a', 'b']],
        [2, [{ c: [1, null] }]],
      ]);
      for (const { origin, hops } of got) {
        expect(origin).toBe('n1');
        expect(hops === 0).toBe(id === 'n1');
      }
    }
    expect(heard.get('n2')!.some(({ topic }) => topic === 'other')).toBe(false);
  });

  test('what is too large, and one topic too many, are refused with the reason; the node goes on', async () => {
    const refusals: string[] = [];
    await play(subject, async ({ id, call }) => {
      if (id !== 'n1') return;
      const attempt = async (promise: Promise<unknown>) =>
        promise.then(
          () => refusals.push('none'),
          (error: Error) => refusals.push(error.message),
        );
      const huge: Value = new Uint8Array(PUBLICATION_BYTES_MAX + 1);
      await attempt(call('publish', { topic: 'news', payloads: [huge] }));
      for (let at = 0; at < TOPICS_MAX; at++) await call('join', { topic: `t${at}` });
      await attempt(call('join', { topic: 't0' }));
      await attempt(call('join', { topic: 'one more' }));
      await call('leave', { topic: 't0' });
      await attempt(call('join', { topic: 'one more' }));
    });
    expect(refusals).toEqual([
      expect.stringMatching(/bytes are too much for one publication/),
      'none',
      expect.stringMatching(/has joined 1000 topics/),
      'none',
    ]);
  });

  test('only what is accepted goes on', async () => {
    // n2 lies between the others, and is the only one to judge otherwise.
    const neighbours = { n1: ['n2'], n2: ['n1', 'n3'], n3: ['n2'] };
    const judge = (id: string, { payloads: [verdict] }: Delivery) =>
      id === 'n2' ? (verdict as Verdict) : 'accept';
    const { heard } = await play(
      subject,
      async ({ id, call, later }) => {
        await call('join', { topic: 'news' });
        if (id !== 'n1') return;
        for (const verdict of ['accept', 'ignore', 'reject', 'accept']) {
          later(settleMs, () => call('publish', { topic: 'news', payloads: [verdict] }));
        }
      },
      { judge, neighbours },
    );
    const at = (id: string) =>
      (heard.get(id) ?? []).map(({ sequence }) => sequence).toSorted((a, b) => a - b);
    expect(at('n2')).toEqual([0, 1, 2, 3]);
    expect(at('n3')).toEqual([0, 3]);
  });
}

async function playGroup(
  { algorithm, settings }: DisseminatorSubject,
  config: string,
  faults: Faults,
  seed: number,
): Promise<Run> {
  const { definition } = algorithm;
  const { nodes } = loadConfig(config, definition, { file: `${definition.name}.yaml` });
  expect(settings).toBeDefined();
  const plan = { runId: `group/${seed}`, algorithm, nodes, format: 'json', seed, faults } as const;
  return simulatePlan(plan, {
    traced: false,
    invariants: commonInvariants,
    timeoutMs: 20_000,
  });
}

function groupTests(subject: DisseminatorSubject): void {
  const { settings, settleSeconds, loss } = subject;
  const all = { ...news, ...settings, publish_after: settleSeconds };
  const of = (run: Run, id: string, origin: string) =>
    deliveredOf(run as unknown as RunResult, id, 'news', origin);

  test(
    `survives ${loss} loss, and copies, and disorder: everybody has everything, once`,
    async () => {
      const config = group(6, all, { n2: { publishes: 10 }, n5: { publishes: 10 } });
      const faults = { latency: '1-40', loss, duplication: '20%', reordering: '20%' };
      for (let seed = 0; seed < 5; seed++) {
        const run = await playGroup(subject, config, faults, seed);
        expect(run.violation, `seed ${seed}`).toBeUndefined();
        for (const id of nodeIds(6)) {
          for (const origin of ['n2', 'n5']) {
            expect(of(run, id, origin), `seed ${seed}, ${id} of ${origin}`).toBe(10);
          }
        }
      }
    },
    PATIENCE_MS,
  );

  test(
    'who joins late has what comes then, who leaves has what came before, in every seed',
    async () => {
      const config = group(5, all, {
        n1: { publishes: 20, publish_delay: 0.2 },
        n3: { join_after: settleSeconds + 2 },
        n4: { leave_after: settleSeconds + 2 },
      });
      for (let seed = 0; seed < 3; seed++) {
        const run = await playGroup(subject, config, { latency: '1-20' }, seed);
        expect(run.violation).toBeUndefined();
        for (const id of ['n1', 'n2', 'n5']) expect(of(run, id, 'n1'), id).toBe(20);
        for (const id of ['n3', 'n4']) {
          expect(of(run, id, 'n1'), `${id}, seed ${seed}`).toBeGreaterThan(4);
        }
        // Who joins may be told of what there was; who has left hears nothing more.
        expect(of(run, 'n4', 'n1'), `seed ${seed}`).toBeLessThan(16);
      }
    },
    PATIENCE_MS,
  );

  test(
    'a node that restarts counts its incarnation, and delivers nothing twice; one that publishes anew is heard',
    async () => {
      const config = group(4, all, { n1: { publishes: 5 }, n2: { publishes: 5 } });
      const faults: Faults = {
        latency: '1-20',
        crashes: [{ nodes: ['n2', 'n3'], at: `${settleSeconds + 1}s`, for: '500ms' }],
      };
      const run = await playGroup(subject, config, faults, 1);
      expect(run.violation).toBeUndefined();
      expect(run.nodes['n1']!.report).toMatchObject({ incarnation: 1 });
      expect(run.nodes['n2']!.report).toMatchObject({ incarnation: 2 });
      // It begins anew with its five texts, which are other messages than those of its former life.
      expect(of(run, 'n1', 'n2')).toBeGreaterThan(5);
    },
    PATIENCE_MS,
  );

  test(
    'forged, changed and repeated publications are not delivered',
    async () => {
      const config = group(5, all, { n1: { publishes: 5 }, n3: { publishes: 5 } });
      const faults: Faults = { latency: '1-20', byzantine: { n3: ['forge', 'replay'] } };
      for (let seed = 0; seed < 3; seed++) {
        const run = await playGroup(subject, config, faults, seed);
        expect(run.violation, `seed ${seed}`).toBeUndefined();
        for (const id of ['n1', 'n2', 'n4', 'n5']) {
          expect(of(run, id, 'n1'), `seed ${seed}, ${id}`).toBeLessThanOrEqual(5);
        }
      }
    },
    PATIENCE_MS,
  );
}

function hostileTests({ algorithm }: DisseminatorSubject): void {
  const { messages } = algorithm.definition;
  const fits = (type: keyof typeof messages, message: unknown) =>
    check(messages[type].schema as Schema, message).issues === undefined;

  test('an unsigned publication, and one that claims to have come nowhere or from beyond, do not fit', () => {
    const publication = { topic: 'news', incarnation: 1, sequence: 0, payloads: ['x'] };
    expect(fits('carry', { publication, hops: 1 })).toBe(false);
    for (const hops of [0, -1, 1.5, HOPS_MAX + 1, 'far', null]) {
      expect(fits('carry', { publication, hops })).toBe(false);
    }
    expect(PAYLOADS_MAX).toBeGreaterThan(0);
  });

  test('a greeting with too many topics, with an empty one or a very long one does not fit', () => {
    const hello = (topics: unknown) => fits('hello', { epoch: 1, version: 0, topics });
    expect(hello(['news', '<b>&"\u0000'])).toBe(true);
    for (const topics of [
      Array.from({ length: TOPICS_MAX + 1 }, (_, at) => `t${at}`),
      [''],
      ['x'.repeat(257)],
      'news',
      [7],
    ]) {
      expect(hello(topics)).toBe(false);
    }
  });
}
