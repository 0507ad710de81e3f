/** Live modes: a browser, pages with nodes, a signaling server, and somebody who waits for the end of it all. */

import { startSignalingServer } from '../../../signaling-server/server.ts';
import { resolveFaults } from '../../core/faults/resolve.ts';
import type { NodeId } from '../../core/id.ts';
import type { RunResult } from '../../core/result.ts';
import { nothingDone } from '../../core/result.ts';
import { summarize } from '../../lab/run-result.ts';
import { neverFired } from '../../runtime/faults/firings.ts';
import { linkPlanOf } from '../../runtime/link-plan.ts';
import type { RunPlan } from '../../runtime/plan.ts';
import { buildPage } from '../page/build-page.ts';
import type { PreparedRun } from '../run/prepare-run.ts';
import { toHex } from '../../net/hex.ts';
import { randomRoom } from '../lab/room-code.ts';
import type { RunLog } from '../run/run-log.ts';
import { runHeader } from '../trace/run-header.ts';
import { TraceWriter } from '../run/trace-writer.ts';
import { ViewsFile } from '../run/views-file.ts';
import { openBrowser } from './browser.ts';
import { LiveOutcome } from './live-outcome.ts';
import { groupsOf, NodePages } from './node-pages.ts';
import { RecordingWriter } from './recording-writer.ts';
import { SourceLines } from './source-lines.ts';
import {
  checkServer,
  DEFAULT_SIGNAL,
  namedRoom,
  PASSPHRASE_VARIABLE,
  signalAddress,
} from './signal-address.ts';
import { INTERRUPTED, Supervisor } from './supervisor.ts';

/** Runs until all nodes of this command have ended, time is over, or `signal` is aborted. */
export async function runLive(
  prepared: PreparedRun,
  log: RunLog,
  signal: AbortSignal,
): Promise<RunResult> {
  const { request, plan, located } = prepared;
  const meeting = await meetingOf(prepared);
  const trace =
    request.traceFile === undefined
      ? undefined
      : new TraceWriter(request.traceFile, runHeader(prepared));
  const { viewsFile } = request;
  const views = viewsFile === undefined ? undefined : new ViewsFile(viewsFile, located.chapter);
  const nodes = request.mode === 'network' ? [request.id!] : plan.nodes.map(({ id }) => id);
  const { recordTo } = request;
  const recording =
    recordTo === undefined ? undefined : new RecordingWriter(recordTo, nodes, prepared);
  const cleanup: (() => Promise<unknown>)[] = [];
  try {
    const stage = { nodes, recording, log, signal, cleanup };
    const outcome = await happen(prepared, meeting, stage);
    for (const event of outcome.trace()) {
      trace?.add(event);
      views?.add(event);
    }
    return resultOf(prepared, outcome, signal);
  } finally {
    trace?.finish();
    views?.close();
    recording?.finish();
    for (const close of cleanup.toReversed()) await close();
  }
}

/** Where the nodes meet; the address is undefined for a server of the run's own. */
interface Meeting {
  readonly room: string;
  /** Of a closed room. */
  readonly roomKey: Uint8Array | undefined;
  readonly signalUrl: string | undefined;
}

async function meetingOf({ request, room }: PreparedRun): Promise<Meeting> {
  const isNetwork = request.mode === 'network';
  const signal = request.signal ?? (isNetwork ? DEFAULT_SIGNAL : undefined);
  const isShared = isNetwork || request.room !== undefined;
  const { code, key } = await namedRoom(
    isShared ? room : randomRoom(),
    process.env[PASSPHRASE_VARIABLE],
  );
  return {
    room: code,
    roomKey: key,
    signalUrl: signal === undefined ? undefined : signalAddress(signal),
  };
}

/** What a run happens with. */
interface Stage {
  readonly nodes: readonly NodeId[];
  readonly recording: RecordingWriter | undefined;
  readonly log: RunLog;
  readonly signal: AbortSignal;
  /** What has to be closed in the end, the last first. */
  readonly cleanup: (() => Promise<unknown>)[];
}

