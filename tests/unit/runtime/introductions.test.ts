/** Nodes that no server has announced to each other: they meet by cards, and by nothing that is not genuine. */

import { describe, expect, test } from 'vitest';
import { newKeyPair } from '../../../src/net/ed25519.ts';
import { CARDS_PER_SECOND_MAX } from '../../../src/net/limits.ts';
import { readCard, writeCard, type CallingCard } from '../../../src/runtime/live/calling-card.ts';
import { Introductions } from '../../../src/runtime/live/introductions.ts';
import { HandClock } from '../../support/hand-clock.ts';

const PLACE = { room: 'ROOM', runId: 'run' };

interface Shown {
  readonly from: string;
  readonly to: string;
  readonly card: CallingCard;
  readonly isAnswer: boolean;
}

/** Pages of nodes between which cards are carried by hand. */
class Pages {
  readonly clock = new HandClock();
  readonly shown: Shown[] = [];
  readonly met = new Map<string, Map<string, CallingCard>>();
  readonly refused: string[] = [];
  readonly #pages = new Map<string, Introductions>();

  /** A page, with the card of its node. */
  add(node: string, incarnation = 1): Promise<CallingCard> {
    const { secretKey } = newKeyPair();
    const card = writeCard({ node, member: `member-of-${node}`, incarnation }, secretKey, PLACE);
    const met = new Map<string, CallingCard>();
    this.met.set(node, met);
    const page = new Introductions({
      place: PLACE,
      clock: this.clock,
      random: () => 1,
      card,
      isMet: (other) => met.has(other),
      isNews: (other) => {
        const known = met.get(other.node)?.incarnation ?? 0;
        return other.node !== node && other.node.startsWith('n') && other.incarnation > known;
      },
      show: (to, shown, isAnswer) => this.shown.push({ from: node, to, card: shown, isAnswer }),
      met: (other) => met.set(other.node, other),
      refused: () => this.refused.push(node),
    });
    this.#pages.set(node, page);
    return card;
  }

  page(node: string): Introductions {
    return this.#pages.get(node)!;
  }

  /** Brings everything that was shown to whom it is for, until nothing is. */
  async deliver(): Promise<number> {
    let count = 0;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = this.shown.shift();
      if (next === undefined) return count;
      count++;
      await this.#pages.get(next.to)?.heard(next.card, next.isAnswer);
    }
  }
}

describe('introductions', () => {
  test('two nodes meet by one card and one answer, and ask no more', async () => {
    const pages = new Pages();
    const [first, second] = [await pages.add('n1'), await pages.add('n2')];
    pages.page('n1').want(['n2']);
    expect(pages.page('n1').sought).toEqual(['n2']);
    expect(await pages.deliver()).toBe(2);
    expect(pages.met.get('n1')!.get('n2')).toEqual(second);
    expect(pages.met.get('n2')!.get('n1')).toEqual(first);
    await pages.clock.advance(120_000);
    expect(await pages.deliver()).toBe(0);
    expect(pages.page('n1').sought).toEqual([]);
  });

  test('whoever does not answer is asked again, ever more seldom, and at once when there is a link', async () => {
    const pages = new Pages();
    await pages.add('n1');
    pages.page('n1').want(['n9']);
    await pages.deliver();
    const counts: number[] = [];
    for (let second = 0; second < 60; second += 15) {
      await pages.clock.advance(15_000);
      counts.push(await pages.deliver());
    }
    expect(counts[0]).toBeGreaterThan(counts.at(-1)!);
    expect(counts.at(-1)).toBeLessThanOrEqual(1);
    pages.page('n1').linked();
    expect(await pages.deliver()).toBe(1);
    pages.page('n1').want([]);
    await pages.clock.advance(120_000);
    expect(await pages.deliver()).toBe(0);
  });

  test('what somebody changed in a card, and cards of other rooms and runs, are refused', async () => {
    const pages = new Pages();
    await pages.add('n1');
    const { secretKey } = newKeyPair();
    const claim = { node: 'n2', member: 'member-of-n2', incarnation: 1 };
    const genuine = await writeCard(claim, secretKey, PLACE);
    const other = await pages.add('n3');
    const forgeries = [
      { ...genuine, node: 'n3' },
      { ...genuine, member: 'another-member' },
      { ...genuine, incarnation: 2 },
      { ...genuine, publicKey: other.publicKey },
      { ...genuine, signature: other.signature },
      await writeCard(claim, secretKey, { ...PLACE, room: 'OTHER' }),
      await writeCard(claim, secretKey, { ...PLACE, runId: 'other' }),
    ];
    for (const card of forgeries) await pages.page('n1').heard(card, false);
    expect(pages.met.get('n1')!.size).toBe(0);
    expect(pages.refused).toHaveLength(forgeries.length);
    expect(pages.shown).toEqual([]);
    await pages.page('n1').heard(genuine, true);
    expect([...pages.met.get('n1')!.keys()]).toEqual(['n2']);
  });

  test('an earlier life is no news, a stranger is nobody, and a flood is not verified', async () => {
    const pages = new Pages();
    await pages.add('n1');
    const { secretKey } = newKeyPair();
    const life = (incarnation: number) =>
      writeCard({ node: 'n2', member: 'member-of-n2', incarnation }, secretKey, PLACE);
    await pages.page('n1').heard(await life(7), true);
    await pages.page('n1').heard(await life(3), true);
    expect(pages.met.get('n1')!.get('n2')!.incarnation).toBe(7);
    const stranger = { node: 'x', member: 'somebody', incarnation: 1 };
    await pages.page('n1').heard(await writeCard(stranger, secretKey, PLACE), false);
    expect(pages.met.get('n1')!.has('x')).toBe(false);
    await pages.clock.advance(2000);
    const forged = { ...(await life(9)), incarnation: 10 };
    const flood = Array.from({ length: 4 * CARDS_PER_SECOND_MAX }, () =>
      pages.page('n1').heard(forged, false),
    );
    await Promise.all(flood);
    expect(pages.refused).toHaveLength(CARDS_PER_SECOND_MAX);
  });

  test('whoever was met before is answered all the same: it may have missed the answer', async () => {
    const pages = new Pages();
    const first = await pages.add('n1');
    await pages.add('n2');
    await pages.page('n2').heard(first, false);
    pages.shown.splice(0);
    await pages.page('n2').heard(first, false);
    expect(pages.shown.map(({ to, isAnswer }) => [to, isAnswer])).toEqual([['n1', true]]);
    pages.page('n2').close();
    await pages.page('n2').heard(first, false);
    expect(pages.shown).toHaveLength(1);
  });
});

test('what is no card is none', async () => {
  const pages = new Pages();
  const card = await pages.add('n1');
  expect(readCard(structuredClone(card))).toEqual(card);
  const bad = [
    ...[null, 7, 'card', []],
    ...Object.keys(card).map((key) => ({ ...card, [key]: undefined })),
    ...[0, -1, 1.5, '1', 2 ** 60].map((incarnation) => ({ ...card, incarnation })),
    { ...card, node: 'x'.repeat(65) },
    { ...card, member: 'x'.repeat(200) },
    { ...card, publicKey: card.publicKey.toUpperCase() + 'zz' },
    { ...card, signature: `${card.signature}00` },
  ];
  for (const one of bad) expect(readCard(one), JSON.stringify(one)).toBeUndefined();
});
