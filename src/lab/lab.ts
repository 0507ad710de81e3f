/** The application without pixels, for a page: chapters, runs and rooms. */

import { ConfigError, type ConfigProblem } from '../core/config/config-error.ts';
import { withChosenLayers } from '../core/config/chosen-layers.ts';
import { loadConfig } from '../core/config/load-config.ts';
import { stringify } from 'yaml';
import type { Bug } from '../core/bug.ts';
import type { Faults } from '../core/faults/faults.ts';
import { loadFaults } from '../core/faults/load-faults.ts';
import type { Chapter } from '../core/chapter.ts';
import { toHex } from '../net/hex.ts';
import { peerServerAt } from '../net/rtc/open-transport.ts';
import { NearestHub } from '../net/signaling/nearest-signaling.ts';
import { signalingUrl } from '../net/signaling/protocol.ts';
import type {
  BugEntry,
  ChapterEntry,
  Diagnostic,
  HuntRequest,
  HuntResult,
  LabService,
  ReadFaults,
  RunRequest,
  SimulationRequest,
} from './lab-service.ts';
import { laterHost } from './later-host.ts';
import { openLink } from './link/open-link.ts';
import {
  pageChapter,
  pageChapterNames,
  pageConfig,
  pageSourceHash,
  pageSources,
} from './page-chapters.ts';
import { RoomDoor } from './room/room-door.ts';
import { rememberedName, thisPageIn } from './room/this-room-page.ts';
import { runInWorkers } from './run-in-workers.ts';
import { algorithmHash } from './room/algorithm-hash.ts';
import type { LinkedRun } from './link/linked-run.ts';
import { linkedOf } from './link/plain-run.ts';
import { writeRunLink } from './link/run-link.ts';
import type { Run } from './run.ts';
import type { RunSpec } from './run-spec.ts';
import { runIdFrom } from './run-id.ts';
import { SyntaxProblem } from './edited/edited-code.ts';
import { openSandbox } from './edited/sandbox.ts';
import { openWorker, simulate, type SimulationHost } from './simulate.ts';

/** What `<parley-app>` works with. */
export function createLab(): LabService {
  const url = signalingUrl(location.href);
  const hub = new NearestHub({ url });
  const door = new RoomDoor({
    connect: () => hub.connect(),
    linkTo: async (fragment) => `${await originForOthers()}${location.pathname}${fragment}`,
    inRoom: (code) => thisPageIn(code, peerServerAt(url)),
    get memberName() {
      return rememberedName();
    },
  });
  return {
    chapters: async () => Promise.all((await pageChapterNames()).map(entryOf)),
    checkConfig: async (algorithm, config) => diagnose(algorithm, config),
    sources: pageSources,
    readFaults,
    checkSource,
    simulate: (request) => {
      const { latencyMs, timeoutSeconds, edits } = request;
      return simulateEdited(
        linkedOf(simulatedSpec(request), latencyMs, timeoutSeconds * 1000),
        edits,
      );
    },
    repeat: simulateEdited,
    hunt: huntFor,
    pageOf,
    shareRun,
    openLink: (link) => openLink(link, simulateEdited),
    runInWorkers: (request) => runInWorkers(specOf(request), request.timeoutSeconds * 1000),
    createRoom: (options) => door.create(options),
    joinRoom: (address, options) => door.join(address, options),
    get memberName() {
      return rememberedName();
    },
  };
}

async function entryOf(reference: string): Promise<ChapterEntry> {
  const { chapter } = await pageChapter(reference);
  const {
    title,
    summary,
    subject,
    scenarios,
    view,
    measures,
    algorithm,
    faults,
    bugs = [],
  } = chapter;
  const messages = [...messageTypes(algorithm.definition)];
  return {
    name: reference,
    title,
    summary,
    ...(subject === undefined ? {} : { subject }),
    config: pageConfig(reference) ?? scenarios[0]?.config ?? '',
    scenarios: scenarios.map(({ name, story, config, latencyMs, timeoutSeconds }) => ({
      name,
      story,
      config,
      ...(latencyMs === undefined ? {} : { latencyMs }),
      ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    })),
    faults: yamlOf(faults),
    bugs: bugs.map((bug) => bugEntry(bug, chapter)),
    messageTypes: messages,
    ...(measures === undefined ? {} : { measures }),
    ...(view === undefined ? {} : { view }),
  };
}

