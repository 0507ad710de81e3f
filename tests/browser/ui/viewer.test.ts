import { describe, expect, onTestFinished, test } from 'vitest';
import type { TraceEvent } from '../../../src/core/trace.ts';
import { RunRecord } from '../../../src/lab/run-record.ts';
import { Viewer } from '../../../src/ui/stage/viewer.ts';
import { FakeRun, longTrace, trace } from './fake-lab.ts';

function finished(events = trace()): Viewer {
  const viewer = new Viewer(() => 0);
  const run = new FakeRun('simulated', 1, events);
  viewer.show(run);
  run.end();
  return viewer;
}

describe('a finished run', () => {
  test('is played from its beginning at the chosen speed, and holds at its end', () => {
    const viewer = finished();
    viewer.setSpeed(100);
    viewer.play();
    viewer.tick(1000);
    expect(viewer.cursor.time).toBe(0);
    viewer.tick(1050);
    expect(viewer.cursor).toEqual({ time: 5, step: 4 });
    viewer.tick(1100);
    expect(viewer.cursor).toEqual({ time: 10, step: 5 });
    for (let now = 1200; now < 1600; now += 100) viewer.tick(now);
    expect(viewer.cursor).toEqual({ time: 30, step: 13 });
    expect(viewer.playing).toBe(false);
    viewer.play();
    expect(viewer.cursor).toEqual({ time: 0, step: 0 });
  });

  test('does not jump when the page was hidden for a while', () => {
    const viewer = finished();
    viewer.setSpeed(100);
    viewer.play();
    viewer.tick(0);
    viewer.tick(60_000);
    expect(viewer.cursor.time).toBe(10);
  });

  test('is stepped through event by event, also within one instant', () => {
    const viewer = finished();
    viewer.goTo(5);
    viewer.stepBy(1);
    expect(viewer.cursor).toEqual({ time: 20, step: 6 });
    viewer.stepBy(1);
    expect(viewer.cursor).toEqual({ time: 20, step: 7 });
    viewer.stepBy(-3);
    expect(viewer.cursor).toEqual({ time: 0, step: 4 });
    viewer.stepBy(-99);
    expect(viewer.cursor).toEqual({ time: 0, step: 0 });
  });

  test('is stepped through along one node', () => {
    const viewer = finished();
    viewer.goTo(4);
    viewer.stepAt('n2', 1);
    expect(viewer.cursor.step).toBe(6);
    viewer.stepAt('n2', -1);
    expect(viewer.cursor.step).toBe(4);
  });

  test('stops on the event that broke an invariant', () => {
    const events = trace();
    const broken: TraceEvent = {
      ...{ time: 20, node: 'n2', sequence: 99, kind: 'violation' },
      ...{ invariant: 'Nobody answers', detail: 'n2 did' },
    };
    events.splice(8, 0, broken);
    const viewer = finished(events);
    viewer.setSpeed(1000);
    viewer.play();
    viewer.tick(0);
    viewer.tick(90);
    expect(viewer.cursor).toEqual({ time: 20, step: 9 });
    expect(viewer.playing).toBe(false);
    viewer.play();
    viewer.tick(100);
    viewer.tick(190);
    expect(viewer.cursor.time).toBe(30);
  });

  test('rests at each event when no motion is wanted', () => {
    const viewer = finished();
    viewer.discrete = true;
    viewer.play();
    viewer.tick(0);
    expect(viewer.cursor.time).toBe(0);
    viewer.tick(300);
    expect(viewer.cursor.time).toBe(0);
    viewer.tick(700);
    expect(viewer.cursor.time).toBe(10);
  });
});

describe('a live run', () => {
  test('is followed, held by scrubbing back, and followed again', () => {
    let now = 0;
    const viewer = new Viewer(() => now);
    const run = new FakeRun('workers', 1, trace().slice(0, 5));
    viewer.show(run);
    expect(viewer.following).toBe(true);
    expect(viewer.cursor).toEqual({ time: 10, step: 5 });
    viewer.tick(4);
    expect(viewer.cursor.time).toBe(14);
    viewer.seek(0);
    expect(viewer.following).toBe(false);
    run.append(trace().slice(5, 8));
    expect(viewer.cursor).toEqual({ time: 0, step: 4 });
    viewer.follow();
    now = 10;
    run.append(trace().slice(8));
    expect(viewer.cursor).toEqual({ time: 30, step: 13 });
  });

  test('comes to rest at its last event when it ends', () => {
    const viewer = new Viewer(() => 0);
    const run = new FakeRun('workers');
    viewer.show(run);
    viewer.tick(900);
    run.end();
    expect(viewer.cursor).toEqual({ time: 30, step: 13 });
    expect(viewer.moving).toBe(false);
  });
});

