/**
 * A node whose inputs come from a recording. The runner, its turns and its algorithms are those of every other node; what surrounds them
 * answers what the recording says, and does nothing by itself.
 */

import { messageOf } from '../../core/errors.ts';
import type { NodeId } from '../../core/id.ts';
import type { Clock, LogLevel, Signer, Store } from '../../core/ports.ts';
import type { NodeResult } from '../../core/result.ts';
import type { TraceEvent, TraceSink } from '../../core/trace.ts';
import { SIGNATURE_BYTES } from '../../core/canonical.ts';
import type { Envelope } from '../envelope.ts';
import { linkPlanOf } from '../link-plan.ts';
import { turnStore } from '../live/turn-store.ts';
import { takeInput, type NodeInput } from '../node-input.ts';
import { NodeRunner, type NodeHost } from '../node.ts';
import type { RunPlan } from '../plan.ts';
import { macrotask, onUnhandledRejection } from '../platform.ts';
import { TurnQueue, type Turn } from '../turn.ts';
import { errorOf, readAnswer, readLifecycle, readMessage } from './recorded-input.ts';
import type {
  LifeLine,
  RecordedError,
  RecordedInput,
  RecordedStorage,
  TurnLine,
} from './recording.ts';

/** The next input cannot happen to this node: it, or what came before it, is not what it was. */
export class ImpossibleInput extends Error {
  override readonly name = 'ImpossibleInput';
}

/** Something that the node asked for and that the recording has not answered. */
interface Request {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Tasks of the platform's after which a promise that nobody handles is certainly known. */
const REJECTION_TASKS = 10;

const NONE: ReadonlySet<number> = new Set();

/** Signatures are checked before messages are recorded, and nobody looks at new ones. */
const UNCHECKED: Signer = {
  sign: () => new Uint8Array(SIGNATURE_BYTES),
  verify: () => true,
};

/** One life of a node, replayed. */
export class ReplayedNode implements NodeHost {
  readonly clock: Clock;
  readonly signer = UNCHECKED;
  readonly trace: TraceSink;
  readonly log: (level: LogLevel, path: string, text: string) => void;
  readonly #plan: RunPlan;
  readonly #storage: RecordedStorage;
  readonly #runner: NodeRunner;
  readonly #turns: TurnQueue<NodeInput>;
  readonly #posts = new Map<number, () => void>();
  readonly #timers = new Map<number, () => unknown>();
  readonly #sends = new Map<number, () => void>();
  readonly #uses = new Map<number, Request>();
  readonly #rejections: unknown[] = [];
  readonly #stopListening: () => void;
  #postsMade = 0;
  #timersMade = 0;
  #sendsMade = 0;
  #usesMade = 0;
  #timeMs = 0;
  /** Sendings of this turn that have to wait. Few turns have any. */
  #waits: ReadonlySet<number> = NONE;
  /** Faults of this turn that the node has not come to. */
  #faults: (TraceEvent & { readonly kind: 'fault' })[] = [];
  #turnOver: () => void = () => {};
  /** What no input of a live node does: it broke the runner. */
  #failure: string | undefined;

