/** One step of one node under construction: the input goes in, the machine's effects are carried out as the driver does it live. */

import { messageOf } from '../../core/errors.ts';
import type { Effect, Machine } from '../../core/machine.ts';
import { REQUEST_TIMEOUT_MS } from '../../core/message.ts';
import { toValue, type Value } from '../../core/value.ts';
import type { Content, InFlight } from './in-flight.ts';
import type {
  MachineState,
  NodeSituation,
  OpenCall,
  Outcome,
  Standing,
  Write,
} from './node-situation.ts';
import type { SearchedNode } from './searched-node.ts';

/** The ticket of a request that arrives follows from the message, so that it is the same in whatever order requests come. */
export function ticketOf(messageNumber: number): number {
  return messageNumber + 1;
}

/** A machine that writes again whenever a write is durable never comes to rest where writes are durable at once. */
const WRITES_A_STEP_MAX = 1000;

/** An input without its time. */
type Input = Record<string, unknown> & { readonly kind: string };

/** What a machine takes, with its time. */
type MachineStepInput = Parameters<Machine['step']>[1];

/** A standing that changes. */
export class NodeStep {
  readonly #node: SearchedNode;
  readonly #before: Standing | undefined;
  readonly #sent: InFlight[] = [];
  readonly #sentAs: number[] = [];
  readonly #timersSet: string[] = [];
  readonly #notes: string[] = [];
  #problem: string | undefined;
  #life: Standing['life'] = 'up';
  #isFinished: boolean;
  #state: MachineState | undefined;
  readonly #timers: Map<string, number>;
  readonly calls: Map<number, OpenCall>;
  readonly asked: Set<number>;
  #waiting: readonly Effect[];
  #writes: readonly Write[];
  /** Tickets of writes that are durable, of which the machine has not heard. */
  readonly #durable: number[] = [];
  readonly #disk: Map<string, Value>;
  #clockMs: number;
  readonly #incarnation: number;

  private constructor(
    node: SearchedNode,
    before: Standing | undefined,
    state: MachineState,
    disk: Standing['disk'],
    incarnation: number,
  ) {
    this.#node = node;
    this.#before = before;
    this.#state = state;
    this.#isFinished = before?.isFinished ?? false;
    this.#timers = new Map(before?.timers);
    this.calls = new Map(before?.calls);
    this.asked = new Set(before?.asked);
    this.#waiting = before?.waiting ?? [];
    this.#writes = before?.writes ?? [];
    this.#disk = new Map(disk);
    this.#clockMs = before?.clockMs ?? 0;
    this.#incarnation = incarnation;
  }

  /** For a node that has just begun. */
  static fresh(
    node: SearchedNode,
    state: MachineState,
    disk: Standing['disk'],
    incarnation: number,
  ): NodeStep {
    return new NodeStep(node, undefined, state, disk, incarnation);
  }

  /** For one that is there. */
  static from(node: SearchedNode, before: NodeSituation): NodeStep {
    const state = node.around.machine.fork(before.state!) as MachineState;
    return new NodeStep(node, before, state, before.disk, before.incarnation);
  }

