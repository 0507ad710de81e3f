/** What the interface asks of the application. Implemented in src/lab, handed to `<parley-app>` as a property. */

import type { NodePicture } from '../core/chapter.ts';
import type { FormatName } from '../core/result.ts';
import type { Value } from '../core/value.ts';
import type { Run } from './run.ts';

/** The application without pixels. */
export interface LabService {
  /** Every chapter, in the order of the table of contents. */
  chapters(): Promise<readonly ChapterEntry[]>;
  /** What is wrong with a configuration for this chapter; empty when nothing is. */
  checkConfig(algorithm: string, config: string): Promise<readonly Diagnostic[]>;
  /** Runs in virtual time. The run is returned at once and fills; it never throws, `problem` says why it could not be made. */
  simulate(request: SimulationRequest): Run;
  /** Runs one worker per node in this page, over real data channels. */
  runInWorkers(request: RunRequest): Run;
  /** Opens a room and enters it as its first member. Rejects with a message for people. */
  createRoom(): Promise<RoomSession>;
  /** Enters a room. Rejects with a message for people, e.g. that there is no such room. */
  joinRoom(code: string): Promise<RoomSession>;
}

/** One algorithm, as lists and the lab show it. */
export interface ChapterEntry {
  /** Name in links and configurations. */
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  /** The chapter's own configuration, YAML. */
  readonly config: string;
  readonly scenarios: readonly ScenarioEntry[];
  /** Names of the message record, in its order: the picture colours them by it. */
  readonly messageTypes: readonly string[];
  /** How a node looks, from its state. */
  readonly view?: (state: Value) => NodePicture;
}

/** A configuration with a story. */
export interface ScenarioEntry {
  readonly name: string;
  readonly story: string;
  readonly config: string;
  readonly latencyMs?: LatencyRange;
  readonly timeoutSeconds?: number;
}

/** Shortest and longest time of a message on its way, in virtual milliseconds. */
export interface LatencyRange {
  readonly min: number;
  readonly max: number;
}

/** Something to say about a place in a text. Lines and columns count from 1; the end is exclusive. */
export interface Diagnostic {
  readonly message: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** What is to be run. */
export interface RunRequest {
  readonly algorithm: string;
  readonly config: string;
  readonly seed: number;
  readonly format: FormatName;
  readonly timeoutSeconds: number;
}

/** What is to be simulated. */
export interface SimulationRequest extends RunRequest {
  readonly latencyMs: LatencyRange;
}

/** What the first member proposes to run. */
export interface RoomChoice {
  readonly algorithm: string;
  readonly config: string;
  readonly format?: FormatName;
  readonly timeoutSeconds?: number;
}

/** A tab in the room. */
export interface RoomMember {
  /** Its name on the network, unique in the room. */
  readonly member: string;
  /** Place in the order of joining, from 1. */
  readonly order: number;
  /** The node it runs, or will run. */
  readonly node?: string;
  /** What its owner calls it. */
  readonly name?: string;
  /** False when its tab was closed or is out of reach. */
  readonly present: boolean;
  readonly me: boolean;
}

/** This tab's place in a room. Its fields change; subscribers are told. */
export interface RoomSession {
  readonly code: string;
  /** Opening it joins the room. */
  readonly link: string;
  /** In order of joining; those who left stay in the list, not present. */
  readonly members: readonly RoomMember[];
  /** True for the member that chooses and starts. */
  readonly isStarter: boolean;
  /** The run in progress or the last one. */
  readonly run: Run | undefined;
  /** What went wrong, for people. */
  readonly problem?: string | undefined;
  readonly connection: 'connecting' | 'open' | 'lost';
  /** What the starter proposes. */
  readonly choice: RoomChoice | undefined;
  /** Tells the others what will be run; for the starter. */
  propose(choice: RoomChoice): void;
  /** Starts the proposed run in all present tabs; for the starter. */
  start(): void;
  /** Leaves the room; the others see this tab depart at once. */
  leave(): void;
  /** Calls `listener` after changes; returns what ends the subscription. */
  subscribe(listener: () => void): () => void;
}
