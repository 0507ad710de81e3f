/**
 * What every peer sampler promises, whichever it is: as a chapter's Machine, one node at a time, whatever arrives; and as an engine of
 * many nodes, cycle by cycle.
 */

import { describe, expect } from 'vitest';
import type { Chapter } from '../../src/core/chapter.ts';
import type { Machine } from '../../src/core/machine.ts';
import { Random } from '../../src/core/random.ts';
import type { OverlayEngine } from '../../src/lab/overlay/engine.ts';
import { measureOverlay } from '../../src/lab/overlay/metrics.ts';
import { overlaySpec, type OverlayOptions } from '../../src/lab/overlay/overlay-spec.ts';
import { createOverlay } from '../../src/lab/overlay/run-overlay.ts';
import { test, testOften } from '../support/often.ts';
import { fc } from '../support/property.ts';
import { fits, NEIGHBOURS, SamplerNode, STRANGERS } from '../support/sampler-node.ts';
import { hostilityTests } from './sampler-hostility.ts';

/** One sampler with what the suite needs to know of it. */
export interface SamplerSubject {
  readonly chapter: Chapter;
  readonly machine: Machine;
  /** Settings of a small node. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** A small network in the engine. */
  readonly options: OverlayOptions;
  /** Messages of this sampler that name peers, made of such names. */
  readonly naming: (peers: readonly string[]) => readonly { type: string; message: unknown }[];
  /** Each schema that admits lists of peers, with what such a list looks like there. */
  readonly lists: (
    peers: readonly string[],
  ) => readonly (readonly [schema: unknown, value: unknown])[];
  /** Numbers that a liar writes into messages that are otherwise in order. */
  readonly lies: (number: number) => readonly { type: string; message: unknown }[];
  /** True where a view has no peer twice. */
  readonly distinct: boolean;
}

/** Declares the tests for one sampler. */
export function samplerCompliance(subject: SamplerSubject): void {
  describe(`sampler compliance: ${subject.chapter.name}`, () => {
    describe('one node', () => machineTests(subject));
    describe('one node among liars', () => hostilityTests(subject));
    describe('many nodes', () => engineTests(subject));
  });
}

function machineTests({ chapter, machine, settings, naming, lists }: SamplerSubject): void {
  const names = fc.constantFrom(...NEIGHBOURS, ...STRANGERS);
  const event = fc.oneof(
    fc.record({ kind: fc.constant('timer' as const) }),
    fc.record({
      kind: fc.constant('message' as const),
      from: fc.constantFrom(...NEIGHBOURS),
      peers: fc.array(names, { maxLength: 40 }),
      which: fc.nat(20),
    }),
    fc.record({
      kind: fc.constant('answer' as const),
      which: fc.nat(20),
      fails: fc.boolean(),
      peers: fc.array(names, { maxLength: 40 }),
    }),
  );

  testOften(
    'keeps its invariants whatever peers say: strangers, itself, one name many times, answers out of turn',
    () => {
      fc.assert(
        fc.property(fc.array(event, { maxLength: 40 }), fc.nat(), (events, seed) => {
          const node = new SamplerNode(machine, settings, seed);
          for (const happened of events) {
            if (happened.kind === 'timer') {
              node.fire();
            } else if (happened.kind === 'message') {
              const known = naming(happened.peers);
              const { type, message } = known[happened.which % known.length]!;
              node.hear(happened.from, type, message);
            } else {
              node.answer(happened.which, happened.fails, naming(happened.peers));
            }
            for (const { name, check } of chapter.invariants) {
              expect(check(node.view()), name).toBeUndefined();
            }
          }
        }),
        { numRuns: 150 },
      );
    },
  );

  testOften('speaks only to its neighbours', () => {
    fc.assert(
      fc.property(fc.array(names, { maxLength: 30 }), fc.nat(), (peers, seed) => {
        const node = new SamplerNode(machine, settings, seed);
        for (const { type, message } of naming(peers)) node.hear('n2', type, message);
        for (let i = 0; i < 8; i++) node.fire();
        for (const to of node.spokenTo) expect(NEIGHBOURS).toContain(to);
      }),
      { numRuns: 60 },
    );
  });

  test('refuses a million names in one message unread', () => {
    const many = Array.from({ length: 1_000_000 }, () => 'n2');
    for (const [schema, value] of lists(many)) expect(fits(schema, value)).toBe(false);
    for (const [schema, value] of lists(['n2', 'n3'])) expect(fits(schema, value)).toBe(true);
  });

  test('begins with its bootnodes, and names one that is none', () => {
    const node = new SamplerNode(machine, { ...settings, bootnodes: ['n3'] }, 1);
    for (let i = 0; i < 3; i++) node.fire();
    expect(new Set(node.spokenTo)).toEqual(new Set(['n3']));
    const start = (bootnodes: readonly string[]) => () =>
      new SamplerNode(machine, { ...settings, bootnodes }, 1);
    expect(start(['n9'])).toThrow(/bootnodes: n9 is no node of the run/);
    expect(start(['n6'])).toThrow(/n1 cannot send to n6, which is not among its neighbours/);
  });

  test('goes on from a fork as from the original', () => {
    const node = new SamplerNode(machine, settings, 4);
    node.fire();
    const twin = node.fork();
    for (let i = 0; i < 5; i++) {
      expect(twin.fire()).toEqual(node.fire());
      expect(twin.view()).toEqual(node.view());
    }
  });
}

