/** What the interface asks of the application. Implemented in src/lab, handed to `<parley-app>` as a property. */

import type { Dashboard, Measure, NodePicture, Subject } from '../core/chapter.ts';
import type { Faults } from '../core/faults/faults.ts';
import type { NodeId } from '../core/id.ts';
import type { FormatName } from '../core/result.ts';
import type { Value } from '../core/value.ts';
import type { FrameAuth } from '../net/batch.ts';
import type { RoomAccess } from '../net/rooms/room-address.ts';
import type { LinkKind } from '../net/rtc/transport.ts';
import type { LinkedRun } from './link/linked-run.ts';
import type { OpenedLink } from './link/open-link.ts';
import type { HeldDeed, HeldMessage, LiveState, Run } from './run.ts';

/** The application without pixels. */
export interface LabService {
  /** Every chapter, in the order of the table of contents, without scenarios and bugs: what the first page shows. */
  contents(): Promise<readonly ChapterEntry[]>;
  /** Every chapter with everything, in the same order. */
  chapters(): Promise<readonly ChapterEntry[]>;
  /** How runs of a chapter look, and what is counted in them. */
  looksOf(algorithm: string): Promise<ChapterLooks>;
  /** The texts of a chapter, what is read first first. */
  sources(algorithm: string): Promise<readonly SourceFile[]>;
  /** What is wrong with a configuration for this chapter; empty when nothing is. */
  checkConfig(algorithm: string, config: string): Promise<readonly Diagnostic[]>;
  /** Reads faults, YAML, for the nodes of a configuration; with the problems of the text instead of the faults when there are any. */
  readFaults(algorithm: string, config: string, faults: string, seed: number): Promise<ReadFaults>;
  /** What keeps a file from being TypeScript; empty when nothing does. */
  checkSource(file: string, text: string): Promise<readonly Diagnostic[]>;
  /**
   * Loads what checks types: megabytes, once for the page.
   *
   * @throws by rejection, with a message for people; and when it is given up
   */
  openTypes(loading: TypeLoading): Promise<TypeChecker>;
  /** Begins to load what it takes to open a chapter and to simulate it, because somebody is about to. */
  prepare(algorithm: string): void;
  /** Runs in virtual time. The run is returned at once and fills; it never throws, `problem` says why it could not be made. */
  simulate(request: SimulationRequest): Run;
  /**
   * Opens the link of a run.
   *
   * @throws {LinkError} by rejection, with a message for people
   */
  openLink(link: string): Promise<OpenedLink>;
  /**
   * Looks for runs that break something, in workers of this page, and makes what it finds small.
   *
   * @throws by rejection, with a message for people; never because it is ended, what was found until then counts
   */
  hunt(request: SimulationRequest, options: HuntRequest): Promise<HuntResult>;
  /** Everything of a run in one page that can be kept and opened anywhere, as HTML. */
  pageOf(run: Run): Promise<string>;
  /** Runs a run again, or one that was made of it, with files of its chapter that were changed in the page. */
  repeat(linked: LinkedRun, edits?: Readonly<Record<string, string>>): Run;
  /**
   * The link of a simulated run.
   *
   * @throws by rejection, with a message for people
   */
  shareRun(run: Run): Promise<string>;
  /** Runs one worker per node in this page, over real data channels. */
  runInWorkers(request: RunRequest): Run;
  /**
   * Opens a room and enters it as its creator.
   *
   * @throws {RoomEntryError} by rejection, with a message for people
   */
  createRoom(options?: CreateRoomOptions): Promise<RoomSession>;
  /**
   * Enters a room that somebody opened: by what was typed or pasted, which may be its code, its code with a key, or a link. A tab that
   * was there before comes back as itself.
   *
   * @throws {RoomEntryError} by rejection, with a message for people; its code `passphrase-needed` asks for one
   */
  joinRoom(address: string, options?: JoinRoomOptions): Promise<RoomSession>;
  /** What this person is called in rooms, as far as this browser remembers; empty when it does not. */
  readonly memberName: string;
}

/** How a room is entered. */
export interface JoinRoomOptions {
  /** Of a room that is closed by one. It is never sent to anybody. */
  readonly passphrase?: string;
  /** As an observer: this tab holds no nodes. A tab that comes back is what it was unless this says otherwise. */
  readonly isObserver?: boolean;
  /** As someone new, even if this tab was there before: for a tab whose place was taken over by a copy of it. */
  readonly asNew?: boolean;
  /** Called with the part of the passphrase's key that is computed, from 0 to 1. */
  readonly onProgress?: (done: number) => void;
  /** Gives it up. */
  readonly signal?: AbortSignal;
}