async function happen(
  prepared: PreparedRun,
  { room, roomKey, signalUrl }: Meeting,
  { nodes, recording, log, signal, cleanup }: Stage,
): Promise<LiveOutcome> {
  const { request, spec, plan, located } = prepared;
  if (signalUrl !== undefined) await checkServer(signalUrl);
  const { userModule } = located;
  // Without modules of the user it is the page that is there anyway.
  const contents =
    userModule === undefined ? {} : { userModules: [userModule], only: 'nodes' as const };
  const staticRoot = await buildPage(contents, (text) => log.note(text));
  const server = await startSignalingServer({ port: 0, host: '127.0.0.1', staticRoot });
  cleanup.push(() => server.close());
  const browser = await openBrowser();
  cleanup.push(() => browser.close());

  const lines = new SourceLines(staticRoot);
  const outcome = new LiveOutcome(nodes, log, (text) => lines.resolve(text));
  const groups = groupsOf(nodes, request.usesTabs);
  const pages = await NodePages.open(browser, `http://localhost:${server.port}/node.html`, groups, {
    report: (report) => {
      if (report.kind === 'recording') recording?.add(report.node, report.lines);
      else outcome.take(report);
    },
    trouble: (troubled, kind, text) => {
      for (const id of troubled) {
        if (kind === 'failed') outcome.fail(id, text);
        else outcome.end(id, nothingDone('departed', text));
      }
    },
    remark: (text) => log.warn(text),
  });
  if (signal.aborted) {
    for (const id of nodes) outcome.end(id, nothingDone('stopped', INTERRUPTED));
    return outcome;
  }
  log.note(`${describe(nodes, groups.length)}; ${meetingPoint(room, signalUrl)}`);
  const supervisor = new Supervisor(outcome, pages, log, signal);
  const { timeoutMs, serviceMs } = request;
  const isService = plan.algorithm.definition.service;
  supervisor.begin({ timeoutMs, serviceMs: isService ? serviceMs : undefined });
  await pages.run({
    spec,
    room,
    signalUrl: signalUrl ?? signalAddress(`localhost:${server.port}`),
    ...(roomKey === undefined ? {} : { roomKey: toHex(roomKey) }),
    startupDelayMs: request.startupDelayMs,
    trace: request.traceFile !== undefined || request.viewsFile !== undefined,
    records: recording !== undefined,
    ...(request.latencyMs === undefined ? {} : { latencyMs: request.latencyMs }),
  });
  supervisor.nodesAreUp();
  const lastLinks = linkPlanOf(plan).isChosen ? watchLinks(outcome) : undefined;
  await supervisor.end();
  if (lastLinks !== undefined) log.note(lastLinks());
  return outcome;
}

/** How the links came and went while all nodes ran; what they do when they end is another matter. */
function watchLinks(outcome: LiveOutcome): () => string {
  let beganMs: number | undefined;
  let last = '';
  void outcome.running.then(() => {
    beganMs = outcome.elapsedMs;
    outcome.links.reset();
  });
  const timer = setInterval(() => {
    if (beganMs === undefined || outcome.isEnding) return;
    const { opened, closed, mean, most } = outcome.links.counts;
    const minutes = (outcome.elapsedMs - beganMs) / 60_000;
    // Both ends of a link report it.
    const rate = (count: number) => (count / 2 / minutes).toFixed(0);
    last = `links: ${mean.toFixed(1)} a node, ${most} at most; ${rate(opened)} opened and ${rate(closed)} closed a minute`;
  }, LINKS_LOOKED_AT_MS);
  return () => {
    clearInterval(timer);
    return last === '' ? 'links: the run was too short to count them' : last;
  };
}

/** Milliseconds between two looks at the links. */
const LINKS_LOOKED_AT_MS = 500;

function describe(nodes: readonly NodeId[], pages: number): string {
  if (nodes.length === 1) return `node ${nodes[0]} in a headless browser`;
  return `${nodes.length} nodes in ${pages} ${pages === 1 ? 'page' : 'pages'} of a headless browser`;
}

function meetingPoint(room: string, signalUrl: string | undefined): string {
  return signalUrl === undefined ? `room ${room}` : `room ${room} at ${signalUrl}`;
}

function resultOf(
  { request, spec, plan }: PreparedRun,
  outcome: LiveOutcome,
  signal: AbortSignal,
): RunResult {
  const result = summarize(
    {
      algorithm: plan.algorithm.definition.name,
      mode: request.mode,
      format: spec.format,
      seed: spec.seed,
      elapsed_ms: Math.round(outcome.elapsedMs),
      virtual_ms: null,
      trace_sha256: null,
      problems: unfired(plan, outcome),
      ...(plan.breaks === undefined ? {} : { breaks: plan.breaks }),
      ...(outcome.faultsFired === undefined ? {} : { faults_fired: outcome.faultsFired }),
    },
    outcome.results,
  );
  return { ...result, ok: result.ok && !signal.aborted };
}

/** What is wrong when faults that were expected never fired, at any node of this command. */
function unfired({ faults, nodes, seed }: RunPlan, outcome: LiveOutcome): readonly string[] {
  if (faults === undefined) return [];
  const ids = nodes.map(({ id }) => id);
  const { expected } = resolveFaults(faults, ids, seed);
  const missing = expected.filter((kind) => (outcome.faultsFired?.[kind] ?? 0) === 0);
  const problem = neverFired(missing, outcome.elapsedMs);
  return problem === undefined ? [] : [problem];
}
