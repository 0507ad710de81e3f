/** A live run inside this page: one worker a node, real data channels between them, no server. */

import type { NodeId } from '../../core/id.ts';
import { messageOf } from '../../core/errors.ts';
import type { LocalHub } from '../../net/signaling/hub.ts';
import type { PinnedNode } from './hosting.ts';
import { handsOn } from './live-hands.ts';
import { LiveCollector, SERVICE_MS } from './live-run.ts';
import { pageChapter } from '../page/page-chapters.ts';
import { RunRecord, runNodes } from '../run-record.ts';
import type { RunSpec } from '../run-spec.ts';
import type { Run } from '../run.ts';

/** Starts a run in workers. */
export function runInWorkers(spec: RunSpec, timeoutMs: number): Run {
  let hub: LocalHub | undefined;
  const room = `page-${spec.runId}`;
  let nodes: readonly PinnedNode[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wasStopped = false;
  const stopAll = (status: 'stopped' | 'timeout', why?: string) => {
    for (const { hosted } of nodes) hosted.stop(status, why);
  };
  const record = new RunRecord('workers', spec.algorithm, spec.seed, () => {
    wasStopped = true;
    stopAll('stopped', 'the run was ended');
  });
  const close = () => {
    clearTimeout(timer);
    for (const { hosted, signaling } of nodes) {
      hosted.close();
      signaling.close();
    }
    hub?.close();
    void import('../identity.ts').then(({ forgetRoom }) => forgetRoom(room));
  };
  void (async () => {
    const [{ chapter }, { planOf }, { hostPinned }, net] = await Promise.all([
      pageChapter(spec.algorithm),
      import('../run-spec.ts'),
      import('./hosting.ts'),
      import('../../net/signaling/hub.ts'),
    ]);
    const { plan } = planOf(spec, chapter);
    record.plan(runNodes(plan.nodes));
    const ids = plan.nodes.map(({ id }) => id);
    const startedAtMs = performance.timeOrigin + performance.now();
    const collector = new LiveCollector(record, spec, 'local', ids, startedAtMs);
    record.hands = handsOn(spec.runId, {
      nodes: () => new Map(nodes.map(({ hosted }, index) => [ids[index]!, hosted])),
      nowMs: () => performance.timeOrigin + performance.now() - startedAtMs,
      events: (events) => collector.events(events),
      changed: () => record.changed(),
    });
    const report = (node: NodeId, message: Parameters<LiveCollector['report']>[1]) => {
      collector.report(node, message);
      if (collector.isComplete) close();
    };
    const hosting = { spec, plan, room, startedAtMs, startupDelayMs: 0, trace: true, report };
    const local = new net.LocalHub();
    hub = local;
    nodes = await hostPinned(ids, hosting, () => local.connect());
    if (wasStopped) stopAll('stopped', 'the run was ended');
    const isService = chapter.algorithm.definition.service;
    timer = setTimeout(
      () => stopAll(isService ? 'stopped' : 'timeout'),
      isService ? SERVICE_MS : timeoutMs,
    );
  })().catch((error: unknown) => {
    close();
    record.end(undefined, messageOf(error));
  });
  return record;
}
