/** The lab without pixels of its own: which chapter, what is set up, where it runs, and the run on show. */

import type { Run, RunPlace } from '../../lab/run.ts';
import { fittingLayout, LAYOUTS, type LayoutKind } from '../stage/layouts.ts';
import { Scene } from '../stage/scene.ts';
import { Viewer } from '../stage/viewer.ts';
import { messageOf } from '../../core/errors.ts';
import type {
  ChapterEntry,
  Diagnostic,
  LabService,
  ChapterLooks,
  RoomSession,
} from '../../lab/lab-service.ts';
import type { LinkedRun } from '../../lab/link/linked-run.ts';
import type { OpenedLink } from '../../lab/link/open-link.ts';
import { Branches, isVariantOf } from './branches.ts';
import { Following } from '../classroom/following.ts';
import { Hunting } from '../hunt/hunting.ts';
import { Deeds } from './deeds.ts';
import { ChapterCode } from './chapter-code.ts';
import { rememberRun } from './last-runs.ts';
import { RunOnShow } from './run-on-show.ts';
import { SetupCheck } from './setup-check.ts';
import { choiceOf, setupOfChoice, setupOfLink } from './setup-runs.ts';
import {
  exhibitOf,
  foreignChapter,
  optionsProblem,
  SEED_MAX,
  setupOf,
  type Setup,
} from './setup.ts';

/** Typing rests so long before the text is checked, in milliseconds. */
const CHECK_DELAY_MS = 250;

/** State and deeds of the lab. Its fields change; subscribers are told. */
export class LabModel {
  readonly viewer: Viewer;
  /** What is done by hand to simulated runs. */
  readonly branches: Branches;
  /** What can be done to the run on show. */
  readonly deeds: Deeds;
  /** The search for a counterexample. */
  readonly hunting: Hunting;
  /** The code of the chapter, and what was changed in it. */
  readonly code: ChapterCode;
  /** Who looks where another looks. */
  readonly following: Following;
  readonly #service: LabService;
  readonly #chapters: readonly ChapterEntry[];
  readonly #listeners = new Set<() => void>();
  #chapter: ChapterEntry;
  #scene: Scene;
  #setup: Setup;
  #place: RunPlace = 'simulated';
  readonly #check: SetupCheck;
  #refusal: string | undefined;
  #session: RoomSession | undefined;
  #leaveSession: (() => void) | undefined;
  readonly #shown: RunOnShow;
  #opened: OpenedLink | undefined;
  #arrangedAs: LayoutKind | undefined;
  /** The edits that the run on show has. */
  #ranEdits = '{}';

