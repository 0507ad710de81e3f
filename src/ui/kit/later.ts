/** Elements whose code is loaded when they are shown for the first time: until then they are there, and empty. */

/** Imports the module of an element. */
export type Load = () => Promise<unknown>;

const begun = new Map<Load, Promise<unknown>>();

/** Loads once; what could not be loaded is tried again the next time. */
export function later(load: Load): Promise<unknown> {
  let loading = begun.get(load);
  if (loading === undefined) {
    loading = load();
    begun.set(load, loading);
    loading.catch(() => begun.delete(load));
  }
  return loading;
}

/** For templates: begins to load, and draws nothing. */
export function needs(...loads: readonly Load[]): undefined {
  // An element that stays empty is seen: there is nothing to be said about it beside that.
  for (const load of loads) later(load).catch(() => {});
  return undefined;
}

/** The parts of the lab that are loaded so. */
export const PARTS = {
  lab: () => import('../app/parley-lab.ts'),
  changes: () => import('../branch/parley-changes.ts'),
  acts: () => import('../branch/parley-acts.ts'),
  menu: () => import('./parley-menu.ts'),
  thumbnail: () => import('../home/parley-thumbnail.ts'),
  compare: () => import('../branch/parley-compare.ts'),
  lesson: () => import('../classroom/parley-lesson.ts'),
  presenter: () => import('../classroom/parley-presenter.ts'),
  help: () => import('../app/parley-help.ts'),
  hunt: () => import('../hunt/parley-hunt.ts'),
  palette: () => import('../app/parley-palette.ts'),
  share: () => import('../app/parley-share.ts'),
  foreignRun: () => import('../app/parley-foreign-run.ts'),
  linkedRun: () => import('../app/parley-linked-run.ts'),
  traceImport: () => import('../trace/parley-import.ts'),
  entry: () => import('../room/parley-entry.ts'),
  room: () => import('../room/parley-room.ts'),
  qr: () => import('./parley-qr.ts'),
  metrics: () => import('../metrics/parley-metrics.ts'),
  reader: () => import('../read/parley-reader.ts'),
  results: () => import('../inspect/parley-results.ts'),
  eventLog: () => import('../inspect/parley-event-log.ts'),
  nodeLog: () => import('../inspect/parley-node-log.ts'),
  breaks: () => import('../break/parley-break.ts'),
  faults: () => import('../code/parley-faults.ts'),
} satisfies Record<string, Load>;