  constructor(
    plan: RunPlan,
    { node, incarnation, restarted, storage }: LifeLine,
    trace: TraceSink,
    log: (timeMs: number, level: LogLevel, path: string, text: string) => void = () => {},
  ) {
    this.#plan = plan;
    this.#storage = storage;
    this.trace = (event) => this.#write(event, trace);
    this.log = (level, path, text) => log(this.#timeMs, level, path, text);
    this.clock = {
      now: () => this.#timeMs,
      after: (_delayMs, callback) => this.#after(callback),
    };
    this.#turns = new TurnQueue({
      begin: () => {},
      take: (input) => {
        try {
          takeInput(this.#runner, this.turn, input);
        } catch (error) {
          this.#failure = messageOf(error);
        }
      },
      end: () => {
        this.#strikeFaults();
        this.#runner.endTurn();
        this.#turnOver();
      },
    });
    const overlay = linkPlanOf(plan).barriers;
    const entry = { incarnation, restarted, overlay: [...overlay.get(node)!] };
    this.#runner = new NodeRunner(plan, node, entry, this);
    this.#stopListening = onUnhandledRejection((error) => {
      this.#rejections.push(error);
      return true;
    });
  }

  get turn(): Turn {
    return this.#turns.turn;
  }

  /**
   * Hands over the input of a recorded turn; fulfilled when the turn is over.
   *
   * @throws {ImpossibleInput} when the node never asked for what happens
   */
  async take({ time, input, waits = [], events = [] }: TurnLine): Promise<void> {
    const made = await this.#made(input);
    this.#timeMs = time;
    this.#waits = waits.length === 0 ? NONE : new Set(waits);
    this.#faults = events.filter((event) => event.kind === 'fault');
    await new Promise<void>((resolve) => {
      this.#turnOver = resolve;
      this.#turns.post(made);
    });
    if (this.#failure !== undefined) {
      throw new ImpossibleInput(`no node can take this ${input.kind}: ${this.#failure}`);
    }
  }

  /** What was written between two turns: code that its turn did not know of runs now, and faults strike. */
  async between(events: readonly TraceEvent[]): Promise<void> {
    await macrotask();
    this.#faults = events.filter((event) => event.kind === 'fault');
    this.#strikeFaults();
  }

  /** What the node came to. */
  result(): NodeResult {
    return this.#runner.result();
  }

  /** Ends it. */
  async close(): Promise<void> {
    this.#runner.close();
    // A promise that was rejected in the last turn is still this node's.
    await macrotask();
    this.#stopListening();
  }

  // What the runner asks.

  send(_to: NodeId, _envelope: Envelope): Promise<void> | undefined {
    const number = ++this.#sendsMade;
    if (!this.#waits.has(number)) return undefined;
    return new Promise((resolve) => this.#sends.set(number, resolve));
  }

  post(event: () => void): void {
    this.#posts.set(++this.#postsMade, event);
  }

  store(_path: string): Store {
    const answered = () => Promise.resolve(undefined as never);
    const nothing = {
      ...this.#storage,
      get: answered,
      put: answered,
      putAll: answered,
      delete: answered,
      entries: answered,
    };
    return turnStore(nothing, <T>() => this.#answer<T>());
  }

  #answer<T>(): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (value: unknown) => resolve(value as T);
      this.#uses.set(++this.#usesMade, { resolve: settle, reject });
    });
  }

  #after(callback: () => unknown) {
    const number = ++this.#timersMade;
    this.#timers.set(number, callback);
    return {
      cancel: () => {
        // Live, a timer may have fired already and wait for its turn when it is stopped: then the turn is an empty one.
        if (this.#timers.has(number)) this.#timers.set(number, () => undefined);
      },
    };
  }

  /** Writes an event. A fault that stood in its place comes first: the weather strikes while the node goes on. */
  #write(event: TraceEvent, trace: TraceSink): void {
    let written = event;
    while (this.#faults[0]?.sequence === written.sequence) {
      trace({ ...this.#faults.shift()!, time: this.#timeMs });
      written = { ...written, sequence: ++this.#runner.counters.events };
    }
    trace(written);
  }

  /** Writes the faults that stood behind everything that the node did. */
  #strikeFaults(): void {
    for (let next = this.#faults[0]; next !== undefined; next = this.#faults[0]) {
      if (next.sequence !== this.#runner.counters.events + 1) return;
      this.#faults.shift();
      const { time: _time, node: _node, sequence: _sequence, ...fault } = next;
      this.#runner.trace(fault);
    }
  }

  /** The input that was recorded, made of what this node asked for. */
  async #made(input: RecordedInput): Promise<NodeInput> {
    switch (input.kind) {
      case 'message': {
        const { kind, from, forged } = input;
        const envelope = readable(input, () => readMessage(input, this.#plan));
        return { kind, from, envelope, isGenuine: forged !== true };
      }
      case 'lifecycle': {
        const message = readable(input, () => readLifecycle(input, this.#plan));
        return { kind: 'lifecycle', from: input.from, message };
      }
      case 'posted':
        return { ...input, kind: 'posted', run: asked(this.#posts, input) };
      case 'timer':
        return { ...input, kind: 'timer', run: asked(this.#timers, input) };
      case 'accepted':
        return { ...input, kind: 'accepted', run: asked(this.#sends, input) };
      case 'stored': {
        const answer = readable(input, () => readAnswer(input));
        const request = asked(this.#uses, input);
        const run = () =>
          'error' in answer ? request.reject(answer.error) : request.resolve(answer.value);
        return { kind: 'stored', number: input.number, answer, run };
      }
      case 'unhandled':
        return { kind: 'unhandled', error: await this.#nextRejection(input.error) };
      case 'stop':
        return { kind: 'stop', status: input.status, why: input.why };
      default:
        return input;
    }
  }

  /** What was rejected here, so that its stack is the algorithm's; what was rejected outside of the algorithm is known by its words alone. */
  async #nextRejection(recorded: RecordedError): Promise<unknown> {
    for (let task = 0; task < REJECTION_TASKS && this.#rejections.length === 0; task++) {
      await macrotask();
    }
    return this.#rejections.length > 0 ? this.#rejections.shift() : errorOf(recorded);
  }
}

const REQUESTS = {
  posted: 'a turn of its own',
  timer: 'a timer',
  accepted: 'a sending that waits',
  stored: 'a use of storage',
};

/** What the node asked for under that number. */
function asked<T>(
  requests: Map<number, T>,
  { kind, number }: { readonly kind: keyof typeof REQUESTS; readonly number: number },
): T {
  const request = requests.get(number);
  if (request === undefined) {
    throw new ImpossibleInput(
      `${REQUESTS[kind]} (number ${number}) is answered for which it never asked, or which was answered before`,
    );
  }
  requests.delete(number);
  return request;
}

function readable<T>({ kind }: RecordedInput, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new ImpossibleInput(`the ${kind} cannot be read: ${messageOf(error)}`);
  }
}
