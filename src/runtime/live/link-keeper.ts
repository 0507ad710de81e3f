/**
 * Keeps one link up: which attempt is made when, and over which way.
 *
 * Of two nodes one dials and the other accepts, so there is never more than one attempt that both mean. The side that accepts follows, and
 * asks the other to dial again when the link breaks here. A link that is fine is kept until a newer one is open: nobody can end it by
 * announcing another. Attempts that find no direct way lead to a relay; while a link is relayed, a direct one is tried every now and then.
 */

import type { NodeId } from '../../core/id.ts';
import type { Clock, LogLevel, Timer } from '../../core/ports.ts';
import { ATTEMPTS_PER_LINK_MAX } from '../../net/limits.ts';
import { ConnectionBudget } from '../../net/rtc/connection-budget.ts';
import { UNSUPPORTED } from '../../net/rtc/endings.ts';
import type { Ending } from '../../net/rtc/transport.ts';
import { Backoff } from '../../net/signaling/backoff.ts';
import type { Carrier, CarrierEvents, Way } from './carrier.ts';
import { LinkAttempt } from './link-attempt.ts';
import type { LinkTiming } from './link-timing.ts';
import {
  attemptName,
  readAttemptName,
  type AttemptSignal,
  type AttemptTime,
} from './room-signals.ts';
import { WayChoice } from './way-choice.ts';

/** What a keeper needs of its page. */
export interface KeeperHost {
  readonly clock: Clock;
  readonly timing: LinkTiming;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Whether links can go through the server. */
  readonly canRelay: boolean;
  /** Calls back when another connection may be made; returns what gives the turn up. */
  turn(begin: () => void): () => void;
  /** Makes what carries an attempt. */
  begin(attempt: string, way: Way, isInitiator: boolean, events: CarrierEvents): Carrier;
  /** Says something to the page of the other node. */
  tell(signal: AttemptSignal): void;
  log(level: LogLevel, text: string): void;
  /** When the next attempt is begun. */
  nextAttempt(): AttemptTime;
}

/** Which side of a link this is. */
export type LinkRole = 'dial' | 'accept';

/** The link to one incarnation of one other node. */
export class LinkKeeper {
  readonly #node: NodeId;
  readonly #role: LinkRole;
  readonly #incarnation: number;
  readonly #host: KeeperHost;
  readonly #backoff: Backoff;
  readonly #acceptable: ConnectionBudget;
  readonly #ways: WayChoice;
  /** Carries the link, or is to. */
  #current: LinkAttempt | undefined;
  /** May take its place. */
  #trial: LinkAttempt | undefined;
  /** The newest attempt that was accepted. */
  #latest: AttemptTime = { incarnation: 0, number: 0 };
  /** What is done when a wait is over. */
  #next: { readonly timer: Timer; readonly act: () => void } | undefined;
  #stable: Timer | undefined;
  #isResting = false;

  /** `incarnation` is the other node's. */
  constructor(node: NodeId, role: LinkRole, incarnation: number, host: KeeperHost) {
    this.#node = node;
    this.#role = role;
    this.#incarnation = incarnation;
    this.#host = host;
    const { redialMsMin, redialMsMax } = host.timing;
    const { random } = host;
    this.#backoff = new Backoff({ delayMsMin: redialMsMin, delayMsMax: redialMsMax, random });
    this.#acceptable = new ConnectionBudget(host.clock, ATTEMPTS_PER_LINK_MAX);
    this.#ways = new WayChoice(host.canRelay);
  }

  /** Whether there is a link that carries frames and is not in doubt. */
  get isFine(): boolean {
    return this.#current?.isOpen === true && !this.#current.isDoubtful;
  }

  /** Begins, or goes on after a rest. */
  wake(): void {
    this.#isResting = false;
    this.#again();
  }