function bugEntry({ name, title, story, violates, seeds, shows }: Bug, chapter: Chapter): BugEntry {
  const { config, latencyMs, timeoutSeconds, faults = chapter.faults } = shows;
  return {
    ...{ name, title, story, violates, seeds, config: config.trimStart(), faults: yamlOf(faults) },
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
  };
}

function yamlOf(faults: Faults | undefined): string {
  return faults === undefined ? '' : stringify(faults, { lineWidth: 0 });
}

type AnyDefinition = Awaited<ReturnType<typeof pageChapter>>['chapter']['algorithm']['definition'];

/** Messages of an algorithm and of the layers below it, in the order of their records. */
function* messageTypes({ messages, children }: AnyDefinition): Iterable<string> {
  yield* Object.keys(messages);
  for (const child of Object.values(children)) yield* messageTypes(child.definition);
}

async function diagnose(algorithm: string, config: string): Promise<readonly Diagnostic[]> {
  const { chapter } = await pageChapter(algorithm);
  const problems = (() => {
    try {
      const file = 'configuration';
      const { definition } = withChosenLayers(chapter.algorithm, config, file);
      return loadConfig(config, definition, { file }).warnings;
    } catch (error) {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    }
  })();
  return diagnosticsOf(problems);
}

async function checkSource(file: string, text: string): Promise<readonly Diagnostic[]> {
  const { javascriptOf } = await import('./edited/compile.ts');
  try {
    javascriptOf(file, text);
    return [];
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    const { message, line, column } = error;
    const place = { line, column, endLine: line, endColumn: column + 1 };
    return [{ severity: 'error', message, ...place }];
  }
}

/** Failing runs that are made small; the shortest of them is shown. */
const FOUND_MAX = 3;
/** Runs that making one failure small may cost. */
const SHRINK_RUNS = 400;

async function huntFor(
  request: SimulationRequest,
  { seeds, anyOrder, signal, onProgress }: HuntRequest,
): Promise<HuntResult> {
  const { algorithm, latencyMs, timeoutSeconds } = request;
  const { definition } = (await pageChapter(algorithm)).chapter.algorithm;
  const linked = linkedOf(simulatedSpec(request), latencyMs, timeoutSeconds * 1000);
  const { seed: _seed, runId: _runId, ...run } = linked;
  const hash = algorithmHash(definition, pageSourceHash(algorithm));
  const { hunt } = await import('./explore/hunt.ts');
  const result = await hunt({
    exploration: {
      run: { ...run, hash, ...(anyOrder ? { schedule: { kind: 'walk' as const } } : {}) },
      ...{ shrinkRuns: SHRINK_RUNS, continuations: 0 },
      lab: `${await originForOthers()}${location.pathname}`,
    },
    ...{ seeds, failuresMax: FOUND_MAX, signal, onProgress },
  });
  const found = result.failures.map(({ seed, property, detail, events, minimal }) => ({
    ...{ seed, property, detail, events, smallEvents: minimal.events },
    ...{ nodes: minimal.nodes, choices: minimal.choices, link: minimal.link },
  }));
  const { seeds: done, stuck, isPartial } = result;
  const shortest = found.toSorted((a, b) => a.smallEvents - b.smallEvents);
  return { seeds: done, found: shortest, stuck, isPartial };
}

async function pageOf(run: Run): Promise<string> {
  const [{ pageCode }, { htmlExport }, { runPage }] = await Promise.all([
    import('virtual:parley-trace-page'),
    import('./trace/html-export.ts'),
    import('./trace/run-page.ts'),
  ]);
  const { chapter } = await pageChapter(run.algorithm);
  return runPage(run, chapter.title, (title, facts) => htmlExport(title, facts, pageCode));
}

function simulateEdited(linked: LinkedRun, edits?: Readonly<Record<string, string>>): Run {
  const { algorithm, source } = linked;
  if (source !== undefined) return simulate(linked, openForeign(algorithm, source));
  return simulate(linked, edits === undefined ? openWorker() : openEdited(algorithm, edits));
}