  /** The machine takes an input. What it throws fails the node, as it does live. */
  input(input: Input): void {
    this.#guard(() => {
      this.#step(input);
      this.#tellDurable();
    });
  }

  /** A timer goes off: it must be set. */
  fire(name: string): void {
    this.#clockMs = Math.max(this.#clockMs, this.#timers.get(name)!);
    this.#timers.delete(name);
    this.input({ kind: 'timer', name });
  }

  /** The oldest write is durable; when effects wait for a `put`, all up to that. */
  written(): void {
    const [put, ...rest] = this.#waiting;
    const writes = put === undefined ? this.#writes.slice(0, 1) : this.#writes;
    this.#writes = this.#writes.slice(writes.length);
    this.#waiting = [];
    for (const write of writes) this.#store(write);
    this.#durable.push(...writes.map(({ ticket }) => ticket));
    if (put?.kind === 'put') this.#store(put);
    this.#guard(() => {
      this.#perform(rest);
      this.#tellDurable();
    });
  }

  /** The node goes down; of the writes under way, so many are on its disk. */
  crash(kept: number): void {
    const [put] = this.#waiting;
    const underWay = put?.kind === 'put' ? [...this.#writes, put] : this.#writes;
    for (const write of underWay.slice(0, kept)) this.#store(write);
    this.#life = 'down';
    this.#state = undefined;
    this.#timers.clear();
    this.calls.clear();
    this.asked.clear();
    this.#waiting = [];
    this.#writes = [];
    this.#isFinished = false;
  }

  outcome(before: NodeSituation | undefined): Outcome {
    const next = this.#node.around.situations.take(this.#node, this.#standing());
    return {
      next,
      sent: this.#sent,
      sentAs: this.#sentAs,
      timersSet: this.#timersSet,
      isIdle: next === before && this.#sent.length === 0,
      notes: this.#notes,
      ...(this.#problem === undefined ? {} : { problem: this.#problem }),
    };
  }

  #guard(code: () => void): void {
    try {
      code();
    } catch (error) {
      this.#life = 'failed';
      this.#problem = messageOf(error);
    }
  }

  #step(input: Input): void {
    const { machine } = this.#node.around;
    const timed = { ...input, now: this.#clockMs } as unknown as MachineStepInput;
    const seat = { path: machine.name, id: this.#node.id };
    this.#perform(machine.step(this.#state!, timed, seat));
  }

  /** Writes that are durable are an input of their own, unless the node waits for a `put`. */
  #tellDurable(): void {
    for (let told = 0; this.#durable.length > 0 && this.#waiting.length === 0; told++) {
      if (told === WRITES_A_STEP_MAX) throw new Error('writes without end, at every write again');
      this.#step({ kind: 'written', ticket: this.#durable.shift()! });
    }
    // Nothing of these is left to be stored, only to be told.
    const untold = this.#durable.splice(0).map((ticket): Write => {
      return { kind: 'write', entries: {}, ticket };
    });
    this.#writes = [...untold, ...this.#writes];
  }

  #perform(effects: readonly Effect[]): void {
    for (let i = 0; i < effects.length; i++) {
      const effect = effects[i]!;
      if (effect.kind === 'put' && this.#node.around.isDiskSlow) {
        this.#waiting = effects.slice(i);
        return;
      }
      this.#do(effect);
    }
  }

  #do(effect: Effect): void {
    switch (effect.kind) {
      case 'send':
        this.#send({ kind: 'cast', type: effect.type, ticket: 0 }, effect.to, effect.message);
        return;
      case 'toAll': {
        const number = this.#nextNumber;
        for (const place of this.#node.neighbours) {
          const to = this.#node.idOf(place);
          this.#send({ kind: 'cast', type: effect.type, ticket: 0 }, to, effect.message, number);
        }
        return;
      }
      case 'request': {
        const { to, type, ticket, timeoutMs = REQUEST_TIMEOUT_MS } = effect;
        this.calls.set(ticket, { to, type, canTimeOut: timeoutMs < Infinity });
        this.#send({ kind: 'request', type, ticket }, to, effect.message);
        return;
      }
      case 'answer':
        this.#answer(effect.ticket, 'reply', effect.reply ?? null);
        return;
      case 'refuse':
        this.#answer(effect.ticket, 'error', ['refused', effect.reason]);
        return;
      case 'timer':
        this.#timersSet.push(effect.name);
        this.#timers.set(effect.name, this.#clockMs + Math.max(0, effect.delayMs));
        return;
      case 'cancel':
        this.#timers.delete(effect.name);
        return;
      case 'put':
        this.#store(effect);
        return;
      case 'write':
        this.#write(effect);
        return;
      case 'deliver':
        this.#notes.push(`delivered ${effect.type}`);
        return;
      case 'log':
        this.#notes.push(effect.text);
        return;
      case 'terminate':
        this.#isFinished = true;
    }
  }

  #send(
    what: Pick<Content, 'kind' | 'type' | 'ticket'>,
    to: string,
    message: unknown,
    number = this.#nextNumber,
  ): void {
    const body = toValue(message ?? {});
    const ends = { from: this.#node.place, to: this.#node.placeOf(to) };
    this.#post({ ...ends, ...what, body }, number);
  }

  #post(content: Content, number: number): void {
    this.#sent.push(this.#node.around.messages.take(content));
    this.#sentAs.push(number);
  }

  get #nextNumber(): number {
    return (this.#sentAs.at(-1) ?? 0) + 1;
  }

  #answer(ticket: number, kind: 'reply' | 'error', body: unknown): void {
    // Whoever was answered is not answered again.
    if (!this.asked.delete(ticket)) return;
    const { messages } = this.#node.around;
    const request = messages.at(ticket - 1)!;
    const { from, to, type } = request;
    const answer = { kind, type, ticket: request.ticket, body: toValue(body) };
    this.#post({ from: to, to: from, ...answer }, this.#nextNumber);
  }

  #write(write: Write): void {
    if (this.#node.around.isDiskSlow) this.#writes = [...this.#writes, write];
    else {
      this.#store(write);
      this.#durable.push(write.ticket);
    }
  }

  #store({ entries }: Pick<Write, 'entries'>): void {
    for (const [key, value] of Object.entries(entries)) {
      if (value === undefined) this.#disk.delete(key);
      else this.#disk.set(key, toValue(value));
    }
  }

  #standing(): Standing {
    return {
      life: this.#life,
      isFinished: this.#isFinished,
      state: this.#state,
      timers: this.#timers,
      calls: this.calls,
      asked: this.asked,
      waiting: this.#waiting,
      writes: this.#writes,
      disk: this.#disk,
      clockMs: this.#clockMs,
      incarnation: this.#incarnation,
      view: this.#view(),
    };
  }

  #view(): Standing['view'] {
    const { id, settings, around } = this.#node;
    const status = this.#life === 'failed' ? 'failed' : this.#isFinished ? 'finished' : 'running';
    // A machine that threw has left its state in the middle of something: what was seen last stays.
    const isWhole = this.#life === 'up';
    const state = isWhole ? around.machine.visible(this.#state!) : (this.#before?.view.state ?? {});
    const fault = this.#life === 'down' ? { fault: 'crashed' as const } : {};
    return { id, status, state, settings, ...fault };
  }
}