test('a run that is made now is played from shortly before its first message, once one has arrived', () => {
  const viewer = new Viewer(() => 0);
  const run = new FakeRun('simulated', 1, []);
  viewer.show(run);
  viewer.playFromFirstMessage();
  const late = trace().map((event) => ({ ...event, time: event.time + 400 }));
  // What is on its way does not say yet how fast it is: the speed, and with it the beginning, would be another a moment later.
  run.append(late.slice(0, 5));
  expect(viewer.cursor.time).toBe(0);
  run.append(late.slice(5));
  const { speed, cursor } = viewer;
  expect(speed).toBe(10);
  expect(cursor.time).toBe(410 - speed / 5);
  run.append([{ ...late.at(-1)!, time: 2000 }]);
  expect(viewer.cursor).toBe(cursor);
});

test('a selected node stays selected in the next run, a message does not', () => {
  const viewer = finished();
  viewer.select({ kind: 'node', node: 'n2' });
  viewer.show(new FakeRun('simulated'));
  expect(viewer.selection).toEqual({ kind: 'node', node: 'n2' });
  viewer.select({ kind: 'message', message: 'n1#1', to: 'n2' });
  viewer.show(new FakeRun('simulated'));
  expect(viewer.selection).toBeUndefined();
});

test('what is made anew is not seen before it has come to the moment that is shown', () => {
  const viewer = finished();
  viewer.goTo(5);
  const { recording } = viewer;
  const anew = new FakeRun('simulated', 1, []);
  viewer.show(anew);
  viewer.holdAt(10);
  // Up to this moment the two runs are the same: the old picture is the right one.
  expect([viewer.recording, viewer.cursor]).toEqual([recording, { time: 10, step: 5 }]);
  expect(viewer.isCatchingUp).toBe(true);
  anew.append(trace().slice(0, 3));
  expect(viewer.cursor).toEqual({ time: 10, step: 5 });
  anew.append(trace().slice(3, 8));
  expect(viewer.isCatchingUp).toBe(false);
  expect(viewer.recording).not.toBe(recording);
  expect(viewer.cursor).toEqual({ time: 10, step: 5 });
});

test('whoever moves on does not wait for what is made anew', () => {
  const viewer = finished();
  viewer.goTo(5);
  const anew = new FakeRun('simulated', 1, trace().slice(0, 4));
  viewer.show(anew);
  viewer.holdAt(10);
  viewer.goTo(2);
  expect(viewer.cursor.step).toBe(2);
  anew.append(trace().slice(4));
  expect(viewer.cursor.step).toBe(2);
});

test('what has moved to disk of a long run is scrubbed back to, stepped through up to the present, and followed again', async () => {
  const record = new RunRecord('workers', 'talk', 1, () => {});
  record.plan(new FakeRun('workers').nodes);
  record.phase = 'running';
  const viewer = new Viewer(() => 0);
  viewer.show(record);
  const events = longTrace(170_000);
  for (let at = 0; at < events.length; at += 10_000) {
    expect(record.append(events.slice(at, at + 10_000))).toBe(true);
    expect(record.events.length).toBeLessThan(110_000);
  }
  onTestFinished(() => record.archive!.close());
  /** The event at the cursor: they are numbered. */
  const shown = async () => {
    await expect.poll(() => viewer.isReading, { timeout: 60_000 }).toBe(false);
    expect(viewer.problem).toBeUndefined();
    return viewer.recording.events[viewer.cursor.step - 1]?.sequence;
  };
  await expect.poll(() => viewer.recording.before).toBeGreaterThan(0);
  expect(await shown()).toBe(170_000);
  await record.archive!.settled();
  viewer.seek(100);
  expect(await shown()).toBe(1001);
  expect(viewer.following).toBe(false);
  viewer.goTo(viewer.recording.length);
  expect(await shown()).toBe(50_000);
  viewer.stepBy(1);
  expect(await shown()).toBe(50_001);
  viewer.stepBy(-1);
  viewer.toStart();
  viewer.seek(16_000);
  expect(await shown()).toBe(160_001);
  viewer.seek(3000);
  viewer.follow();
  expect(await shown()).toBe(170_000);
});
