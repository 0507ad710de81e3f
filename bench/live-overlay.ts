/**
 * A live overlay on this machine: thirty nodes in four pages of one Chromium, with views of five. How long until all of them run, and until their
 * views are as random as those of the engine's network at rest; how many links they have, how often these come and go, and what a node
 * sends and hears at rest. PARLEY_BENCH_NODES and PARLEY_BENCH_SECONDS change the size.
 */

import { startSignalingServer } from '../signaling-server/server.ts';
import { chapter as basalt } from '../src/algorithms/basalt/index.ts';
import { chapter as gbps } from '../src/algorithms/gbps/index.ts';
import { chapter as hyparview } from '../src/algorithms/hyparview/index.ts';
import type { Chapter } from '../src/core/chapter.ts';
import type { OverlayOptions } from '../src/lab/overlay/overlay-spec.ts';
import { buildPage } from '../src/cli/page/build-page.ts';
import { LinkTally } from '../src/lab/live/link-tally.ts';
import { groupsOf } from '../src/cli/live/node-pages.ts';
import { LiveRun } from '../tests/support/live-run.ts';
import { launchChromium } from '../tests/support/launch-chromium.ts';
import { isAtRest, LiveViews, restFrom, restOf, type Rest, type Shape } from './live-views.ts';

const NODES = Number(process.env['PARLEY_BENCH_NODES'] ?? 30);
const SECONDS = Number(process.env['PARLEY_BENCH_SECONDS'] ?? 20);
/** After all of them run, until what is measured is rest. */
const SETTLE_MS = 5_000;
const PATIENCE_MS = 180_000;

/** The views are looked at so often. */
const LOOK_MS = 100;

interface Sampler {
  readonly chapter: Chapter;
  readonly settings: string;
  /** The same for the engine. */
  readonly engine: OverlayOptions;
}

const SAMPLERS: Readonly<Record<string, Sampler>> = {
  hyparview: {
    chapter: hyparview,
    settings: 'active_size: 5, passive_size: 30, delay: 10',
    engine: { sampler: 'hyparview', viewSize: 5 },
  },
  gbps: {
    chapter: gbps,
    settings: 'view_size: 6, heal: 1, swap: 2, selection_policy: rand, delay: 2',
    engine: { sampler: 'gbps', viewSize: 6, heal: 1, swap: 2, selection: 'rand' },
  },
  basalt: {
    chapter: basalt,
    settings: 'view_size: 5, refresh: 1, delay: 2',
    engine: { sampler: 'basalt', viewSize: 5, refresh: 1 },
  },
};

/** Runs and prints. */
export async function bench(): Promise<void> {
  const staticRoot = await buildPage({}, (text) => console.error(`  ${text}`));
  const server = await startSignalingServer({ port: 0, host: '127.0.0.1', staticRoot });
  const browser = await launchChromium({});
  try {
    for (const [algorithm, sampler] of Object.entries(SAMPLERS)) {
      const ids = Array.from({ length: NODES }, (_, i) => `n${i + 1}`);
      // Whom a node knows at the start: the next three, so that nobody is everybody's door.
      const config = ids
        .map((id, i) => {
          const known = [1, 2, 3].map((next) => ids[(i + next) % NODES]!);
          return `${id}: { ${sampler.settings}, bootnodes: [${known.join(', ')}] }\n`;
        })
        .join('');
      const options = { algorithm, config, patienceMs: PATIENCE_MS, traces: true };
      const run = new LiveRun(options, `localhost:${server.port}`, await browser.newContext());
      console.log(`  ${algorithm}: ${await measure(run, ids, sampler)}`);
    }
  } finally {
    await browser.close();
    await server.close();
  }
}

async function measure(
  run: LiveRun,
  ids: readonly string[],
  { chapter, engine }: Sampler,
): Promise<string> {
  const links = new LinkTally();
  const views = new LiveViews(chapter, ids);
  const rest = restOf({ ...engine, nodes: ids.length });
  const began = performance.now();
  const groups = groupsOf(ids, false);
  const pages = await Promise.all(groups.map(() => run.openTab()));
  await Promise.all(groups.map((nodes, at) => run.start(pages[at]!, ...nodes)));
  const running = new Set<string>();
  let [counted, firstMs, allMs] = [0, 0, 0];
  const count = () => {
    for (; counted < run.reports.length; counted++) {
      const one = run.reports[counted]!;
      if (one.kind === 'trace') for (const event of one.events) views.take(event);
      if (one.kind === 'link') links.note(one.node, one.to, one.isOpen);
      if (one.kind !== 'status' || one.status !== 'running' || running.has(one.node)) continue;
      running.add(one.node);
      if (running.size === 1) firstMs = performance.now();
      if (running.size === ids.length) allMs = performance.now();
    }
  };
  await run.until('all nodes to run', () => {
    count();
    return running.size === ids.length || undefined;
  });
  let randomMs: number | undefined;
  const shapes: Shape[] = [];
  const lookFor = async (ms: number, see: (shape: Shape) => unknown) => {
    for (const until = performance.now() + ms; performance.now() < until;) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      count();
      const shape = views.shape();
      if (shape === undefined) continue;
      if (isAtRest(shape, rest)) randomMs ??= performance.now();
      see(shape);
    }
  };
  await lookFor(SETTLE_MS, () => {});
  links.reset();
  const from = performance.now();
  await lookFor(SECONDS * 1000, (shape) => shapes.push(shape));
  const minutes = (performance.now() - from) / 60_000;
  const { opened, closed, mean, most } = links.counts;
  const parts = ids.length - reached(links, ids);
  await run.stop('stopped');
  const results = Object.values(await run.results(ids));
  await run.close();
  const wholeSeconds = (performance.now() - allMs) / 1000;
  const sum = (of: (result: (typeof results)[number]) => number) =>
    results.reduce((all, result) => all + of(result), 0) / ids.length / wholeSeconds;
  return (
    `the first runs after ${seconds(firstMs - began)}, all ${seconds(allMs - firstMs)} later, ` +
    `with views of a random graph ${randomMs === undefined ? 'never' : `after another ${seconds(randomMs - allMs)}`}; ` +
    `then ${printed(restFrom(shapes))}, in the engine ${printed(rest)}; ` +
    `${mean.toFixed(1)} links a node, ${most} at most, ` +
    `${parts} nodes apart; ${(opened / 2 / minutes / ids.length).toFixed(1)} opened and ` +
    `${(closed / 2 / minutes / ids.length).toFixed(1)} closed a node and minute; ` +
    `${sum((one) => one.messages_sent).toFixed(1)} messages and ${sum((one) => one.bytes_received).toFixed(0)} bytes a node and second`
  );
}

function printed({ mean, sd }: Rest): string {
  const figure = (key: keyof Shape) => `${mean[key].toFixed(2)} ± ${sd[key].toFixed(2)}`;
  return `clustering ${figure('clustering')} and in-degree sd ${figure('sd')}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** How many the first can reach over links, itself included. */
function reached(links: LinkTally, ids: readonly string[]): number {
  const met = new Set(ids.slice(0, 1));
  // A set that grows while it is walked is walked to its end.
  for (const id of met) for (const to of links.of(id)) met.add(to);
  return met.size;
}
