/**
 * The application without pixels, for a page: chapters, runs and rooms. What takes code that a first look does not need (configurations,
 * rooms, live nodes, searches, links) is loaded when it is asked for.
 */

import { entries } from 'virtual:parley-entries';
import { SyntaxProblem } from './edited/edited-code.ts';
import { findingLoops } from './edited/loop-finder.ts';
import { openSandbox } from './edited/sandbox.ts';
import type {
  ChapterEntry,
  Diagnostic,
  LabService,
  TypeChecker,
  TypeLoading,
} from './lab-service.ts';
import { fetched } from './fetched.ts';
import { laterHost } from './live/later-host.ts';
import type { LinkedRun } from './link/linked-run.ts';
import { linkedOf } from './link/plain-run.ts';
import { pageChapter, pageChapterNames, pageConfig, pageSources } from './page/page-chapters.ts';
import { simulatedSpec, specOf } from './page/page-spec.ts';
import { rememberedName } from './room/remembered-name.ts';
import type { RoomDoor } from './room/room-door.ts';
import { runInWorkers } from './live/run-in-workers.ts';
import type { Run } from './run.ts';
import { simulate, type SimulationHost } from './simulate.ts';
import { newWorker, openWorker, prepareWorker } from './simulation-workers.ts';

/** What `<parley-app>` works with. */
export function createLab(): LabService {
  let opened: RoomDoor | undefined;
  const door = async () => {
    const { roomDoor } = await fetched(import('./page/page-rooms.ts'));
    return (opened ??= roomDoor());
  };
  return {
    contents: async () => Promise.all((await pageChapterNames()).map(entryFor)),
    chapters: async () => {
      const names = await pageChapterNames();
      const [more, ...all] = await Promise.all([details(), ...names.map(entryFor)]);
      return all.map((entry) => ({ ...entry, ...more[entry.name] }));
    },
    looksOf: async (algorithm) => {
      const { view, measures, dashboards, invariants } = (await pageChapter(algorithm)).chapter;
      return { view, measures, dashboards, invariants: invariants.map(({ name }) => name) };
    },
    checkConfig: async (...asked) =>
      (await fetched(import('./page/page-texts.ts'))).diagnose(...asked),
    sources: pageSources,
    readFaults: async (...asked) =>
      (await fetched(import('./page/page-texts.ts'))).readFaults(...asked),
    checkSource,
    openTypes,
    prepare: (algorithm) => {
      prepareWorker(algorithm);
      // What cannot be loaded is missed, and reported, where it is needed.
      for (const part of [details(), import('./page/page-texts.ts'), pageChapter(algorithm)]) {
        part.catch(() => {});
      }
    },
    simulate: (request) => {
      const { latencyMs, timeoutSeconds, edits, isAside = false } = request;
      const linked = linkedOf(simulatedSpec(request), latencyMs, timeoutSeconds * 1000);
      return isAside ? simulate(linked, newWorker()) : simulateEdited(linked, edits);
    },
    repeat: simulateEdited,
    hunt: async (...asked) => (await fetched(import('./page/page-hunt.ts'))).huntFor(...asked),
    pageOf: async (run) => (await fetched(import('./page/page-share.ts'))).pageOf(run),
    shareRun: async (run) => (await fetched(import('./page/page-share.ts'))).shareRun(run),
    openLink: async (link) =>
      (await fetched(import('./link/open-link.ts'))).openLink(link, simulateEdited),
    runInWorkers: (request) => runInWorkers(specOf(request), request.timeoutSeconds * 1000),
    createRoom: async (options) => (await door()).create(options),
    joinRoom: async (address, options) => (await door()).join(address, options),
    get memberName() {
      return rememberedName();
    },
  };
}

/** What only those who open a chapter want to know of it. */
async function details() {
  return (await import('virtual:parley-details')).details;
}

/** Of a chapter the page was built with everything that lists show; a user's module has to be asked. */
async function entryFor(reference: string): Promise<ChapterEntry> {
  const known = entries[reference];
  if (known !== undefined) return known;
  const [{ entryOf }, { chapter }] = await Promise.all([
    import('./chapter-entry.ts'),
    pageChapter(reference),
  ]);
  return entryOf(reference, chapter, pageConfig(reference));
}

let types: TypeChecker | undefined;

async function openTypes(loading: TypeLoading): Promise<TypeChecker> {
  const { openTypeChecker } = await fetched(import('./edited/type-checker.ts'));
  return (types ??= await openTypeChecker(loading));
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
    const code = compile('src/algorithms/foreign', [{ name, text }]);
    return findingLoops(() => openSandbox(code));
  });
}

/** Files that were edited, in a sandbox: it opens as soon as they are compiled. */
function openEdited(algorithm: string, edits: Readonly<Record<string, string>>): SimulationHost {
  return laterHost(async () => {
    const { compileEdited } = await import('./edited/compile-edited.ts');
    const code = await compileEdited(algorithm, edits);
    return findingLoops(() => openSandbox(code));
  });
}
