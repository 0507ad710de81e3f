/** What a browser does while a page plays, by kind of work, from its own trace. */

import type { CDPSession } from 'playwright';

/** Processor milliseconds by kind of work. All but the last two are the page's main thread, and together all of it. */
export interface FrameCosts {
  readonly script: number;
  readonly style: number;
  readonly layout: number;
  /** Finding out what changed, recording it, and handing it to the compositor. */
  readonly paint: number;
  /** Turning what was drawn on canvases into pixels: without a graphics card the main thread does it. */
  readonly canvas: number;
  readonly rest: number;
  /** Turning everything else into pixels, on threads of its own. */
  readonly raster: number;
  /** Putting layers together: the page's compositor, and the process that draws the screen. */
  readonly compositor: number;
}

type Kind = keyof FrameCosts;

/** Names of the browser's trace. What is not here (a frame) only holds others. */
const KINDS: { readonly [name: string]: Kind } = {
  FireAnimationFrame: 'script',
  FunctionCall: 'script',
  RunMicrotasks: 'script',
  TimerFire: 'script',
  EventDispatch: 'script',
  ResizeObserverController: 'script',
  MinorGC: 'script',
  MajorGC: 'script',
  'V8.GC_MARK_COMPACTOR': 'script',
  UpdateLayoutTree: 'style',
  Layout: 'layout',
  PrePaint: 'paint',
  Paint: 'paint',
  Layerize: 'paint',
  Commit: 'paint',
  'PaintArtifactCompositor::Update': 'paint',
  'LayerTreeHost::DoUpdateLayers': 'canvas',
  'Canvas2DResourceProvider::ProduceCanvasResource': 'canvas',
  'ThreadControllerImpl::RunTask': 'rest',
};

/** Threads whose every task is work of one kind. */
const THREADS: { readonly [name: string]: Kind } = {
  ThreadPoolForegroundWorker: 'raster',
  Compositor: 'compositor',
  VizCompositorThread: 'compositor',
};

interface TraceRecord {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of the thread's processor time, at the beginning and how many. */
  readonly tts?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Traces `session`'s page while `act` goes on. */
export async function tracedCosts<T>(
  session: CDPSession,
  act: () => Promise<T>,
): Promise<{ readonly result: T; readonly costs: FrameCosts }> {
  const records: TraceRecord[] = [];
  session.on('Tracing.dataCollected', ({ value }) => {
    records.push(...(value as unknown as TraceRecord[]));
  });
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', 'devtools.timeline', 'v8', 'cc', 'blink'] },
  });
  const result = await act();
  const complete = new Promise<void>((resolve) => {
    session.once('Tracing.tracingComplete', () => resolve());
  });
  await session.send('Tracing.end');
  await complete;
  return { result, costs: costsOf(records) };
}

/** Each moment counts for the innermost thing that goes on. */
function costsOf(records: readonly TraceRecord[]): FrameCosts {
  const names = new Map<string, string>();
  for (const { ph, name, pid, tid, args } of records) {
    if (ph === 'M' && name === 'thread_name') names.set(`${pid} ${tid}`, args?.name ?? '');
  }
  const costs = {
    ...{ script: 0, style: 0, layout: 0, paint: 0, canvas: 0, rest: 0 },
    ...{ raster: 0, compositor: 0 },
  };
  const threads = new Map<string, TraceRecord[]>();
  for (const record of records) {
    if (record.ph !== 'X' || record.tdur === undefined) continue;
    const thread = `${record.pid} ${record.tid}`;
    const all = threads.get(thread);
    if (all === undefined) threads.set(thread, [record]);
    else all.push(record);
  }
  for (const [thread, all] of threads) {
    const name = names.get(thread) ?? '';
    const kind = THREADS[name];
    if (name === 'CrRendererMain') addMain(all, costs);
    else if (kind !== undefined) costs[kind] += timeOf(all);
  }
  return costs;
}

/** Milliseconds of the tasks of a thread; what goes on inside of another is that one's. */
function timeOf(all: readonly TraceRecord[]): number {
  let total = 0;
  let end = 0;
  for (const { tts, tdur } of all.toSorted((a, b) => a.tts! - b.tts! || b.tdur! - a.tdur!)) {
    if (tts! < end) continue;
    total += tdur! / 1000;
    end = tts! + tdur!;
  }
  return total;
}

function addMain(all: readonly TraceRecord[], costs: Record<Kind, number>): void {
  const known = all
    .filter(({ name }) => name in KINDS)
    .toSorted((a, b) => a.tts! - b.tts! || b.tdur! - a.tdur!);
  const open: { readonly kind: Kind; readonly end: number }[] = [];
  for (const { name, tts, tdur } of known) {
    while (open.length > 0 && open.at(-1)!.end <= tts!) open.pop();
    const kind = KINDS[name]!;
    const outer = open.at(-1);
    if (outer !== undefined) costs[outer.kind] -= tdur! / 1000;
    costs[kind] += tdur! / 1000;
    open.push({ kind, end: tts! + tdur! });
  }
}