  /** Ends what there is, and begins nothing until it is woken. */
  rest(): void {
    this.#isResting = true;
    this.#cancel();
    this.#stable?.cancel();
    this.#trial?.close();
    this.#current?.close();
    this.#trial = undefined;
    this.#current = undefined;
  }

  /** Keeps what there is, and begins nothing of its own any more. */
  retire(): void {
    this.#isResting = true;
    this.#cancel();
  }

  /** The page of the other node said something. */
  signalled(signal: AttemptSignal): void {
    const known = this.#attempt(signal.attempt);
    if (this.#role === 'accept') {
      if (signal.parley === 'relay') this.#accept(signal.attempt, 'relay');
      else if (signal.parley === 'link') {
        (known ?? this.#accept(signal.attempt, 'direct'))?.signal(signal.data);
      }
      return;
    }
    // A signal of an attempt that was given up here is stale.
    if (known === undefined) return;
    if (signal.parley === 'link') known.signal(signal.data);
    else if (signal.parley === 'redial' && !signal.needsRelay) known.repair();
    else if (signal.parley === 'redial' && known.way === 'direct' && !known.isOpen) {
      known.close();
      this.#failed(known, UNSUPPORTED_THERE);
    }
  }

  /** The link of an attempt is proven, and carries frames. */
  opened(name: string): void {
    const attempt = this.#attempt(name);
    if (attempt === undefined || attempt.isOpen) return;
    attempt.opened();
    if (attempt === this.#trial) {
      this.#current?.close();
      this.#current = attempt;
      this.#trial = undefined;
    }
    const { clock, timing } = this.#host;
    this.#stable?.cancel();
    this.#stable = clock.after(timing.stableAfterMs, () => this.#backoff.reset());
    this.#ways.opened(attempt.way);
    this.#host.log(attempt.way === 'relay' ? 'info' : 'debug', this.#arrival(attempt.way));
    this.#tryDirectLater();
  }

  /** The link of an attempt is gone, or came to nothing; `refused`: the other side is not who it should be. */
  closed(name: string, reason: string, refused: boolean): void {
    const attempt = this.#attempt(name);
    if (attempt === undefined) return;
    attempt.close();
    if (refused) {
      this.#host.log('warn', `the link to ${this.#node} was refused: ${reason}`);
      this.#ended(attempt, () => this.#waitLong());
    } else this.#failed(attempt, { kind: 'closed', reason });
  }

  /** The page may have slept, or changed its network: does now what would be done later. */
  probe(hasNewNetwork: boolean): void {
    if (hasNewNetwork) this.#backoff.reset();
    const current = this.#current;
    if (current?.isDoubtful === true) current.repair();
    else if (hasNewNetwork && current?.way === 'direct') current.restart();
    if (current !== undefined && !(hasNewNetwork && current.way === 'relay')) return;
    const next = this.#next;
    this.#cancel();
    next?.act();
  }

  #attempt(name: string): LinkAttempt | undefined {
    return [this.#current, this.#trial].find((attempt) => attempt?.name === name);
  }

  #dial(): void {
    const way = this.#ways.next;
    if (way === undefined) return;
    const name = attemptName(this.#host.nextAttempt());
    if (way === 'relay') this.#host.tell({ parley: 'relay', attempt: name });
    this.#current = this.#begin(name, way);
  }

  #accept(name: string, way: Way): LinkAttempt | undefined {
    const time = readAttemptName(name);
    if (time === undefined || !this.#isNew(time) || (way === 'relay' && !this.#host.canRelay)) {
      return undefined;
    }
    if (!this.#acceptable.tryTake()) return undefined;
    this.#latest = time;
    this.#cancel();
    this.#trial?.close();
    this.#trial = undefined;
    const { isFine } = this;
    if (!isFine) this.#current?.close();
    const attempt = this.#begin(name, way);
    if (isFine) this.#trial = attempt;
    else this.#current = attempt;
    return attempt;
  }

  /** Signals that somebody plays again begin nothing. */
  #isNew({ incarnation, number }: AttemptTime): boolean {
    return incarnation === this.#incarnation && number > this.#latest.number;
  }

