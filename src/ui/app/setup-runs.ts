/** What a setup asks to be run, and the setup that a run had. Pure functions. */

import type { Faults } from '../../core/faults/faults.ts';
import type { ChapterEntry, RoomChoice } from '../../lab/lab-service.ts';
import type { LinkedRun } from '../../lab/link/linked-run.ts';
import { setupOf, type Setup } from './setup.ts';

/** What is set up, but for what only the simulator knows. @param faults what the text of the faults says */
export function choiceOf(algorithm: string, setup: Setup, faults: Faults | undefined) {
  const { config, format, timeoutSeconds, breaks } = setup;
  return {
    ...{ algorithm, config, format, timeoutSeconds },
    ...(faults === undefined ? {} : { faults }),
    ...(breaks.length === 0 ? {} : { breaks }),
  };
}

/** The setup of what the starter of a room has chosen. */
export function setupOfChoice(chapter: ChapterEntry, choice: RoomChoice, before: Setup): Setup {
  const known = setupOf(chapter, undefined, before);
  const { config, format, timeoutSeconds, breaks = [] } = choice;
  return {
    ...known,
    config,
    format: format ?? known.format,
    timeoutSeconds: timeoutSeconds ?? known.timeoutSeconds,
    breaks,
  };
}

/** As much of a setup as the run of a link says. */
export function setupOfLink(linked: LinkedRun): Partial<Setup> {
  const { config, seed, format, latencyMs, timeoutMs, faults = {}, breaks = [] } = linked;
  return {
    ...{ config, seed, format, breaks, timeoutSeconds: timeoutMs / 1000 },
    ...(latencyMs === undefined ? {} : { latencyMs }),
    // JSON is YAML as well.
    faults: Object.keys(faults).length === 0 ? '' : JSON.stringify(faults, undefined, 2),
  };
}
