/** How the time of processes and of the simulation go together; the processes here are what the test says of them. */

import { describe, expect, test } from 'vitest';
import { Clockwork, type TimedProcess } from '../../../src/cli/maelstrom/clockwork.ts';

/** Nothing that a test waits for takes so long. */
const PATIENCE_MS = 20_000;

class FakeProcess implements TimedProcess {
  readonly id = 'n0';
  readonly pid = undefined;
  isStarting = false;
  hasTakenAll = true;
  bytesRead = 0;
}

function started({ watchMs = 0, isReal = false, patienceMs = PATIENCE_MS } = {}) {
  const clockwork = new Clockwork({ isReal, watchMs, patienceMs });
  const process = new FakeProcess();
  const view = { waiting: false, problems: [] as string[] };
  clockwork.attach({
    isWaiting: () => view.waiting,
    fail: (problem) => {
      view.problems.push(problem);
      clockwork.over();
    },
  });
  clockwork.joined(process);
  clockwork.began();
  return { clockwork, process, view };
}

describe('Virtual time', () => {
  test('jumps over hours when nobody has anything to say', async () => {
    const { clockwork } = started();
    expect(await clockwork.advance(0, 3_600_000)).toBe(3_600_000);
    expect(clockwork.report()).toMatchObject({ time: 'virtual', unasked: undefined, paced_ms: 0 });
  });

  test('stands still until who was told something has said what it has to', async () => {
    const { clockwork, process } = started();
    let heard = 0;
    process.hasTakenAll = false;
    clockwork.touched(process);
    setTimeout(() => {
      process.hasTakenAll = true;
      process.bytesRead = 10;
      clockwork.arrived('n0', () => heard++);
    }, 20);
    expect(await clockwork.advance(5, 1000)).toBe(5);
    clockwork.takeIn();
    expect(heard).toBe(1);
    expect(await clockwork.advance(5, 1000)).toBe(1000);
    expect(clockwork.report().unasked).toBeUndefined();
  });

  test('stands still while who has said a part of a line works on the rest, told or not', async () => {
    const { clockwork, process } = started();
    process.hasTakenAll = false;
    clockwork.stirred(process);
    setTimeout(() => {
      process.hasTakenAll = true;
      process.bytesRead = 10;
      clockwork.stirred(process);
      clockwork.arrived('n0', () => {});
    }, 20);
    expect(await clockwork.advance(5, 1000)).toBe(5);
    clockwork.takeIn();
    expect(await clockwork.advance(5, 1000)).toBe(1000);
  });

  test('stands still while a process starts, and not for ever', async () => {
    const { clockwork, process, view } = started({ patienceMs: 60 });
    process.isStarting = true;
    expect(await clockwork.advance(0, 1000)).toBe(0);
    expect(view.problems).toEqual(['n0 said nothing within 0.06 s of its start']);
  });

  test('does not jump while it is watched, and says who spoke unasked', async () => {
    const { clockwork, process } = started({ watchMs: 10_000 });
    setTimeout(() => {
      clockwork.stirred(process);
      clockwork.arrived('n0', () => {});
    }, 30);
    const reachedMs = await clockwork.advance(0, 9000);
    expect(reachedMs).toBeGreaterThan(0);
    expect(reachedMs).toBeLessThan(9000);
    const { unasked, assumption } = clockwork.report();
    expect(unasked).toEqual({ node: 'n0', ms: Math.round(reachedMs) });
    expect(assumption).toMatch(/^n0 was the first to speak unasked, at \d+ ms/);
  });

  test('does not jump while an operation waits for a node’s own time', async () => {
    const { clockwork, view } = started({ watchMs: 1 });
    await clockwork.advance(0, 100);
    view.waiting = true;
    setTimeout(() => clockwork.arrived('n0', () => {}), 20);
    const reachedMs = await clockwork.advance(100, 60_000);
    expect(reachedMs).toBeGreaterThan(100);
    expect(reachedMs).toBeLessThan(60_000);
  });

  test('jumps to the end of the recovery when all have been silent for a while', async () => {
    const { clockwork } = started({ watchMs: 50 });
    await clockwork.advance(0, 100);
    clockwork.recovering();
    expect(await clockwork.advance(100, 10_000_000)).toBe(10_000_000);
    expect(clockwork.report().watched_ms).toBeGreaterThanOrEqual(50);
  });

  test('a conversation without end, in no time, is ended', async () => {
    const { clockwork, view } = started();
    for (let line = 0; line <= 50_000; line++) clockwork.arrived('n0', () => {});
    await clockwork.advance(7, 1000);
    expect(view.problems).toEqual([expect.stringMatching(/^the nodes talk without end at 7 ms/)]);
  });

  test('who does not come to rest is named', async () => {
    const { clockwork, process, view } = started({ patienceMs: 50 });
    process.hasTakenAll = false;
    clockwork.touched(process);
    await clockwork.advance(0, 1000);
    expect(view.problems).toEqual(['n0 did not come to rest within 0.05 s of real time']);
  });
});

test('Real time passes in real time, and what is heard is heard at once', async () => {
  const { clockwork } = started({ isReal: true });
  const beganMs = performance.now();
  expect(await clockwork.advance(0, 60)).toBe(60);
  expect(performance.now() - beganMs).toBeGreaterThanOrEqual(59);
  setTimeout(() => clockwork.arrived('n0', () => {}), 10);
  const heardMs = await clockwork.advance(60, 60_000);
  expect(heardMs).toBeGreaterThanOrEqual(60);
  expect(heardMs).toBeLessThan(60_000);
  expect(clockwork.report().assumption).toMatch(/nothing is assumed/);
});

test('When the run is over nobody is waited for', () => {
  const { clockwork, process } = started();
  process.hasTakenAll = false;
  clockwork.touched(process);
  clockwork.over();
  expect(clockwork.advance(0, 1000)).toBe(1000);
});