function engineTests({ options, distinct }: SamplerSubject): void {
  const started = (more: OverlayOptions = {}) =>
    createOverlay(overlaySpec({ ...options, ...more }));
  const viewOf = (engine: OverlayEngine, node: number): number[] => {
    const base = node * engine.capacity;
    const slots = Array.from({ length: engine.degree(node) }, (_, at) => engine.peerAt(base + at));
    return slots.filter((peer) => peer >= 0);
  };

  test('keeps proper views: nobody itself, nobody who is not there, no more than there is room for', () => {
    const engine = started();
    const problems: string[] = [];
    for (let cycle = 0; cycle < 15; cycle++) {
      engine.cycle();
      for (let node = 0; node < engine.nodes; node++) {
        const view = viewOf(engine, node);
        if (view.length > engine.capacity) problems.push(`${node} has ${view.length}`);
        if (view.includes(node)) problems.push(`${node} has itself`);
        if (view.some((peer) => peer >= engine.nodes)) problems.push(`${node} has nobody`);
        if (distinct && new Set(view).size < view.length) problems.push(`${node} has one twice`);
      }
    }
    expect(problems).toEqual([]);
  });

  test('does the same with the same seed, and something else with another', () => {
    const [one, same, other] = [started(), started(), started({ seed: 2 })];
    for (const engine of [one, same, other]) for (let i = 0; i < 8; i++) engine.cycle();
    const all = (engine: OverlayEngine) =>
      Array.from({ length: engine.nodes }, (_, node) => viewOf(engine, node));
    expect(all(same)).toEqual(all(one));
    expect(all(other)).not.toEqual(all(one));
  });

  test('stays in one piece, with short paths', () => {
    const engine = started();
    for (let i = 0; i < 25; i++) engine.cycle();
    const metrics = measureOverlay(engine, Random.stream(1, 'test'));
    expect(metrics).toMatchObject({ components: 1, dead_links: 0 });
    expect(metrics.path_length).toBeLessThan(6);
  });

  test('forgets the dead, sooner or later', () => {
    const engine = started(healing(options));
    for (let i = 0; i < 10; i++) engine.cycle();
    for (let node = 0; node < engine.nodes / 4; node++) engine.kill(node);
    const before = measureOverlay(engine, Random.stream(1, 'test'));
    for (let i = 0; i < 60; i++) engine.cycle();
    const after = measureOverlay(engine, Random.stream(1, 'test'));
    expect(before.dead_links).toBeGreaterThan(0);
    expect(after.dead_links).toBeLessThan(before.dead_links / 10);
  });
}

/** GBPS forgets with H ≥ 1; its corner Cyclon is fast enough in a small network. */
function healing({ sampler, viewSize }: OverlayOptions): OverlayOptions {
  return sampler === 'gbps' ? { heal: 1, swap: Math.floor(viewSize! / 2) - 1 } : {};
}
