/** The runs of a room, one after the other, and this tab's part in the current one. */

import type { Signaling } from '../../net/signaling/signaling.ts';
import type { Identity } from '../identity.ts';
import { Clocks, clockText } from './clocks.ts';
import type { Gathering } from './gathering.ts';
import type { KeyRing } from './key-ring.ts';
import { bodyOf, type Control, type Manifest } from './messages.ts';
import { calledBy } from './room-members.ts';
import type { RoomPage } from './room-page.ts';
import { RunPart, type HeardSignal, type RunStatement } from './run-part.ts';
import type { Statement } from './statement.ts';

/** What runs need of their room. */
export interface RoomRunsHost {
  readonly room: string;
  readonly identity: Identity;
  readonly signaling: Signaling;
  readonly membershipKey: Uint8Array | undefined;
  readonly page: RoomPage;
  /** This tab's, in hexadecimal. */
  readonly publicKey: string;
  readonly keys: KeyRing;
  readonly gathering: Gathering;
  /** Says something to everybody. */
  say(said: RunStatement): Promise<Statement>;
  /** The events of the last run are of no interest any more. */
  forgetEvents(): void;
  /** Somebody wants to end the run. */
  stop(): void;
  warn(text: string): void;
  failed(error: unknown): void;
  changed(): void;
}

/** Signals that came before the manifest of their run. */
const EARLY_SIGNALS_MAX = 1000;

/** The runs of one room. */
export class RoomRuns {
  readonly #host: RoomRunsHost;
  readonly #clocks: Clocks;
  readonly #early: HeardSignal[] = [];
  /** What nodes of the current run came to, and who takes no part: for newcomers. */
  readonly #outcomes = new Map<string, Statement>();
  /** Runs of which somebody said that they are over before this tab heard of them. */
  readonly #over = new Set<string>();
  #part: RunPart | undefined;
  /** The current run was over when this tab heard of it. */
  #wasOver = false;

  constructor(host: RoomRunsHost) {
    this.#host = host;
    this.#clocks = new Clocks(() => host.page.nowMs());
  }

  get part(): RunPart | undefined {
    return this.#part;
  }

  get isOver(): boolean {
    return this.#part?.record.phase === 'ended';
  }

  /** What nodes came to so far. */
  get outcomes(): readonly Statement[] {
    return [...this.#outcomes.values()];
  }

  /** A member has just said what its clock shows. */
  noteClock(member: string, clockMs: number): void {
    this.#clocks.note(member, clockMs);
    const aheadMs = this.#clocks.aheadOf(member, 0);
    if (aheadMs === 0) return;
    this.#host.warn(clockText(aheadMs, calledBy(this.#host.gathering.people.get(member))));
  }

  /** Whoever is here says that this run is over. */
  noteOver(statement: Pick<Statement, 'by' | 'number'>): void {
    this.#over.add(nameOf(statement));
  }

  /** A director has started a run. */
  begin(statement: Statement, manifest: Manifest): void {
    if (manifest.spec.runId === this.#part?.runId) return;
    const { room, identity, signaling, membershipKey, page, publicKey, keys, gathering } =
      this.#host;
    this.close();
    this.#outcomes.clear();
    this.#host.forgetEvents();
    const part: RunPart = new RunPart(manifest, {
      ...{ room, identity, signaling, membershipKey, makeNode: page.host },
      check: {
        ...{ self: identity.member, key: publicKey, find: page.find, hashOf: page.hashOf },
        keyOf: (member) => keys.keyOf(member),
      },
      clockAheadMs: this.#clockAhead(statement.by, manifest),
      isWelcome: (member) => gathering.isWelcome(member),
      isExpected: (member) => gathering.isExpected(member),
      say: (said) => this.#say(part, said),
      stop: () => this.#host.stop(),
      takesPart: () => page.rememberTab({ lastRunId: manifest.spec.runId }),
      changed: () => this.#host.changed(),
    });
    this.#part = part;
    const control = gathering.ledger.body('control');
    if (control !== undefined) this.apply(control);
    for (const heard of this.#early.splice(0)) {
      if (heard.signal.runId === part.runId) part.signalled(heard);
    }
    this.#wasOver = this.#over.has(nameOf(statement));
    void part.begin(!this.#wasOver);
  }

  /** What directors did to the current run. */
  get control(): Control | undefined {
    return this.#part?.control;
  }

  /** A director did something. */
  apply(control: Control): void {
    if (control.runId === this.#part?.runId) this.#part.apply(control);
  }

  /** Something about the current run; true when it was news. */
  heard(statement: Statement): boolean {
    const part = this.#part;
    if (part === undefined) return false;
    const { kind, by } = statement;
    // What this tab said before it was reloaded counts only if it does not run its nodes again.
    if (by === this.#host.identity.member && !(kind === 'result' && this.#wasOver)) return false;
    if (kind === 'events') {
      const body = bodyOf({ ...statement, kind });
      if (body?.runId !== part.runId) return false;
      part.heardEvents(by, body);
      return true;
    }
    if (kind === 'result') {
      const body = bodyOf({ ...statement, kind });
      return (
        body?.runId === part.runId &&
        this.#isOutcome(statement, body.node) &&
        part.heardResult(by, body)
      );
    }
    if (kind !== 'declined') return false;
    const body = bodyOf({ ...statement, kind });
    return (
      body?.runId === part.runId && this.#isOutcome(statement, '') && part.heardDeclined(by, body)
    );
  }

  signalled(heard: HeardSignal): void {
    if (heard.signal.runId === this.#part?.runId) this.#part.signalled(heard);
    else if (this.#early.length < EARLY_SIGNALS_MAX) this.#early.push(heard);
  }

  close(): void {
    this.#part?.close();
  }

  #clockAhead(by: string, { startedAtMs }: Manifest): number {
    return by === this.#host.identity.member ? 0 : this.#clocks.aheadOf(by, startedAtMs);
  }

  #say(part: RunPart, said: RunStatement): void {
    void this.#host
      .say(said)
      .then((statement) => {
        if (part !== this.#part || said.kind === 'events') return;
        this.#isOutcome(statement, said.kind === 'result' ? said.body.node : '');
      })
      .catch((error: unknown) => {
        if (said.kind !== 'result') return this.#host.failed(error);
        // A report that is too long for everybody stays here; that the node has ended must be known.
        const result = { ...said.body.result, report: { too_long_to_be_shown_here: true } };
        this.#say(part, { kind: 'result', body: { ...said.body, result } });
      });
  }

  /** Keeps what a node came to, once. */
  #isOutcome(statement: Statement, node: string): boolean {
    const name = `${statement.by} ${node}`;
    if (this.#outcomes.has(name)) return false;
    this.#outcomes.set(name, statement);
    return true;
  }
}

function nameOf({ by, number }: Pick<Statement, 'by' | 'number'>): string {
  return `${number} ${by}`;
}
