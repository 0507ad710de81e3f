/** In the page of the bench of long runs: a run that is fed, and a viewer that follows it as the lab does. */

import type { TraceEvent } from '../src/core/trace.ts';
import { RunRecord } from '../src/lab/run-record.ts';
import { Viewer } from '../src/ui/stage/viewer.ts';

const NODES = 20;
const ids = Array.from({ length: NODES }, (_, index) => `n${index + 1}`);

const record = new RunRecord('workers', 'echo', 1, () => {});
record.plan(ids.map((id) => ({ id, neighbours: [], settings: {} })));
record.phase = 'running';
const viewer = new Viewer();
viewer.show(record);

let sent = 0;

/** A message of 2 000 a second: sent, delivered, and what its receiver then holds. */
function message(): TraceEvent[] {
  const i = sent++;
  const [node, to] = [ids[i % NODES]!, ids[(i * 7 + 3) % NODES]!];
  const time = i / 2;
  const named = { message: `${node}#${i}`, path: 'echo', type: `kind${i % 4}`, role: 'cast' };
  const common = { ...named, bytes: 100, sequence: i };
  return [
    { ...common, time, node, kind: 'send', to, body: { value: `value ${i}`, round: i } },
    { ...common, time, node: to, kind: 'deliver', from: node },
    { time, node: to, sequence: i, kind: 'state', path: 'echo', state: { heard: i, from: node } },
  ] as TraceEvent[];
}

/** Feeds so many messages, as fast as the disk takes them; says the longest that the page stood still, in milliseconds. */
async function feed(messages: number): Promise<number> {
  let longest = 0;
  for (let done = 0; done < messages;) {
    const beganMs = performance.now();
    const batch: TraceEvent[] = [];
    for (let i = 0; i < 100 && done < messages; i++, done++) batch.push(...message());
    if (!record.append(batch)) throw new Error('the disk does not keep pace');
    viewer.tick(performance.now());
    // The recorder tells its subscribers in a task of its own; that is measured with the next turn.
    await new Promise((resolve) => setTimeout(resolve));
    longest = Math.max(longest, performance.now() - beganMs);
    await record.archive?.settled();
  }
  return longest;
}

/** Looks at a moment; resolves with how long that took, in milliseconds, and whether the picture is that of the moment, or says that it is gone. */
async function look(part: number): Promise<{ readonly ms: number; readonly isRight: boolean }> {
  const beganMs = performance.now();
  const time = viewer.endTime * part;
  viewer.seek(time);
  while (viewer.isReading) await new Promise((resolve) => setTimeout(resolve, 1));
  const { recording, cursor } = viewer;
  const last = recording.events[cursor.step - 1]!;
  const stretch = record.archive?.stretches.find(({ toMs }) => time <= toMs);
  // The disk has a bound, too: what is older than the newest twelve million events is told to be gone.
  const isRight =
    stretch?.isLost === true
      ? viewer.problem !== undefined
      : Math.abs(last.time - time) < 1 && viewer.problem === undefined;
  return { ms: performance.now() - beganMs, isRight };
}

Object.assign(window, {
  longRun: { feed, look, follow: () => viewer.follow(), events: () => record.before },
});
