/** Everything that must be right before a run begins: the algorithm, the configuration, and what they mean together. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { BugError, findBugs, withBugs } from '../../core/bug.ts';
import type { Chapter } from '../../core/chapter.ts';
import { ConfigError, printProblem } from '../../core/config/config-error.ts';
import type { Faults } from '../../core/faults/faults.ts';
import { loadFaults } from '../../core/faults/load-faults.ts';
import { FaultsError, resolveFaults } from '../../core/faults/resolve.ts';
import type { FaultWorld } from '../../core/faults/selectors.ts';
import { messageOf } from '../../core/errors.ts';
import { nearest } from '../../core/nearest-name.ts';
import { configOf } from '../../lab/nodemanager/write-config.ts';
import { planOf, type RunSpec } from '../../lab/run-spec.ts';
import { runIdFrom } from '../../lab/run-id.ts';
import { unsupportedLive } from '../../runtime/faults/unsupported-live.ts';
import type { RunPlan } from '../../runtime/plan.ts';
import { locateChapter, type LocatedChapter } from '../chapters.ts';
import { UsageError } from '../failures.ts';
import { foreignRun } from './nodemanager-file.ts';
import type { RunRequest } from './run-request.ts';
import { parseRoomAddress } from '../../net/rooms/room-address.ts';
import { defaultRoom } from '../lab/room-code.ts';
import { hintForFile } from '../user-module.ts';

/** A run that can begin. */
export interface PreparedRun {
  readonly request: RunRequest;
  readonly located: LocatedChapter;
  readonly spec: RunSpec;
  readonly plan: RunPlan;
  /** Where live nodes meet unless the run is local. */
  readonly room: string;
  /** What is odd in the configuration, a line each. */
  readonly warnings: readonly string[];
}

/**
 * Loads the algorithm and reads the configuration.
 *
 * @throws {UsageError} with everything that is wrong in one of them
 */
export async function prepareRun(
  request: RunRequest,
  workingDirectory: string,
): Promise<PreparedRun> {
  const located = await locateChapter(request.algorithm, workingDirectory);
  const { algorithm } = located.chapter;
  const text = readText(request.config, 'configuration', workingDirectory);
  const { name } = algorithm.definition;
  const foreign = foreignRun(text, request.config, workingDirectory, request.nodeCount);
  const { config, unused } =
    foreign === undefined ? { config: text, unused: [] } : configOf(foreign, algorithm.definition);
  const room = request.room ?? defaultRoom(foreign?.context ?? config, name);
  const roomCode = codeOf(room);
  const breaks = breaksOf(request, located.chapter);
  const spec: RunSpec = {
    runId: runIdOf(request, roomCode, [config, name, ...breaks]),
    algorithm: located.reference,
    config,
    configFile: request.config,
    // Places in what was made of a file of nodemanager are nobody's: what is odd was told when the file was read.
    strict: request.strict && foreign === undefined,
    format: request.format,
    seed: request.seed,
    frameAuth: request.frameAuth,
    link: request.link,
    ...(breaks.length === 0 ? {} : { breaks }),
  };
  try {
    const { plan: calm } = planOf(spec, located.chapter);
    const faults = plannedFaults(request, located.chapter, calm, workingDirectory, foreign?.faults);
    const stormy = faults === undefined ? spec : { ...spec, faults };
    const { plan, warnings } = planOf(stormy, located.chapter);
    checkNode(request.id, request.mode === 'network', plan);
    const ofForeign = foreign?.warnings ?? [];
    // What was made of a file of nodemanager says some things again, of each node and of no line that anybody wrote.
    const isSaid = (text: string) => ofForeign.some(({ message }) => text.endsWith(message));
    const said = [
      ...ofForeign.map(printProblem),
      ...unused.map(
        (key) => `${request.config}: '${key}' has no effect: ${name} has no use for it`,
      ),
      ...warnings.filter(({ message }) => !isSaid(message)).map(printProblem),
    ];
    return { request, located, spec: stormy, plan, room, warnings: said };
  } catch (error) {
    if (error instanceof ConfigError) {
      throw new UsageError(`${name} cannot run with this configuration\n${error.message}`);
    }
    throw error;
  }
}

