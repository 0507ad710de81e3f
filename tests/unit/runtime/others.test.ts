/** Who of the others is there, who is gone, and when that is known. */

import { describe, expect, test } from 'vitest';
import { LOST_MEMBER_GRACE_MS } from '../../../src/net/limits.ts';
import type { LeaveReason } from '../../../src/net/signaling/protocol.ts';
import { Others } from '../../../src/runtime/live/others.ts';
import { HandClock } from '../../support/hand-clock.ts';

/** A page of n1 that writes down what it is told, and a server and links that a test plays. */
class Page {
  readonly clock = new HandClock();
  readonly seen = new Set<string>();
  readonly heard = new Set<string>();
  readonly story: string[] = [];
  readonly others = new Others({
    clock: this.clock,
    isSeen: (member) => this.seen.has(member),
    isHeard: (node) => this.heard.has(node),
    met: (node, { incarnation }) => this.story.push(`met ${node} ${incarnation}`),
    gone: (node, why) => this.story.push(`${node} gone: ${why}`),
    part: (member) => this.story.push(`tells ${member}`),
    log: (level, text) => this.story.push(`${level}: ${text}`),
  });

  came(incarnation = 1, publicKey = 'ab'): void {
    this.seen.add('member-2');
    this.others.came('n2', { member: 'member-2', incarnation, order: 1, publicKey });
  }

  left(reason: LeaveReason, incarnation = 1): void {
    this.seen.delete('member-2');
    this.others.left({ member: 'member-2', incarnation, reason });
  }

  /** What was said since this was asked last. */
  told(): string[] {
    return this.story.splice(0);
  }
}

function met(): Page {
  const page = new Page();
  page.came();
  expect(page.told()).toEqual(['met n2 1']);
  return page;
}

const AFTER_GRACE = LOST_MEMBER_GRACE_MS + 1;

describe('a tab', () => {
  test('that is closed is gone at once, and one that a newer one replaces is not', () => {
    const page = met();
    page.left('superseded');
    expect(page.told()).toEqual([]);
    page.left('closed');
    expect(page.told()).toEqual(['n2 gone: its tab was closed']);
    expect(page.others.has('n2')).toBe(false);
  });

  test('that the server lost is waited for, and then gone', async () => {
    const page = met();
    page.left('lost');
    await page.clock.advance(LOST_MEMBER_GRACE_MS - 1);
    expect(page.told()).toEqual([]);
    await page.clock.advance(2);
    expect(page.told()).toEqual(['n2 gone: its tab is out of reach']);
  });

  test('that comes back in time never left', async () => {
    const page = met();
    page.left('lost');
    await page.clock.advance(LOST_MEMBER_GRACE_MS - 1);
    page.came();
    await page.clock.advance(10 * AFTER_GRACE);
    expect(page.told()).toEqual([]);
    // Lost once more, it has the whole time again.
    page.left('lost');
    await page.clock.advance(LOST_MEMBER_GRACE_MS - 1);
    page.left('lost');
    await page.clock.advance(LOST_MEMBER_GRACE_MS - 1);
    expect(page.told()).toEqual([]);
  });

  test('whose link is heard is not gone, however long the server misses it', async () => {
    const page = met();
    page.heard.add('n2');
    page.left('lost');
    await page.clock.advance(20 * AFTER_GRACE);
    expect(page.told()).toEqual([]);
    page.heard.delete('n2');
    await page.clock.advance(AFTER_GRACE);
    expect(page.told()).toEqual(['n2 gone: its tab is out of reach']);
  });

  test('that says goodbye is closed unless it comes anew', async () => {
    const page = met();
    page.others.leaving('n2');
    expect(page.told()).toEqual(['debug: n2 says goodbye: its page ends']);
    page.came(2);
    await page.clock.advance(AFTER_GRACE);
    expect(page.told()).toEqual(['met n2 2']);
    page.others.leaving('n2');
    await page.clock.advance(AFTER_GRACE);
    expect(page.told().at(-1)).toBe('n2 gone: its tab was closed');
  });

  test('that was taken for gone is told so when it is back, and met when it is reloaded', async () => {
    const page = met();
    page.left('lost');
    await page.clock.advance(AFTER_GRACE);
    page.told();
    page.came();
    expect(page.told()).toEqual([
      'warn: n2 is back, but was taken for gone: it comes in again when its tab is reloaded',
      'tells member-2',
    ]);
    expect(page.others.lastIncarnation('n2')).toBe(1);
    page.came(2);
    expect(page.told()).toEqual(['met n2 2']);
  });

  test('that shows another key than before is ignored, also after it was gone', () => {
    const page = met();
    page.left('closed');
    page.told();
    page.came(2, 'cd');
    expect(page.told()).toEqual([
      'error: somebody shows another key for n2 than before: it is ignored',
    ]);
    expect(page.others.has('n2')).toBe(false);
  });
});

test('a closed page says nothing more', async () => {
  const page = met();
  page.left('lost');
  page.others.close();
  await page.clock.advance(AFTER_GRACE);
  expect(page.told()).toEqual([]);
});