/** An algorithm that came in a link: one module, in a sandbox. */
function openForeign(algorithm: string, text: string): SimulationHost {
  return laterHost(async () => {
    const { compile } = await import('./edited/compile.ts');
    const name = algorithm
      .split('#')[0]!
      .split('/')
      .at(-1)!
      .replace(/(\.ts)?$/, '.ts');
    return openSandbox(compile('src/algorithms/foreign', [{ name, text }]));
  });
}

/** The same request is the same run, event by event, so its id follows from it. */
function simulatedSpec(request: SimulationRequest): RunSpec {
  const { algorithm, config, seed, format, breaks = [] } = request;
  return {
    ...specOf(request),
    runId: runIdFrom([`${seed}`, config, algorithm, ...breaks, format]),
  };
}

async function shareRun({ linked, result }: Run): Promise<string> {
  if (linked === undefined) throw new Error('Only a simulated run can be sent as a link.');
  const { definition } = (await pageChapter(linked.algorithm)).chapter.algorithm;
  const { violation, trace_sha256: trace } = result ?? {};
  const sent: LinkedRun = {
    ...linked,
    hash: algorithmHash(definition, pageSourceHash(linked.algorithm)),
    ...(violation === undefined ? {} : { property: violation.invariant }),
    ...(trace === undefined || trace === null ? {} : { trace }),
  };
  return writeRunLink(sent, `${await originForOthers()}${location.pathname}`);
}

/** Files that were edited, in a sandbox: it opens as soon as they are compiled. */
function openEdited(algorithm: string, edits: Readonly<Record<string, string>>): SimulationHost {
  return laterHost(async () => {
    const [{ compile }, own] = await Promise.all([
      import('./edited/compile.ts'),
      pageSources(algorithm),
    ]);
    const files = own.map(({ name, text }) => ({ name, text: edits[name] ?? text }));
    return openSandbox(compile(`src/algorithms/${algorithm}`, files));
  });
}

async function readFaults(
  algorithm: string,
  config: string,
  text: string,
  seed: number,
): Promise<ReadFaults> {
  if (text.trim() === '') return { faults: undefined };
  const { chapter } = await pageChapter(algorithm);
  try {
    const file = 'configuration';
    const { definition } = withChosenLayers(chapter.algorithm, config, file);
    const { nodes } = loadConfig(config, definition, { file });
    const ids = nodes.map(({ id }) => id);
    return { faults: loadFaults(text, { file: 'faults', nodes: ids, seed }) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // Faults speak of the nodes: where the configuration is wrong, it is the configuration that says so.
    const own = error.problems.filter(({ file }) => file === 'faults');
    return own.length === 0 ? { faults: undefined } : { diagnostics: diagnosticsOf(own) };
  }
}

function diagnosticsOf(problems: readonly ConfigProblem[]): readonly Diagnostic[] {
  return problems.map(({ severity, message, suggestion, line, column, endLine, endColumn }) => ({
    severity,
    message: suggestion === undefined ? message : `${message} (did you mean '${suggestion}'?)`,
    line,
    column,
    endLine: endLine ?? line,
    endColumn: endColumn ?? column + 1,
  }));
}

function specOf(request: RunRequest): RunSpec {
  const { algorithm, config, seed, format, frameAuth, link, faults, breaks } = request;
  const runId = toHex(crypto.getRandomValues(new Uint8Array(8)));
  return {
    ...{ runId, algorithm, config, configFile: 'configuration', strict: false, format, seed },
    ...(frameAuth === undefined ? {} : { frameAuth }),
    ...(link === undefined ? {} : { link }),
    ...(faults === undefined ? {} : { faults }),
    ...(breaks === undefined ? {} : { breaks }),
  };
}

/** Where other devices reach this page: `localhost` means something else to each of them, so the server is asked for its address. */
async function originForOthers(): Promise<string> {
  const { hostname, origin } = location;
  if (!['localhost', '127.0.0.1', '[::1]'].includes(hostname)) return origin;
  try {
    const answer = (await (await fetch('health')).json()) as { readonly urls?: readonly string[] };
    const origins = (answer.urls ?? []).map((url) => new URL(url));
    return origins.find((url) => url.hostname !== 'localhost')?.origin ?? origin;
  } catch {
    // A page from elsewhere than our server: its own address is the best that is known.
    return origin;
  }
}