/**
 * The names of the bugs that `--break` means, as the chapter writes them.
 *
 * @throws {UsageError} with the nearest name
 */
function breaksOf({ breaks }: RunRequest, chapter: Chapter): readonly string[] {
  try {
    const bugs = findBugs(chapter, breaks);
    withBugs(chapter.algorithm, bugs);
    return bugs.map(({ name }) => name);
  } catch (error) {
    if (error instanceof BugError) throw new UsageError(`--break: ${error.message}`);
    throw error;
  }
}

/** What `--faults` says for the plan that the algorithm's chapter has. */
const OF_CHAPTER = 'chapter';

/**
 * What `--faults` says, tried on the plan's nodes. `--latency` is the same object's latency, and wins.
 *
 * @throws {UsageError} with everything that is wrong, and with what real tabs cannot suffer
 */
function plannedFaults(
  request: RunRequest,
  chapter: Chapter,
  { nodes, seed }: RunPlan,
  workingDirectory: string,
  ofFile: Faults | undefined,
): Faults | undefined {
  const { faults: given, mode, latencyMs } = request;
  if (given === undefined) {
    // What a file of nodemanager says of its simulator is meant for ours.
    if (ofFile === undefined || mode !== 'offline') return undefined;
    return latencyMs === undefined ? ofFile : { ...ofFile, latency: latencyMs };
  }
  const world = { nodes: nodes.map(({ id }) => id), seed };
  try {
    const read = readFaults(given, chapter, world, workingDirectory);
    const faults = latencyMs === undefined ? read : { ...read, latency: latencyMs };
    const plan = resolveFaults(faults, world.nodes, seed);
    const impossible = mode === 'offline' ? [] : unsupportedLive(plan);
    if (impossible.length > 0) throw new UsageError(`--faults: ${impossible.join('\n')}`);
    return faults;
  } catch (error) {
    if (error instanceof ConfigError || error instanceof FaultsError) {
      throw new UsageError(`these faults cannot be\n${error.message}`);
    }
    throw error;
  }
}

function readFaults(
  given: string,
  { name, faults }: Chapter,
  world: FaultWorld,
  workingDirectory: string,
): Faults {
  if (given === OF_CHAPTER) {
    if (faults !== undefined) return faults;
    throw new UsageError(`--faults ${OF_CHAPTER}: ${name} does not say what it withstands`);
  }
  // A colon and a space make it YAML; no file is called so.
  if (/:\s/.test(given)) return loadFaults(given, { file: '--faults', ...world });
  const text = readText(given, 'plan of faults', workingDirectory);
  return loadFaults(text, { file: given, ...world });
}

/** Everybody in a room says the same, however the room was typed. */
function codeOf(room: string): string {
  try {
    return parseRoomAddress(room).code;
  } catch (error) {
    throw new UsageError(`--room: ${messageOf(error)}`);
  }
}

/** @throws {UsageError} when there is no such file, or it cannot be read */
export function readText(file: string, what: string, workingDirectory: string): string {
  const absolute = path.resolve(workingDirectory, file);
  try {
    return readFileSync(absolute, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      throw new UsageError(`there is no ${what} ${file}${hintForFile(absolute, file)}`);
    }
    if (code === 'EISDIR') throw new UsageError(`${file} is a folder, not a ${what}`);
    throw new UsageError(`the ${what} cannot be read: ${messageOf(error)}`);
  }
}

/**
 * Members of a network run must come to the same id by themselves, because signatures are bound to it. Offline it follows from the
 * seed as well, so that runs can be told apart.
 */
function runIdOf(request: RunRequest, room: string, what: readonly string[]): string {
  const { mode, format, seed } = request;
  const parts = [mode === 'network' ? room : `${mode} ${seed}`, ...what, format];
  return runIdFrom(parts);
}

function checkNode(id: string | undefined, isNeeded: boolean, { nodes }: RunPlan): void {
  if (!isNeeded || id === undefined || nodes.some((node) => node.id === id)) return;
  const ids = nodes.map((node) => node.id);
  const suggestion = nearest(id, ids);
  const hint = suggestion === undefined ? '' : ` (did you mean '${suggestion}'?)`;
  throw new UsageError(`--id ${id}: no such node${hint}. The configuration has: ${ids.join(', ')}`);
}