  #begin(name: string, way: Way): LinkAttempt {
    const { clock, timing } = this.#host;
    const isInitiator = this.#role === 'dial';
    const attempt: LinkAttempt = new LinkAttempt(
      {
        name,
        way,
        isInitiator,
        clock,
        timing,
        turn: (begin) => this.#turn(way, begin),
        begin: (events) => this.#host.begin(name, way, isInitiator, events),
      },
      {
        ended: (ending) => this.#failed(attempt, ending),
        doubted: () => this.#ask(),
      },
    );
    return attempt;
  }

  /** A relay is no connection of the browser's. */
  #turn(way: Way, begin: () => void): () => void {
    if (way === 'direct') return this.#host.turn(begin);
    begin();
    return () => {};
  }

  #failed(attempt: LinkAttempt, { kind, reason }: Ending): void {
    const node = this.#node;
    this.#host.log('debug', `the connection to ${node} (${attempt.name}) ended: ${reason}`);
    if (attempt !== this.#trial) {
      this.#ways.failed(attempt.way, kind);
      if (kind === 'unsupported') this.#host.log('error', `no connection to ${node}: ${reason}`);
      else if (kind === 'no-way' && this.#ways.noWays === 1) {
        this.#host.log('warn', `no connection to ${node} yet: ${reason}`);
      }
    }
    this.#ended(attempt, () => this.#later(() => this.#again()));
  }

  #again(): void {
    if (this.#role === 'dial') this.#dial();
    else this.#ask();
  }

  /** Something is gone; if it was the link, `goOn` says what happens next. */
  #ended(attempt: LinkAttempt, goOn: () => void): void {
    if (attempt === this.#trial) {
      this.#trial = undefined;
      this.#tryDirectLater();
      return;
    }
    if (attempt !== this.#current) return;
    this.#stable?.cancel();
    this.#cancel();
    this.#current = this.#trial;
    this.#trial = undefined;
    if (this.#current === undefined && !this.#isResting) goOn();
  }

  /** Asks the other side to dial again, and once more after a while if it does not. */
  #ask(): void {
    const isFine = this.#current !== undefined && !this.#current.isDoubtful;
    if (isFine || this.#isResting || this.#latest.number === 0) return;
    const attempt = attemptName(this.#latest);
    this.#host.tell({ parley: 'redial', attempt, needsRelay: this.#ways.isDirectImpossible });
    this.#later(() => this.#ask());
  }

  #tryDirectLater(): void {
    if (this.#role !== 'dial' || this.#current?.way !== 'relay' || this.#isResting) return;
    this.#wait(this.#host.timing.directRetryMs, () => {
      this.#trial ??= this.#begin(attemptName(this.#host.nextAttempt()), 'direct');
    });
  }

  #waitLong(): void {
    const { redialMsMax } = this.#host.timing;
    if (this.#role === 'dial') {
      this.#wait(redialMsMax * (0.5 + this.#host.random() / 2), () => this.#dial());
    }
  }

  #later(act: () => void): void {
    this.#wait(this.#backoff.nextDelayMs(), act);
  }

  #wait(delayMs: number, act: () => void): void {
    this.#cancel();
    const timer = this.#host.clock.after(delayMs, () => {
      this.#next = undefined;
      act();
    });
    this.#next = { timer, act };
  }

  #cancel(): void {
    this.#next?.timer.cancel();
    this.#next = undefined;
  }

  #arrival(way: Way): string {
    const node = this.#node;
    if (way === 'direct') return `connected to ${node}`;
    return `connected to ${node} via relay: no direct way was found, and the server carries what is sent (encrypted)`;
  }
}

const UNSUPPORTED_THERE: Ending = { kind: 'unsupported', reason: `there, ${UNSUPPORTED.reason}` };