  /** @throws when there is no chapter at all */
  constructor(
    service: LabService,
    chapters: readonly ChapterEntry[],
    name: string | undefined,
    viewer = new Viewer(),
  ) {
    const chapter = chapters.find((entry) => entry.name === name) ?? chapters[0];
    if (chapter === undefined) throw new Error('There is no chapter to show.');
    this.viewer = viewer;
    this.#shown = new RunOnShow(
      viewer,
      (run) => rememberRun(run, this.#chapter, this.#setup, this.#session?.code),
      () => this.#emit(),
    );
    const present = (run: Run): void => this.#shown.show(run);
    const repeat = (linked: LinkedRun): Run => {
      const run = this.#service.repeat(linked, this.code.ofRuns);
      present(run);
      return run;
    };
    this.branches = new Branches(viewer, repeat, present);
    this.deeds = new Deeds(this);
    this.following = new Following(viewer, () => this.#session);
    this.#service = service;
    this.code = new ChapterCode(service, chapter.name, (refusal) => {
      this.#refusal = refusal ?? this.#refusal;
      this.#emit();
    });
    this.#chapters = chapters;
    this.#chapter = chapter;
    this.#scene = this.#newScene(chapter);
    this.#setup = setupOf(chapter);
    this.hunting = new Hunting((request, options) => service.hunt(request, options));
    this.#check = new SetupCheck(service, (faultsChanged) => {
      if (faultsChanged) this.#propose();
      this.#emit();
    });
    this.#check.soon(chapter.name, this.#setup, 0);
  }

  /** Those of the page, and the one on show, which a link may have brought. */
  get chapters(): readonly ChapterEntry[] {
    const isKnown = this.#chapters.includes(this.#chapter);
    return isKnown ? this.#chapters : [...this.#chapters, this.#chapter];
  }

  get chapter(): ChapterEntry {
    return this.#chapter;
  }

  get scene(): Scene {
    return this.#scene;
  }

  get setup(): Setup {
    return this.#setup;
  }

  get place(): RunPlace {
    return this.#place;
  }

  get diagnostics(): readonly Diagnostic[] {
    return this.#check.diagnostics;
  }

  /** What is wrong with the text of the faults. */
  get faultDiagnostics(): readonly Diagnostic[] {
    return this.#check.faultDiagnostics;
  }

  /** Why the last attempt to run came to nothing, with what to do about it. */
  get refusal(): string | undefined {
    return this.#refusal;
  }

  get session(): RoomSession | undefined {
    return this.#session;
  }

  /** The link whose run is on show. */
  get opened(): OpenedLink | undefined {
    return this.#opened;
  }

  get run(): Run | undefined {
    return this.viewer.run;
  }

  /** How nodes are arranged on the stage; as it fits their number unless somebody chose. */
  get arrangedAs(): LayoutKind | undefined {
    return this.#arrangedAs;
  }

  /** Arranges them, or with undefined in the next way. */
  arrange(kind: LayoutKind | undefined): void {
    const kinds = LAYOUTS.map(([name]) => name);
    const shown = this.#arrangedAs ?? fittingLayout(this.nodeIds.length);
    this.#arrangedAs = kind ?? kinds[(kinds.indexOf(shown) + 1) % kinds.length]!;
    this.#emit();
    this.viewer.refresh();
  }

  /** True while a run is being prepared or goes on. */
  get busy(): boolean {
    return this.#shown.isBusy;
  }

  /** The nodes of the run on show. */
  get nodeIds(): readonly string[] {
    return this.#scene.nodes.map(({ id }) => id);
  }

  /** True when this tab may choose what runs. */
  get mayChoose(): boolean {
    return this.#session === undefined || this.#session.mayDirect;
  }

  /** Turns to another chapter; what runs of the last one is ended. */
  openChapter(name: string): void {
    const chapter = this.#chapters.find((entry) => entry.name === name);
    if (chapter === undefined || chapter === this.#chapter) return;
    this.#setChapter(chapter);
    this.#setup = setupOf(chapter, undefined, this.#setup);
    this.#afterSetup(0);
    if (this.#session === undefined) this.#show(undefined);
  }

  /** Takes one of the chapter's files. */
  openFile(name: string): void {
    this.#setup = setupOf(this.#chapter, name, this.#setup);
    this.#afterSetup(0);
  }

  /** Changes the text or the options. */
  change(part: Partial<Setup>): void {
    this.#setup = { ...this.#setup, ...part };
    this.#afterSetup(CHECK_DELAY_MS);
  }

  /** Sets up what shows one of the chapter's bugs, with the bug in it, and runs it. */
  async show(bugName: string): Promise<void> {
    const bug = this.#chapter.bugs.find(({ name }) => name === bugName);
    if (bug === undefined) return;
    this.#setup = exhibitOf(this.#chapter, bug, this.#setup);
    this.#afterSetup(0);
    if (this.#place !== 'room') await this.start();
  }

  /** How nodes of a chapter look; as nodes do anywhere, when it cannot say. */
  lookOf({ name }: ChapterEntry): Promise<ChapterLooks> {
    return this.#service.looksOf(name).catch(() => ({}));
  }

  /** Where the next run happens. */
  setPlace(place: RunPlace): void {
    if (place === this.#place) return;
    this.#place = place;
    this.#refusal = undefined;
    this.#emit();
  }

  /** Searches runs of what is set up for one that breaks something. */
  async hunt(seeds: number, anyOrder: boolean, withChapterFaults: boolean): Promise<void> {
    if (!(await this.#mayRun())) return;
    const { seed, latencyMs } = this.#setup;
    const request = { ...this.#choice(), seed, latencyMs, ...this.#changed };
    const { name, config, faults: text } = { ...this.#chapter, config: this.#setup.config };
    const read = withChapterFaults
      ? await this.#service.readFaults(name, config, text, seed)
      : undefined;
    const faults = read !== undefined && 'faults' in read ? read.faults : request.faults;
    const wanted = faults === undefined ? request : { ...request, faults };
    await this.hunting.start(wanted, seeds, anyOrder);
  }

  /** Plays a run that a search has found, up to where it breaks. */
  async playFound(link: string): Promise<void> {
    try {
      const opened = await this.#service.openLink(link);
      const edits = this.hunting.request?.edits;
      // The address is the run from now on; it is not opened anew for that. No address has what was edited.
      if (edits === undefined) history.pushState(undefined, '', link.slice(link.indexOf('#')));
      const { linked } = opened;
      const start = edits === undefined ? opened.start : () => this.#service.repeat(linked, edits);
      this.openLink({ ...opened, start }, true);
    } catch (error) {
      this.refuse(messageOf(error));
    }
  }

  /** One page with the run on show. @throws by rejection, with a message for people */
  async page(): Promise<string> {
    if (this.run === undefined) throw new Error('Nothing has run yet: there is nothing to save.');
    return this.#service.pageOf(this.run);
  }

  /** Runs what is set up; in a room, in all its tabs. Resolves when the run has begun or was refused. */
  async start(): Promise<void> {
    if (!(await this.#mayRun())) return;
    const { seed, latencyMs } = this.#setup;
    const request = { ...this.#choice(), seed };
    if (this.#place === 'room') {
      this.#propose();
      this.#session?.start();
      return this.#emit();
    }
    const source = this.run?.linked?.source;
    if (this.#place === 'simulated' && source !== undefined && this.#isForeign) {
      const { timeoutSeconds, ...setUp } = { ...request, latencyMs };
      const timeoutMs = timeoutSeconds * 1000;
      const { runId, serviceMs } = this.run!.linked!;
      this.#show(this.#service.repeat({ ...setUp, source, runId, serviceMs, timeoutMs }));
      return;
    }
    if (this.#place === 'simulated') {
      const before = this.run;
      const run = this.#service.simulate({ ...request, latencyMs, ...this.#changed });
      const edits = JSON.stringify(this.code.edits);
      const isVariant = isVariantOf(run, before, edits !== this.#ranEdits);
      this.#show(run, isVariant ? before : undefined);
      this.#ranEdits = edits;
    } else this.#show(this.#service.runInWorkers(request));
    // Whoever wants no motion starts the playback, too, when it suits them.
    if (this.#place === 'simulated' && !this.viewer.discrete) this.viewer.playFromFirstMessage();
  }

  /** The same with the next seed. */
  async startNext(): Promise<void> {
    const seed = this.#setup.seed >= SEED_MAX ? 0 : this.#setup.seed + 1;
    this.#setup = { ...this.#setup, seed };
    await this.start();
  }

  /** Shows the run of a link: where it goes wrong, or played up to there. What is set up is the run's plan. */
  openLink(opened: OpenedLink, plays = false): void {
    const { linked } = opened;
    if (opened.start === undefined) return;
    const chapter = this.#chapters.find(({ name }) => name === opened.chapter);
    if (chapter === undefined) this.#setChapter(foreignChapter(linked));
    else if (chapter !== this.#chapter) this.#setChapter(chapter);
    this.#setup = setupOf(this.#chapter, undefined, this.#setup);
    this.change(setupOfLink(linked));
    this.setPlace('simulated');
    const run = opened.start();
    this.#show(run);
    this.#opened = opened;
    const stop = run.subscribe(() => {
      if (run.phase !== 'ended') return;
      stop();
      if (this.run !== run) return;
      if (plays && !this.viewer.discrete) this.viewer.play();
      else this.viewer.goToFailure();
    });
    this.#emit();
  }

  /** Says why something that was asked for did not happen. */
  refuse(reason: string): void {
    this.#refusal = reason;
    this.#emit();
  }

  /** Ends the run. */
  stop(): void {
    this.run?.stop();
  }

  /** Shows what a room runs, and lets its starter choose. */
  enter(session: RoomSession): void {
    this.leave();
    this.#session = session;
    this.#place = 'room';
    this.#leaveSession = session.subscribe(() => this.#followSession());
    this.#propose();
    this.#followSession();
  }

  /** Ends the subscription to the room; whoever opened the session leaves it. */
  leave(): void {
    this.#leaveSession?.();
    this.#leaveSession = undefined;
    this.#session = undefined;
    if (this.#place === 'room') this.#place = 'simulated';
  }

  /** Ends everything that goes on. */
  close(): void {
    this.#check.cancel();
    this.hunting.cancel();
    this.following.close();
    this.leave();
    this.#show(undefined);
  }

  /** Calls `listener` after each change; returns what ends the subscription. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Checks once more what is set up; says why when it cannot be run. */
  async #mayRun(): Promise<boolean> {
    await this.#check.now(this.#chapter.name, this.#setup);
    this.#refusal = this.#check.refusal ?? optionsProblem(this.#setup);
    if (this.#refusal !== undefined) this.#emit();
    return this.#refusal === undefined;
  }

  #setChapter(chapter: ChapterEntry): void {
    this.#chapter = chapter;
    this.code.open(chapter.name);
    this.#scene = this.#newScene(chapter);
  }

  /** Until the chapter's code is here, its nodes have no looks of their own. */
  #newScene(chapter: ChapterEntry): Scene {
    const scene = new Scene(this.viewer, chapter, () => this.branches.ghost);
    void this.lookOf(chapter).then((looks) => scene.lookThrough(looks));
    return scene;
  }

  #afterSetup(checkDelayMs: number): void {
    this.#refusal = undefined;
    this.#check.soon(this.#chapter.name, this.#setup, checkDelayMs);
    this.#propose();
    this.#emit();
  }

  #propose(): void {
    if (this.#session?.mayDirect !== true) return;
    this.#session.propose(this.#choice());
  }

  #choice() {
    return choiceOf(this.#chapter.name, this.#setup, this.#check.faults);
  }

  #followSession(): void {
    const session = this.#session!;
    if (!session.mayDirect && session.choice !== undefined) {
      const { algorithm } = session.choice;
      const chapter = this.#chapters.find((entry) => entry.name === algorithm);
      if (chapter !== undefined && chapter !== this.#chapter) this.#setChapter(chapter);
      this.#setup = setupOfChoice(this.#chapter, session.choice, this.#setup);
    }
    if (session.run !== this.run) this.#show(session.run);
    this.following.hear();
    this.#emit();
  }

  /** True for an algorithm that a link has brought, which this page does not have. */
  get #isForeign(): boolean {
    return !this.#chapters.includes(this.#chapter);
  }

  /** What simulations have beside the request: the reader's changes. */
  get #changed() {
    const edits = this.code.ofRuns;
    return edits === undefined ? {} : { edits };
  }

  /** The link of the run on show, for others. @throws by rejection, with a message for people */
  async share(): Promise<string> {
    if (this.run === undefined) throw new Error('Nothing has run yet: there is nothing to send.');
    if (this.code.ofRuns !== undefined) {
      throw new Error('A link carries no edited chapter: put the chapter’s own code back first.');
    }
    return this.#service.shareRun(this.run);
  }

  #show(run: Run | undefined, before?: Run): void {
    this.#opened = undefined;
    this.branches.begin(run, before);
    this.#shown.show(run);
  }

  #emit(): void {
    for (const listener of this.#listeners) listener();
  }
}