/** How a room is made. */
export interface CreateRoomOptions extends Omit<JoinRoomOptions, 'asNew'> {
  /** What it takes to enter beside the code; `open` unless given. With `passphrase`, that is required too. */
  readonly access?: RoomAccess['kind'];
}

/** One algorithm, as lists and the lab show it. */
export interface ChapterEntry {
  /** Name in links and configurations. */
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  /** Absent in algorithms of the reader’s own. */
  readonly subject?: Subject;
  /** The chapter's own configuration, YAML. */
  readonly config: string;
  readonly scenarios: readonly ScenarioEntry[];
  /** Faults that it withstands, YAML; empty when it does not say. */
  readonly faults: string;
  readonly bugs: readonly BugEntry[];
  /** Names of the message record, in its order: the picture colours them by it. */
  readonly messageTypes: readonly string[];
}

/** What only the code of a chapter can say of its runs. */
export interface ChapterLooks {
  /** How a node looks, from its state. */
  readonly view?: ((state: Value) => NodePicture) | undefined;
  /** Numbers over all nodes. */
  readonly measures?: readonly Measure[] | undefined;
  /** Charts with a heading of their own. */
  readonly dashboards?: readonly Dashboard[] | undefined;
  /** What must be true after every step, a sentence each. */
  readonly invariants?: readonly string[] | undefined;
}

/** A mistake that can be put into the algorithm, as lists show it. */
export interface BugEntry {
  /** As runs and links name it. */
  readonly name: string;
  readonly title: string;
  /** What goes wrong and what it teaches. */
  readonly story: string;
  /** The property that it breaks. */
  readonly violates: string;
  /** It shows within so many seeds. */
  readonly seeds: number;
  /** Where it shows. */
  readonly config: string;
  /** YAML. */
  readonly faults: string;
  readonly latencyMs?: LatencyRange;
  readonly timeoutSeconds?: number;
}

/** Faults as they were written, read. */
export type ReadFaults =
  | { readonly faults: Faults | undefined }
  | { readonly diagnostics: readonly Diagnostic[] };

/** A file of a chapter. */
export interface SourceFile {
  /** E.g. `README.md`, `bracha.ts`. */
  readonly name: string;
  readonly text: string;
}

/** A configuration with a story. */
export interface ScenarioEntry {
  readonly name: string;
  readonly story: string;
  readonly config: string;
  /** What goes wrong in its story, YAML; empty when nothing does. */
  readonly faults: string;
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
  /** What vouches for messages on links; `signature` unless given. For live runs. */
  readonly frameAuth?: FrameAuth;
  /** How connections are negotiated; `simple-peer` unless given. For live runs. */
  readonly link?: LinkKind;
  /** What goes wrong. */
  readonly faults?: Faults;
  /** Names of the chapter's bugs that are put into the algorithm. */
  readonly breaks?: readonly string[];
}

/** What is to be simulated. */
export interface SimulationRequest extends RunRequest {
  readonly latencyMs: LatencyRange;
  /** Nobody waits for it: it leaves what was prepared to those who do. */
  readonly isAside?: boolean;
  /** Files of the chapter that were changed in the page, by name: this run has them instead of its own. */
  readonly edits?: Readonly<Record<string, string>>;
}

/** How far a search goes. */
export interface HuntRequest {
  /** Runs at most, one a seed. */
  readonly seeds: number;
  /** Any message may be the next to arrive; otherwise latencies decide. */
  readonly anyOrder: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: HuntProgress) => void;
}

/** How far a search is. */
export interface HuntProgress {
  /** Runs that are over. */
  readonly seeds: number;
  readonly failing: number;
  /** Failures that are being made smaller. */
  readonly toShrink: number;
}

/** What a search has found. */
export interface HuntResult {
  readonly seeds: number;
  /** Shortest first. */
  readonly found: readonly FoundRun[];
  /** Seeds in which a step never came to an end. */
  readonly stuck: readonly number[];
  /** True when it was ended before it was through. */
  readonly isPartial: boolean;
}

