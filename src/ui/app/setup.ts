/** What the reader has set up to run: a text, and the options beside it. Plain data, and pure functions over it. */

import type { FormatName } from '../../core/result.ts';
import type { BugEntry, ChapterEntry, LatencyRange } from '../../lab/lab-service.ts';
import type { LinkedRun } from '../../lab/link/linked-run.ts';

/** Everything that the lab hands to a run. */
export interface Setup {
  /** Which of the chapter's files the text began as: its configuration, or a scenario's name. */
  readonly file: string;
  readonly config: string;
  readonly seed: number;
  readonly latencyMs: LatencyRange;
  readonly format: FormatName;
  readonly timeoutSeconds: number;
  /** What shall go wrong, YAML; empty when nothing shall. */
  readonly faults: string;
  /** Names of the chapter's bugs that are put into the algorithm. */
  readonly breaks: readonly string[];
}

/** A text that the chapter offers. */
export interface ChapterFile {
  readonly name: string;
  readonly story: string | undefined;
  readonly config: string;
  /** What goes wrong in it, YAML. */
  readonly faults: string;
  readonly latencyMs: LatencyRange;
  readonly timeoutSeconds: number;
}

/** Name of the chapter's own configuration among its files. */
export const OWN_FILE = 'The chapter’s configuration';

/** The simulator's range unless a scenario has its own. */
export const LATENCY_DEFAULT: LatencyRange = { min: 1, max: 10 };
/** Seconds after which a run counts as hung, unless a scenario knows better. */
export const TIMEOUT_SECONDS_DEFAULT = 30;
/** Seeds are 32 bits wide. */
export const SEED_MAX = 0xff_ff_ff_ff;

/** The texts that a chapter offers, its own configuration first. */
export function filesOf(chapter: ChapterEntry): readonly ChapterFile[] {
  const own: ChapterFile[] =
    chapter.config.trim() === ''
      ? []
      : [
          {
            ...{ name: OWN_FILE, story: undefined, config: chapter.config, faults: '' },
            ...{ latencyMs: LATENCY_DEFAULT, timeoutSeconds: TIMEOUT_SECONDS_DEFAULT },
          },
        ];
  return [
    ...own,
    ...chapter.scenarios.map((scenario) => ({
      ...{ name: scenario.name, story: scenario.story, config: scenario.config.trimStart() },
      faults: scenario.faults,
      latencyMs: scenario.latencyMs ?? LATENCY_DEFAULT,
      timeoutSeconds: scenario.timeoutSeconds ?? TIMEOUT_SECONDS_DEFAULT,
    })),
  ];
}

/** The file with a name, or the first. */
export function fileOf(chapter: ChapterEntry, name: string | undefined): ChapterFile | undefined {
  const files = filesOf(chapter);
  return files.find((file) => file.name === name) ?? files[0];
}

/** A setup that begins with one of the chapter's files; seed and format stay as they are in `before`. */
export function setupOf(chapter: ChapterEntry, fileName?: string, before?: Setup): Setup {
  const file = fileOf(chapter, fileName);
  return {
    file: file?.name ?? OWN_FILE,
    config: file?.config ?? '',
    seed: before?.seed ?? 42,
    format: before?.format ?? 'json',
    latencyMs: file?.latencyMs ?? LATENCY_DEFAULT,
    timeoutSeconds: file?.timeoutSeconds ?? TIMEOUT_SECONDS_DEFAULT,
    faults: file?.faults ?? '',
    breaks: before?.breaks.filter((name) => chapter.bugs.some((bug) => bug.name === name)) ?? [],
  };
}

/** The setup in which one of the chapter's bugs shows. */
export function exhibitOf(chapter: ChapterEntry, bug: BugEntry, before: Setup): Setup {
  return {
    ...setupOf(chapter, before.file, before),
    config: bug.config,
    latencyMs: bug.latencyMs ?? LATENCY_DEFAULT,
    timeoutSeconds: bug.timeoutSeconds ?? TIMEOUT_SECONDS_DEFAULT,
    faults: bug.faults,
    breaks: [bug.name],
  };
}

/** True when the text is no longer that of its file. */
export function isEdited(chapter: ChapterEntry, setup: Setup): boolean {
  return fileOf(chapter, setup.file)?.config !== setup.config;
}

/** What is wrong with the options, in words; undefined when nothing is. */
export function optionsProblem({ latencyMs, seed, timeoutSeconds }: Setup): string | undefined {
  const { min, max } = latencyMs;
  if (!(min >= 0 && max >= min)) {
    return 'The latency needs a smallest value of 0 or more, and a largest one not below it.';
  }
  if (!Number.isInteger(seed) || seed < 0 || seed > SEED_MAX) {
    return `The seed is a whole number from 0 to ${SEED_MAX}.`;
  }
  if (!(timeoutSeconds > 0)) return 'The time limit is a number of seconds above 0.';
  return undefined;
}

/** An algorithm that came in a link, as far as one can tell without running it. */
export function foreignChapter({
  algorithm,
  config,
}: Pick<LinkedRun, 'algorithm' | 'config'>): ChapterEntry {
  return {
    ...{ name: algorithm, title: algorithm, summary: 'An algorithm that came in a link.', config },
    ...{ scenarios: [], faults: '', bugs: [], messageTypes: [] },
  };
}
