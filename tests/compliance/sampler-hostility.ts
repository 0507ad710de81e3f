/** What a sampler does with a peer that floods, lies about ages, names itself, repeats itself or never comes to an end. */

import { expect, test } from 'vitest';
import { HandHosted } from '../support/hand-hosted.ts';
import { fc } from '../support/property.ts';
import { fits, NEIGHBOURS, SamplerNode } from '../support/sampler-node.ts';
import type { SamplerSubject } from './sampler.suite.ts';

/** More than this is said after no message: a flood must not make its victim flood others. */
const SAID_MAX = 16;
/** Values that a node may keep beyond those that it began with. */
const KEPT_MAX = 30;
/** Names in the longest lists: all that the shortest limit of a schema admits. */
const LONG = 500;

/** Declares the tests. */
export function hostilityTests(subject: SamplerSubject): void {
  const { chapter, machine, settings, naming } = subject;

  const name = fc.constantFrom(...NEIGHBOURS, 'n1', 'n6', 'nobody');
  const list = fc.oneof(
    fc.array(name, { maxLength: 8 }),
    // One name over and over: a neighbour's, the liar's own, the victim's, nobody's.
    fc.constantFrom('n3', 'n2', 'n1', 'n6').map((peer) => Array.from({ length: LONG }, () => peer)),
    fc.constant(Array.from({ length: LONG }, (_, at) => NEIGHBOURS[at % NEIGHBOURS.length]!)),
  );
  const round = fc.array(fc.record({ peers: list, which: fc.nat(20) }), {
    maxLength: 100,
    size: 'max',
  });

  test('a flood leaves it proper views, little to keep and little to say', () => {
    fc.assert(
      fc.property(fc.array(round, { maxLength: 3 }), fc.nat(), (rounds, seed) => {
        const node = new SamplerNode(machine, settings, seed);
        const began = sizeOf(node.state);
        let [said, kept] = [0, 0];
        for (const messages of rounds) {
          node.fire();
          for (const { peers, which } of messages) {
            const known = naming(peers);
            const { type, message } = known[which % known.length]!;
            said = Math.max(said, node.hear('n2', type, message).length);
            node.answer(which, false, known);
            kept = Math.max(kept, sizeOf(node.state) - began);
          }
          for (const { name: invariant, check } of chapter.invariants) {
            expect(check(node.view()), invariant).toBeUndefined();
          }
        }
        expect(said).toBeLessThan(SAID_MAX);
        expect(kept).toBeLessThan(KEPT_MAX);
      }),
      { numRuns: 8 },
    );
  });

  test('counts the names that it refused: strangers, and what is too much', () => {
    const refusedOf = (peers: readonly string[]): unknown => {
      const node = new SamplerNode(machine, settings, 1);
      node.fire();
      for (const { type, message } of naming(peers)) node.hear('n2', type, message);
      for (let request = 0; request < 4; request++) node.answer(request, false, naming(peers));
      return node.visible['refused'];
    };
    expect(refusedOf(['n3', 'n2'])).toBe(0);
    // Honest peers know this node too.
    expect(refusedOf(['n1'])).toBe(0);
    expect(refusedOf(['n3', 'n6'])).toBeGreaterThan(0);
    expect(refusedOf(Array.from({ length: LONG }, () => 'n3'))).toBeGreaterThan(LONG - 20);
  });

  const impossible = [-1, -0.5, 1.5, 2 ** 53, -Infinity, Infinity, NaN];

  test('its schemas refuse numbers that cannot be', () => {
    for (const { type, message } of subject.lies(1)) {
      expect(fits(machine.messages[type].schema, message), type).toBe(true);
    }
    for (const number of impossible) {
      for (const { type, message } of subject.lies(number)) {
        expect(fits(machine.messages[type].schema, message), `${type} ${number}`).toBe(false);
      }
    }
  });

  const tooLong = naming(Array.from({ length: 3_000 }, () => 'n3'));
  const refused = [
    ...tooLong.filter(({ type, message }) => !fits(machine.messages[type].schema, message)),
    ...[-1, 1.5].flatMap((number) => subject.lies(number)),
  ];
  // Brahms says nothing that could be refused: its lists and numbers are in answers alone.
  if (refused.length === 0) return;

  test('a running node drops what its schemas refuse, and counts it', async () => {
    const node = new HandHosted(chapter.algorithm, { nodes: 6, settings: () => settings });
    await node.startAll();
    for (const { type, message: body } of refused) {
      await node.deliver('n2', { kind: machine.messages[type].kind, type, body });
    }
    expect(node.runner.result().dropped).toEqual({ schema: refused.length });
  });
}

/** How many values an object holds, however deep. */
function sizeOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, part) => sum + sizeOf(part), 1);
}