/** A run that breaks something, made as small as it would go. */
export interface FoundRun {
  readonly seed: number;
  readonly property: string;
  readonly detail: string;
  /** Events of the run as it was found, and made small. */
  readonly events: number;
  readonly smallEvents: number;
  readonly nodes: readonly NodeId[];
  /** What is not left to chance in it, in words. */
  readonly choices: readonly string[];
  /** Opens it. */
  readonly link: string;
}

/** How the type checker is loaded. */
export interface TypeLoading {
  readonly signal: AbortSignal;
  /** Is told how many bytes are here, and of how many where that is known. */
  readonly onProgress: (bytes: number, total: number | undefined) => void;
}

/** Says what TypeScript thinks of a chapter's files. */
export interface TypeChecker {
  /** What is wrong in the file; undefined when it took too long to tell. */
  check(question: TypeQuestion): Promise<readonly Diagnostic[] | undefined>;
  /** What stands at a place, counted from 1: its type, and what is written of it. */
  describe(question: TypeQuestion, line: number, column: number): Promise<string | undefined>;
}

/** What is asked about. */
export interface TypeQuestion {
  readonly chapter: string;
  /** All files of the chapter as they stand now. */
  readonly files: readonly SourceFile[];
  /** Name of the one that is meant. */
  readonly file: string;
}

/** What a director proposes to run. */
export interface RoomChoice {
  readonly algorithm: string;
  readonly config: string;
  readonly format?: FormatName;
  readonly timeoutSeconds?: number;
  /** Drawn when the run starts unless given. */
  readonly seed?: number;
  readonly frameAuth?: FrameAuth;
  readonly link?: LinkKind;
  readonly faults?: Faults;
  readonly breaks?: readonly string[];
  /** Nodes that shall be run by certain members; the others are spread evenly, in the order of joining. */
  readonly pins?: Readonly<Record<NodeId, string>>;
}

/** What somebody is: a creator opened the room, an observer holds no nodes. A creator may observe as well. */
export type RoomRole = 'creator' | 'member' | 'observer';

/** What a member's browser can do, as its tab says. */
export interface RoomCapabilities {
  readonly browser: string;
  /** Without it a tab can only watch. */
  readonly webrtc: boolean;
  /** Signatures by the browser itself; without it, on plain-http pages of a LAN, they take longer. */
  readonly webcrypto: boolean;
  /** Data channels go into the worker; without it the page passes frames on, and a hidden tab is slow. */
  readonly transfersChannels: boolean;
}

/** A tab in the room. */
export interface RoomMember {
  /** Its name on the network, unique in the room. */
  readonly member: string;
  /** Place in the order of joining, from 1. */
  readonly order: number;
  readonly role: RoomRole;
  /** The nodes that it runs in the current run, or ran in the last one. */
  readonly nodes: readonly NodeId[];
  /** What its owner calls it. */
  readonly name?: string;
  /** Of its public key: eight characters that people can compare. */
  readonly fingerprint?: string;
  /** What it said of itself; absent until it did. */
  readonly capabilities?: RoomCapabilities;
  /** False when its tab was closed or is out of reach. */
  readonly present: boolean;
  readonly me: boolean;
  /** It holds no nodes, from the next run on. */
  readonly isObserver: boolean;
  /** It chooses and starts runs, and gives commands. */
  readonly mayDirect: boolean;
  /** Through it the others' traces and results come. */
  readonly isHub: boolean;
  /** It was sent away, and is kept out until it is let in again. */
  readonly isKicked: boolean;
  /**
   * How this tab hears from it: over a link of their own, over one that the server relays (encrypted from end to end), through the hub, or
   * by signaling alone.
   */
  readonly way: 'direct' | 'relay' | 'hub' | 'server' | 'none';
}

/** What whoever directs a room does for those who learn in it. */
export interface Lesson {
  /** Nobody but the directors can do anything in the room's pages. */
  readonly isFrozen: boolean;
  /** All look where the director looks. */
  readonly follow?: LookedAt | undefined;
  readonly poll?: Poll | undefined;
}

/** The lesson of a room. Its room tells of its changes. */
export interface RoomLessons {
  readonly lesson: Lesson;
  /** Which option each member chose in the poll of the lesson. */
  readonly answers: ReadonlyMap<string, number>;
  /** Changes the lesson; for directors. */
  teach(part: Partial<Lesson>): void;
  /** Answers the poll of the lesson by the place of an option, or changes the answer. */
  answer(option: number): void;
}

