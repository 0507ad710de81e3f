/** The choice of a host by talking, a sentence at a time. */

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { BusMessage } from '../../../src/net/signaling/broadcast-signaling-bus.ts';
import { TalkElection } from '../../../src/net/signaling/broadcast-signaling-election.ts';
import { BROADCAST_TIMING } from '../../../src/net/signaling/broadcast-signaling-timing.ts';

const { objectionMs, patienceMs } = BROADCAST_TIMING;
const id = (digit: string) => digit.repeat(32);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** An election of the tab '5', and what it says and becomes. */
function election() {
  const diary: string[] = [];
  const talk: TalkElection = new TalkElection(BROADCAST_TIMING, {
    tab: id('5'),
    post: ({ say }: BusMessage) => diary.push(say),
    announce: () => diary.push('host'),
    elected: () => diary.push('elected'),
    deposed: () => diary.push('deposed'),
    failed: () => expect.unreachable(),
  });
  return { talk, diary };
}

const candidate = (rank: string): BusMessage => ({ say: 'candidate', tab: rank.slice(1), rank });

describe('a tab that looks for a host', () => {
  test('asks, stands, and hosts when nobody objects', () => {
    const { diary } = election();
    expect(diary).toEqual(['who']);
    vi.advanceTimersByTime(objectionMs);
    expect(diary).toEqual(['who', 'candidate']);
    vi.advanceTimersByTime(objectionMs);
    expect(diary).toEqual(['who', 'candidate', 'elected']);
  });

  test('follows the one that answers', () => {
    const { talk, diary } = election();
    talk.heard({ say: 'host', tab: id('7') });
    vi.advanceTimersByTime(10 * patienceMs);
    expect(diary).toEqual(['who']);
  });

  test('gives way to a better one, and looks again if nothing comes of it', () => {
    const { talk, diary } = election();
    vi.advanceTimersByTime(objectionMs);
    talk.heard(candidate(`0${id('4')}`));
    vi.advanceTimersByTime(patienceMs - 1);
    expect(diary).toEqual(['who', 'candidate']);
    vi.advanceTimersByTime(1);
    expect(diary).toEqual(['who', 'candidate', 'who']);
  });

  test('objects to a worse one: a later name, or any that is hidden', () => {
    for (const rank of [`0${id('6')}`, `1${id('1')}`]) {
      const { talk, diary } = election();
      talk.heard(candidate(rank));
      expect(diary).toEqual(['who', 'candidate']);
      vi.advanceTimersByTime(objectionMs);
      expect(diary).toEqual(['who', 'candidate', 'elected']);
      talk.close();
    }
  });
});

describe('a tab that follows', () => {
  const following = () => {
    const { talk, diary } = election();
    talk.heard({ say: 'host', tab: id('7') });
    diary.length = 0;
    return { talk, diary };
  };

  test('stands at once when its host says that it goes, and not when another does', () => {
    const { talk, diary } = following();
    talk.heard({ say: 'gone', tab: id('8') });
    expect(diary).toEqual([]);
    talk.heard({ say: 'gone', tab: id('7') });
    expect(diary).toEqual(['candidate']);
  });

  test('looks when its host does not answer, and lets others stand meanwhile', () => {
    const { talk, diary } = following();
    talk.heard(candidate(`0${id('9')}`));
    talk.suspect(id('8'));
    expect(diary).toEqual([]);
    talk.suspect(id('7'));
    expect(diary).toEqual(['who']);
  });
});

describe('a tab that hosts', () => {
  const hosting = () => {
    const { talk, diary } = election();
    vi.advanceTimersByTime(2 * objectionMs);
    diary.length = 0;
    return { talk, diary };
  };

  test('says so to whoever stands, better or not', () => {
    const { talk, diary } = hosting();
    talk.heard(candidate(`0${id('1')}`));
    expect(diary).toEqual(['host']);
  });

  test('stays when a later name hosts as well, and gives way to an earlier one', () => {
    const { talk, diary } = hosting();
    talk.heard({ say: 'host', tab: id('6') });
    expect(diary).toEqual(['host']);
    talk.heard({ say: 'host', tab: id('4') });
    expect(diary).toEqual(['host', 'deposed']);
    talk.heard({ say: 'gone', tab: id('4') });
    expect(diary).toEqual(['host', 'deposed', 'candidate']);
  });

  test('that is closed says nothing any more', () => {
    const { talk, diary } = hosting();
    talk.close();
    talk.heard(candidate(`0${id('9')}`));
    talk.heard({ say: 'host', tab: id('4') });
    talk.suspect(id('4'));
    vi.advanceTimersByTime(10 * patienceMs);
    expect(diary).toEqual([]);
  });

  test('does not hear itself', () => {
    const { talk, diary } = hosting();
    talk.heard({ say: 'host', tab: id('5') });
    talk.heard({ say: 'gone', tab: id('5') });
    expect(diary).toEqual([]);
  });
});
