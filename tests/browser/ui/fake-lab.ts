/** A lab without an application behind it: one chapter, whose runs are written down here. */

import type { Faults } from '../../../src/core/faults/faults.ts';
import type { NodeStatus } from '../../../src/core/status.ts';
import type { RunResult } from '../../../src/core/result.ts';
import type { TraceEvent } from '../../../src/core/trace.ts';
import type {
  ChapterEntry,
  CreateRoomOptions,
  Diagnostic,
  HuntRequest,
  HuntResult,
  JoinRoomOptions,
  LabService,
  Lesson,
  ChapterLooks,
  ReadFaults,
  RoomChoice,
  RoomEnding,
  RoomLessons,
  RoomMember,
  RoomNotice,
  RoomRun,
  RoomSession,
  SimulationRequest,
  SourceFile,
  TypeChecker,
  TypeLoading,
} from '../../../src/lab/lab-service.ts';
import type { LinkedRun } from '../../../src/lab/link/linked-run.ts';
import type { OpenedLink } from '../../../src/lab/link/open-link.ts';
import { RoomEntryError } from '../../../src/lab/room/room-entry-error.ts';
import type { LiveHands, Run, RunPhase, RunPlace } from '../../../src/lab/run.ts';

/** What a hostile peer would like to be markup. */
export const HOSTILE = '<img src=x onerror="window.hacked = true"><b>bold</b>';

/** The chapter of the fake lab. */
export const CHAPTER: ChapterEntry = {
  name: 'talk',
  title: 'Talk',
  summary: 'Two nodes say something.',
  config: 'n1: { speaks: true }\nn2: {}\n',
  scenarios: [
    {
      name: 'Three nodes',
      story: 'One more listens.',
      config: 'n1: { speaks: true }\nn2: {}\nn3: {}\n',
      faults: 'crashes: [{ node: n3, at: 5s }]\n',
    },
  ],
  faults: 'loss: 5%\n',
  bugs: [
    {
      name: 'mumble',
      title: 'Nobody listens',
      story: `A greeting is not heard. ${HOSTILE}`,
      violates: 'Who is greeted answers',
      seeds: 5,
      config: 'n1: { speaks: true }\nn2: {}\nn9: {}\n',
      faults: 'duplication: 7%\n',
    },
  ],
  messageTypes: ['hello', 'answer'],
};

const SECOND: ChapterEntry = { ...CHAPTER, name: 'other', title: 'Other', summary: 'Another one.' };

/** A run that a test moves on by hand. */
export class FakeRun implements RoomRun {
  readonly seats: ReadonlyMap<string, string> = new Map([
    ['n1', 'm1'],
    ['n2', 'm2'],
  ]);
  isHeld = false;
  heldSinceMs: number | undefined;
  cut: readonly (readonly string[])[] = [];
  isOneWay = false;
  hiddenEvents = 0;
  readonly algorithm = 'talk';
  readonly nodes = [
    { id: 'n1', neighbours: ['n2'], settings: { speaks: true } },
    { id: 'n2', neighbours: ['n1'], settings: {} },
  ];
  readonly place: RunPlace;
  readonly seed: number;
  linked: LinkedRun | undefined;
  hands: LiveHands | undefined;
  phase: RunPhase = 'running';
  events: readonly TraceEvent[];
  waitingFor: readonly string[] = [];
  result: RunResult | undefined;
  problem: string | undefined;
  stopped = false;
  readonly #listeners = new Set<() => void>();

  constructor(place: RunPlace, seed = 42, events: readonly TraceEvent[] = trace()) {
    this.place = place;
    this.seed = seed;
    this.events = events;
  }

  append(events: readonly TraceEvent[]): void {
    this.events = [...this.events, ...events];
    this.tell();
  }

  end(change: Partial<RunResult> = {}): void {
    this.phase = 'ended';
    this.result = { ...resultOf(this), ...change };
    this.tell();
  }

  fail(problem: string): void {
    this.phase = 'ended';
    this.problem = problem;
    this.tell();
  }

