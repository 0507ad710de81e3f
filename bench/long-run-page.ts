/** In the page of the bench of long runs: a run that is fed, and a viewer that follows it as the lab does. */

import type { TraceEvent } from '../src/core/trace.ts';
import { LiveCollector } from '../src/lab/live/live-run.ts';
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

/** What {@link runLive} has a worker do. */
interface Reports {
  readonly nodes: readonly string[];
  readonly messagesPerSecond: number;
  /** Milliseconds from one report of all nodes to the next. */
  readonly everyMs: number;
}

/**
 * A run whose events come from a worker, as those of live nodes do, each node's by itself and every 50 ms. Resolves with how many came in so
 * many seconds.
 */
async function runLive(messagesPerSecond: number, seconds: number): Promise<number> {
  const live = new RunRecord('workers', 'echo', 1, () => {});
  live.plan(record.nodes);
  const spec = { runId: '', algorithm: 'echo', config: '', configFile: '', strict: false } as const;
  const collector = new LiveCollector(live, { ...spec, format: 'json', seed: 1 }, 'local', ids, 0);
  live.phase = 'running';
  viewer.show(live);
  const text = `(${String(reportFor)})(${JSON.stringify({ nodes: ids, messagesPerSecond, everyMs: 50 })})`;
  const address = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const worker = new Worker(address);
  worker.onmessage = ({ data }: MessageEvent<{ node: string; events: TraceEvent[] }>) =>
    collector.report(data.node, { kind: 'trace', events: data.events });
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  worker.terminate();
  URL.revokeObjectURL(address);
  return live.before + live.events.length;
}

/** In a worker: says again and again what every node sent, heard and then held. */
function reportFor({ nodes, messagesPerSecond, everyMs }: Reports): void {
  const beganMs = performance.now();
  let sent = 0;
  setInterval(() => {
    const due = ((performance.now() - beganMs) * messagesPerSecond) / 1000;
    const events = new Map<string, object[]>(nodes.map((node) => [node, []]));
    for (; sent < due; sent++) {
      const [node, to] = [nodes[sent % nodes.length]!, nodes[(sent * 7 + 3) % nodes.length]!];
      const time = (sent * 1000) / messagesPerSecond;
      const named = { message: `${node}#${sent}`, path: 'echo', type: `kind${sent % 4}` };
      const common = { ...named, role: 'cast', bytes: 100, sequence: sent, time };
      const body = { value: `value ${sent}`, round: sent };
      events.get(node)!.push({ ...common, node, kind: 'send', to, body });
      const state = { heard: sent, from: node };
      events
        .get(to)!
        .push(
          { ...common, node: to, kind: 'deliver', from: node },
          { time, node: to, sequence: sent, kind: 'state', path: 'echo', state },
        );
    }
    for (const [node, list] of events) if (list.length > 0) postMessage({ node, events: list });
  }, everyMs);
}

Object.assign(window, {
  longRun: { feed, look, runLive, follow: () => viewer.follow(), events: () => record.before },
});