/** Where somebody looks. */
export interface LookedAt {
  /** A time of the run, in milliseconds; its present unless given. */
  readonly atMs?: number;
  /** A node that is selected. */
  readonly node?: NodeId;
}

/** A question to everybody. */
export interface Poll {
  readonly id: string;
  readonly question: string;
  /** Two to twelve. */
  readonly options: readonly string[];
  /** Answers are taken. */
  readonly isOpen: boolean;
  /** Everybody sees what was answered. */
  readonly isRevealed: boolean;
}

/** Something that people should know and that does not end anything. */
export interface RoomNotice {
  /** For {@link RoomSession.dismiss}. */
  readonly id: number;
  readonly severity: 'info' | 'warning';
  readonly text: string;
}

/** Why this tab is no longer in the room. */
export interface RoomEnding {
  /**
   * `superseded`: a copy of this tab took its place; `joinRoom(link)` takes over here, `joinRoom(link, { asNew: true })` joins as someone
   * new. `kicked`: it was sent away. `closed`: signaling ended for good. `left`: it was asked to leave.
   */
  readonly kind: 'superseded' | 'kicked' | 'closed' | 'left';
  readonly text: string;
}

/** A run of a room. `stop` ends it in all tabs for whoever may direct, for others only the nodes of this tab. */
export interface RoomRun extends Run, LiveState {
  /** Who runs which node. */
  readonly seats: ReadonlyMap<NodeId, string>;
  /** Events of other tabs that are not shown, because there were more than the way to here took. */
  readonly hiddenEvents: number;
}

/** This tab's place in a room. Its fields change; subscribers are told. Commands that cannot be carried out become `problem`. */
export interface RoomSession {
  readonly code: string;
  /** What people type: the code, or `CODE#KEY`. */
  readonly address: string;
  /** Opening it joins the room. */
  readonly link: string;
  /** What it takes to enter beside the code. What is said in an open room can be read by the server. */
  readonly access: RoomAccess['kind'];
  /** Who can join: whoever reaches the server, or, because no server answers, only tabs of this browser. */
  readonly reach: 'server' | 'browser';
  /** In order of joining; those who left stay in the list, not present. */
  readonly members: readonly RoomMember[];
  /** True for a member that chooses, starts and commands. */
  readonly mayDirect: boolean;
  /** True for the one that may also send members away and give others the right to direct: the creator, or its successor. */
  readonly mayManage: boolean;
  /** The run in progress or the last one. */
  readonly run: RoomRun | undefined;
  /** What went wrong, for people. */
  readonly problem?: string | undefined;
  /** What people should know, oldest first. */
  readonly notices: readonly RoomNotice[];
  readonly connection: 'connecting' | 'open' | 'lost';
  /** Set when this tab is no longer in the room. */
  readonly ending: RoomEnding | undefined;
  /** What is proposed to be run. */
  readonly choice: RoomChoice | undefined;
  readonly lessons: RoomLessons;
  /** Tells the others what will be run; for directors. */
  propose(choice: RoomChoice): void;
  /** Starts the proposed run; for directors. */
  start(): void;
  /** Holds deliveries back everywhere, or releases them; for directors. */
  hold(isHeld: boolean): void;
  /** Does something to a message that is held back; for directors. */
  grab(held: HeldMessage, deed: HeldDeed): void;
  /**
   * Cuts the network into groups; a node in none of them reaches all. One way only what the first group sends is cut off. No groups heal
   * it. For directors.
   */
  cut(groups: readonly (readonly NodeId[])[], isOneWay?: boolean): void;
  /** Kills a node: its worker ends at once, without a goodbye. For directors. */
  kill(node: NodeId): void;
  /** Sends a member away, or lets it in again; for whoever manages the room. */
  kick(member: string, isKicked?: boolean): void;
  /** Gives a member the right to direct, or takes it back; for whoever manages the room. */
  grant(member: string, mayDirect?: boolean): void;
  /** What this tab's owner is called from now on, here and in rooms to come; an empty name is none. */
  setName(name: string): void;
  /** Whether this tab only observes, from the next run on. */
  observe(isObserver: boolean): void;
  /** Takes a notice away. */
  dismiss(notice: number): void;
  /** Leaves the room; the others see this tab depart at once. */
  leave(): void;
  /** Calls `listener` after changes; returns what ends the subscription. */
  subscribe(listener: () => void): () => void;
}