  tell(): void {
    for (const listener of this.#listeners) listener();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stop(): void {
    this.stopped = true;
    this.end();
  }
}

function resultOf(run: FakeRun): RunResult {
  const node = (report: number, status: NodeStatus = 'terminated') => ({
    ...{ status, report: { heard: report }, messages_received: { talk: report } },
    ...{ bytes_received: 12 * report, messages_sent: 1, dropped: {}, elapsed_ms: 30 },
  });
  return {
    ...{ algorithm: 'talk', mode: 'offline', format: 'json', seed: run.seed, ok: true },
    ...{ elapsed_ms: 3, virtual_ms: 30, messages_sent: 2, messages_delivered: 2 },
    ...{ bytes_delivered: 24, trace_sha256: 'ab'.repeat(32) },
    nodes: { n1: node(1), n2: node(1) },
  };
}

/** Two nodes: n1 says hello at 10, it arrives at 20; the answer goes at 20 and arrives at 30. */
export function trace(): TraceEvent[] {
  const path = 'talk';
  const hello = { message: 'n1#1', path, type: 'hello', role: 'cast', bytes: 12 } as const;
  const answer = { message: 'n2#1', path, type: 'answer', role: 'cast', bytes: 12 } as const;
  const state = (speaks: boolean, heard: number) => ({ path, state: { speaks, heard } });
  return [
    { time: 0, node: 'n1', sequence: 1, kind: 'status', status: 'running' },
    { time: 0, node: 'n2', sequence: 1, kind: 'status', status: 'running' },
    { time: 0, node: 'n1', sequence: 2, kind: 'state', ...state(true, 0) },
    { time: 0, node: 'n2', sequence: 2, kind: 'state', ...state(false, 0) },
    {
      time: 10,
      node: 'n1',
      sequence: 3,
      kind: 'send',
      to: 'n2',
      body: { text: HOSTILE },
      ...hello,
    },
    { time: 20, node: 'n2', sequence: 3, kind: 'deliver', from: 'n1', ...hello },
    { time: 20, node: 'n2', sequence: 4, kind: 'state', ...state(false, 1) },
    { time: 20, node: 'n2', sequence: 5, kind: 'send', to: 'n1', body: { text: 'yes' }, ...answer },
    { time: 30, node: 'n1', sequence: 4, kind: 'deliver', from: 'n2', ...answer },
    { time: 30, node: 'n1', sequence: 5, kind: 'state', ...state(true, 1) },
    { time: 30, node: 'n1', sequence: 6, kind: 'log', path, level: 'warn', text: HOSTILE },
    { time: 30, node: 'n1', sequence: 7, kind: 'status', status: 'terminated' },
    { time: 30, node: 'n2', sequence: 6, kind: 'status', status: 'terminated' },
  ];
}

/** A long trace: one node counts. */
export function longTrace(length: number): TraceEvent[] {
  return Array.from({ length }, (_, index) => ({
    ...{
      time: index / 10,
      node: `n${(index % 2) + 1}`,
      sequence: index + 1,
      kind: 'state' as const,
    },
    ...{ path: 'talk', state: { speaks: false, heard: index } },
  }));
}

/** A member of the fake room. */
export function member(order: number, part: Partial<RoomMember> = {}): RoomMember {
  return {
    ...{ member: `m${order}`, order, present: true, me: false, nodes: [] },
    ...{
      role: 'member',
      isObserver: false,
      mayDirect: false,
      isHub: false,
      isKicked: false,
      way: 'direct',
    },
    ...part,
  };
}

/** A room that a test fills by hand. */
export class FakeRoom implements RoomSession {
  readonly code = 'AB23CD';
  readonly link = 'http://lab.example/#/room/AB23CD';
  members: readonly RoomMember[];
  readonly address = 'AB23CD';
  readonly access = 'open';
  readonly reach = 'server';
  mayDirect: boolean;
  mayManage: boolean;
  notices: readonly RoomNotice[] = [];
  ending: RoomEnding | undefined;
  run: RoomRun | undefined;
  problem: string | undefined;
  connection: RoomSession['connection'] = 'open';
  choice: RoomChoice | undefined;
  started = 0;
  left = false;
  readonly #listeners = new Set<() => void>();

