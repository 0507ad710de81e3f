/** What directors and managers do in a room: each deed becomes a statement that stands from then on. */

import type { NodeId } from '../../core/id.ts';
import type { RoomChoice } from '../lab-service.ts';
import type { Gathering } from './gathering.ts';
import type { KeyRing } from './key-ring.ts';
import type { RegisterKind } from './ledger.ts';
import type { HeldDeed, HeldMessage } from '../run.ts';
import { GRABS_MAX, type Bodies, type Control } from './messages.ts';
import type { RoomPage } from './room-page.ts';
import type { RoomRuns } from './room-runs.ts';
import { prepareRun } from './run-preparation.ts';

/** What direction needs of its room. */
export interface DirectionHost {
  /** This member, and its key in hexadecimal. */
  readonly self: { readonly member: string; readonly key: string };
  readonly gathering: Gathering;
  readonly keys: KeyRing;
  readonly runs: RoomRuns;
  readonly page: RoomPage;
  /** Says something that stands from now on, here as well. */
  readonly stand: <K extends RegisterKind>(kind: K, body: Bodies[K]) => Promise<void>;
  /** Shows what went wrong, if something does. */
  readonly attempt: (deed: Promise<unknown>) => void;
  changed(): void;
}

/** Milliseconds for which a choice that is being typed is gathered. */
const PROPOSE_MS = 250;

/** This member's hand in what happens. Whatever it may not do, it does not do. */
export class Direction {
  readonly #host: DirectionHost;
  #proposed: RoomChoice | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: DirectionHost) {
    this.#host = host;
  }

  get choice(): RoomChoice | undefined {
    return this.#proposed ?? this.#host.gathering.ledger.body('choice');
  }

  get mayDirect(): boolean {
    const { gathering, self } = this.#host;
    return gathering.mayDirect(self.member);
  }

  get mayManage(): boolean {
    const { gathering, self } = this.#host;
    return gathering.manager === self.member;
  }

  propose(choice: RoomChoice): void {
    if (!this.mayDirect) return;
    this.#proposed = choice;
    this.#timer ??= setTimeout(() => this.#host.attempt(this.#sayChoice()), PROPOSE_MS);
    this.#host.changed();
  }

  /** Somebody's choice stands: what was being typed here is over. */
  chosen(): void {
    this.#proposed = undefined;
  }

  start(): void {
    if (this.mayDirect) this.#host.attempt(this.#start());
  }

  /** Changes what directors did to the run. */
  command(change: Partial<Control>): void {
    const { control } = this.#host.runs;
    if (!this.mayDirect || control === undefined) return;
    this.#host.attempt(this.#host.stand('control', { ...control, ...change }));
  }

  /** Holds deliveries back, or lets them come; what was done to single ones is over then. */
  hold(isHeld: boolean): void {
    this.command({ isHeld, grabs: [] });
  }

  /** Does something to a message that is held back. */
  grab(held: HeldMessage, deed: HeldDeed): void {
    const { isHeld, grabs = [] } = this.#host.runs.control ?? {};
    if (isHeld !== true || grabs.length >= GRABS_MAX) return;
    const { to, message, path, type } = held;
    this.command({ grabs: [...grabs, { to, message, path, type, deed }] });
  }

  kill(node: NodeId): void {
    const killed = this.#host.runs.control?.killed ?? [];
    if (!killed.includes(node)) this.command({ killed: [...killed, node] });
  }

  kick(member: string, isKicked: boolean): void {
    const { gathering, keys, self, stand, attempt } = this.#host;
    if (!this.mayManage || member === self.member) return;
    const { rights } = gathering;
    const others = rights.kicked.filter((one) => one.member !== member);
    const key = keys.keyOf(member);
    const one = { member, ...(key === undefined ? {} : { key }) };
    attempt(
      stand('rights', {
        // Whoever is sent away directs no more.
        directors: rights.directors.filter((director) => !isKicked || director !== member),
        kicked: isKicked ? [...others, one] : others,
      }),
    );
  }

  grant(member: string, mayDirect: boolean): void {
    if (!this.mayManage) return;
    const { rights } = this.#host.gathering;
    const others = rights.directors.filter((one) => one !== member);
    const directors = mayDirect ? [...others, member] : others;
    this.#host.attempt(this.#host.stand('rights', { ...rights, directors }));
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  async #sayChoice(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const choice = this.#proposed;
    if (choice !== undefined) await this.#host.stand('choice', choice);
  }

  async #start(): Promise<void> {
    await this.#sayChoice();
    const { choice } = this;
    if (choice === undefined) return;
    const { gathering, keys, page, self, stand } = this.#host;
    await stand('run', await prepareRun({ choice, gathering, keys, page, self }));
  }
}
