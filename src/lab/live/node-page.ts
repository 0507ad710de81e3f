/** `node.html`: a page without an interface that runs nodes for the program that drives the browser. */

import type { NodeId } from '../../core/id.ts';
import { messageOf } from '../../core/errors.ts';
import { fromHex } from '../../net/hex.ts';
import { roomKeysOf } from '../../net/rooms/room-key.ts';
import { peerServerAt } from '../../net/rtc/open-transport.ts';
import { SignalingClient } from '../../net/signaling/client.ts';
import { NearestHub } from '../../net/signaling/nearest-signaling.ts';
import { SealedSignaling } from '../../net/signaling/sealed-signaling.ts';
import type { FromWorker } from '../../runtime/live/worker-protocol.ts';
import { traceLine } from '../../runtime/trace-file.ts';
import { hostPinned, type PinnedNode } from './hosting.ts';
import { pageChapter } from '../page/page-chapters.ts';
import type { PageApi, PageJob, PageReport } from '../page/page-job.ts';
import { planOf } from '../run-spec.ts';
import { linkedOf } from '../link/plain-run.ts';
import { simulate } from '../simulate.ts';

declare global {
  interface Window {
    parleyPage: PageApi;
    /** Defined by the driver. */
    parleyReport?: (report: PageReport) => void;
  }
}

let nodes: readonly PinnedNode[] = [];
let tabs: NearestHub | undefined;

window.parleyPage = {
  async run(job: PageJob): Promise<void> {
    const { chapter } = await pageChapter(job.spec.algorithm);
    const { plan, pinnedKeys } = planOf(job.spec, chapter);
    const roomKey = job.roomKey === undefined ? undefined : fromHex(job.roomKey);
    const { link } = job.spec;
    nodes = await hostPinned(
      job.nodes,
      {
        spec: job.spec,
        plan,
        pinnedKeys,
        latecomers: new Set(job.latecomers),
        room: job.room,
        startedAtMs: performance.timeOrigin + performance.now(),
        startupDelayMs: job.startupDelayMs,
        trace: job.trace,
        ...(job.records === true ? { records: true } : {}),
        peerServer: peerServerAt(job.signalUrl),
        ...(link === undefined ? {} : { link }),
        ...(roomKey === undefined
          ? {}
          : { membershipKey: roomKeysOf(job.room, roomKey).membership }),
        ...(job.latencyMs === undefined ? {} : { latencyMs: job.latencyMs }),
        report: (node, message) => report(node, message),
      },
      () => {
        const options = { url: job.signalUrl };
        const client =
          job.meetsInTabs === true
            ? (tabs ??= new NearestHub(options)).connect()
            : new SignalingClient(options);
        return roomKey === undefined ? client : new SealedSignaling(client, roomKey);
      },
    );
    for (const { hosted, signaling } of nodes) {
      signaling.on('state', ({ state, error }) => {
        if (error !== undefined) problem(hosted.id, `${state}: ${messageOf(error)}`);
      });
    }
  },
  simulate(spec, latencyMs, timeoutMs) {
    const run = simulate(linkedOf(spec, latencyMs, timeoutMs));
    return new Promise((resolve, reject) => {
      const unsubscribe = run.subscribe(() => {
        if (run.phase !== 'ended') return;
        unsubscribe();
        if (run.result === undefined) reject(new Error(run.problem));
        else resolve(run.result);
      });
    });
  },
  stop(status, why): void {
    for (const { hosted } of nodes) hosted.stop(status, why);
  },
};

function report(node: NodeId, message: FromWorker): void {
  if (message.kind === 'log' || message.kind === 'status' || message.kind === 'ended') {
    tell({ node, ...message });
    // With a goodbye: a node whose connection only broke stays bound to its key, and the next run could not have it.
    if (message.kind === 'ended') nodes.find(({ hosted }) => hosted.id === node)?.signaling.close();
  } else if (message.kind === 'recording') tell({ node, ...message });
  else if (message.kind === 'linkOpen' || message.kind === 'linkClosed') {
    tell({ kind: 'link', node, to: message.node, isOpen: message.kind === 'linkOpen' });
  } else if (message.kind === 'problem') problem(node, message.text);
  else if (message.kind === 'trace') {
    // As the trace file prints them: what travels to the driver is JSON.
    tell({ kind: 'trace', events: message.events.map((event) => JSON.parse(traceLine(event))) });
  }
}

function problem(node: NodeId, text: string): void {
  tell({ kind: 'problem', node, text });
}

function tell(message: PageReport): void {
  window.parleyReport?.(message);
}