  /** What was asked for, by the name of the method. */
  readonly asked: [string, ...unknown[]][] = [];

  constructor(isCreator: boolean) {
    this.mayDirect = isCreator;
    this.mayManage = isCreator;
    this.members = [
      member(1, { me: isCreator, role: 'creator', mayDirect: true, isHub: true }),
      member(2, { me: !isCreator }),
    ];
  }

  change(part: Partial<FakeRoom>): void {
    Object.assign(this, part);
    for (const listener of this.#listeners) listener();
  }

  lessons: RoomLessons = this.#lesson({ isFrozen: false }, new Map());

  #lesson(lesson: Lesson, answers: ReadonlyMap<string, number>): RoomLessons {
    return {
      ...{ lesson, answers },
      teach: (part) => {
        this.asked.push(['teach', part]);
        this.change({ lessons: this.#lesson({ ...lesson, ...part }, answers) });
      },
      answer: (option) => {
        this.asked.push(['answer', option]);
        const all = new Map([...answers, ['m2', option] as const]);
        this.change({ lessons: this.#lesson(lesson, all) });
      },
    };
  }

  propose(choice: RoomChoice): void {
    this.choice = choice;
  }

  start(): void {
    this.started++;
  }

  hold(isHeld: boolean): void {
    this.asked.push(['hold', isHeld]);
  }

  grab(...asked: Parameters<RoomSession['grab']>): void {
    this.asked.push(['grab', ...asked]);
  }

  cut(groups: readonly (readonly string[])[]): void {
    this.asked.push(['cut', groups]);
  }

  kill(node: string): void {
    this.asked.push(['kill', node]);
  }

  kick(who: string, isKicked = true): void {
    this.asked.push(['kick', who, isKicked]);
  }

  grant(who: string, mayDirect = true): void {
    this.asked.push(['grant', who, mayDirect]);
  }

  setName(name: string): void {
    this.asked.push(['setName', name]);
  }

  observe(isObserver: boolean): void {
    this.asked.push(['observe', isObserver]);
  }

  dismiss(notice: number): void {
    this.asked.push(['dismiss', notice]);
  }

  leave(): void {
    this.left = true;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** The service, with what it was asked for. */
export class FakeLab implements LabService {
  readonly memberName = '';
  readonly runs: FakeRun[] = [];
  readonly configs: string[] = [];
  readonly requests: SimulationRequest[] = [];
  faultProblems: readonly Diagnostic[] = [];
  diagnostics: readonly Diagnostic[] = [];
  room = new FakeRoom(true);
  refusal: string | undefined;
  /** Closes the room. */
  passphrase: string | undefined;
  /** How long it takes to make its key. */
  stretching: Promise<void> = Promise.resolve();
  readonly created: CreateRoomOptions[] = [];
  readonly joined: [address: string, options: JoinRoomOptions][] = [];
  /** Chapters that somebody was about to open. */
  readonly prepared: string[] = [];
  /** What happens in a simulation. */
  events: readonly TraceEvent[] = trace();
  /** What becomes of the next run. */
  finish: (run: FakeRun) => void = (run) => run.end();

  contents(): Promise<readonly ChapterEntry[]> {
    return this.chapters();
  }

  async chapters(): Promise<readonly ChapterEntry[]> {
    return [CHAPTER, SECOND];
  }

  async looksOf(): Promise<ChapterLooks> {
    return {
      view: (state) => ({
        role: (state as { speaks: boolean }).speaks ? 'sender' : 'receiver',
        badges: [`h${(state as { heard: number }).heard}`],
      }),
      invariants: ['Who is greeted answers', 'Nobody hears more than was said'],
    };
  }

  async sources(name: string): Promise<readonly SourceFile[]> {
    const text = `# ${name}\n\nRead [the code](talk.ts), [another](../other/README.md), [a trap](javascript:alert(1)), ${HOSTILE}\n\n| a | b |\n|---|---|\n| \`x\` | 2 |\n`;
    return [
      { name: 'README.md', text },
      { name: 'talk.ts', text: 'export const answer: number = 42;\n' },
    ];
  }

  async checkSource(_file: string, text: string): Promise<readonly Diagnostic[]> {
    if (!text.includes('class class')) return [];
    const place = { line: 1, column: 7, endLine: 1, endColumn: 8 };
    return [{ severity: 'error', message: 'Unexpected token', ...place }];
  }

  /** Whoever waits for the type checker, which a test lets come by hand. */
  readonly typesWanted: {
    readonly loading: TypeLoading;
    readonly finish: (checker: TypeChecker) => void;
  }[] = [];

  openTypes(loading: TypeLoading): Promise<TypeChecker> {
    return new Promise((finish) => this.typesWanted.push({ loading, finish }));
  }

  async checkConfig(_name: string, config: string): Promise<readonly Diagnostic[]> {
    this.configs.push(config);
    return this.diagnostics;
  }

  async readFaults(...asked: readonly [string, string, string, number]): Promise<ReadFaults> {
    const [, , faults] = asked;
    if (this.faultProblems.length > 0) return { diagnostics: this.faultProblems };
    return { faults: faults === '' ? undefined : ({ comment: faults } as Faults) };
  }

  async openLink(link: string): Promise<OpenedLink> {
    const linked = JSON.parse(atob(link)) as LinkedRun;
    const start = () => this.#begin(new FakeRun('simulated', linked.seed, this.events));
    const chapter = linked.source === undefined ? CHAPTER.name : undefined;
    return { linked, chapter, hasChanged: linked.hash !== undefined, start };
  }

  prepare(algorithm: string): void {
    this.prepared.push(algorithm);
  }

  simulate(request: SimulationRequest): Run {
    const { seed } = request;
    this.requests.push(request);
    const { algorithm, config, format, latencyMs, timeoutSeconds } = request;
    const run = new FakeRun('simulated', seed, this.events);
    run.linked = {
      ...{ algorithm, config, format, seed, latencyMs, runId: 'r' },
      ...{ timeoutMs: timeoutSeconds * 1000, serviceMs: 10_000 },
    };
    return this.#begin(run);
  }

  readonly repeated: LinkedRun[] = [];

  repeat(linked: LinkedRun): Run {
    this.repeated.push(linked);
    const run = new FakeRun('simulated', linked.seed, this.events);
    run.linked = linked;
    return this.#begin(run);
  }

  /** Searches that were asked for, each to be ended by hand. */
  readonly hunts: {
    readonly request: SimulationRequest;
    readonly options: HuntRequest;
    readonly finish: (result: HuntResult) => void;
  }[] = [];

  hunt(request: SimulationRequest, options: HuntRequest): Promise<HuntResult> {
    return new Promise((finish) => this.hunts.push({ request, options, finish }));
  }

  async pageOf(run: Run): Promise<string> {
    return `<!doctype html>${run.seed}`;
  }

  async shareRun(run: Run): Promise<string> {
    return `http://lab.example/#/run/1.${run.seed}`;
  }

  runInWorkers({ seed }: { seed: number }): Run {
    return this.#begin(new FakeRun('workers', seed));
  }

  async createRoom(options: CreateRoomOptions = {}): Promise<RoomSession> {
    this.created.push(options);
    if (this.refusal !== undefined) throw new Error(this.refusal);
    return this.room;
  }

  async joinRoom(address: string, options: JoinRoomOptions = {}): Promise<RoomSession> {
    this.joined.push([address, options]);
    const { passphrase, onProgress } = options;
    if (this.passphrase !== undefined && passphrase === undefined) {
      throw new RoomEntryError('passphrase-needed', 'This room is closed by a passphrase.');
    }
    if (passphrase !== undefined) {
      onProgress?.(0.5);
      await this.stretching;
    }
    if (passphrase !== this.passphrase) {
      throw new RoomEntryError('wrong-passphrase', 'The passphrase is not the one of this room.');
    }
    if (this.refusal !== undefined) throw new Error(this.refusal);
    return this.room;
  }

  #begin(run: FakeRun): Run {
    this.runs.push(run);
    queueMicrotask(() => this.finish(run));
    return run;
  }
}
