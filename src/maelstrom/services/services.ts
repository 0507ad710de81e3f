/**
 * The services that Maelstrom's nodes may use (its doc/services.md): `lin-kv` and `lin-tso` are linearizable, `seq-kv` shows each caller
 * some state of the past that it has not seen a later one of, `lww-kv` has replicas that agree in the end.
 */

import type { NodeId } from '../../core/id.ts';
import type { Random } from '../../core/random.ts';
import { numberOf, type Body, type Message } from '../message.ts';
import type { Port, Program } from '../program.ts';
import { EMPTY, handleKeyValue, refusal, type Handled, type KeyValues } from './key-value.ts';
import { LastWriteWins } from './last-write-wins.ts';

/** What a service answers to a caller. */
export interface Service {
  handle(src: NodeId, body: Body): Body;
}

/** Every service, by the name of its node. */
export const SERVICES: ReadonlyMap<string, (random: Random) => Service> = new Map([
  ['lin-kv', () => new Linearizable(EMPTY, handleKeyValue)],
  ['seq-kv', (random: Random) => new Sequential(random)],
  ['lww-kv', (random: Random) => new LastWriteWins(random)],
  ['lin-tso', () => new Linearizable(0, handleTimestamp)],
] as [string, (random: Random) => Service][]);

/** A service as a member of the network. */
export class ServiceProgram implements Program {
  readonly #port: Port;
  readonly #service: Service;

  constructor(port: Port, service: Service) {
    this.#port = port;
    this.#service = service;
  }

  receive({ src, body }: Message): void {
    const number = numberOf(body);
    const answer = this.#service.handle(src, body);
    this.#port.send(src, number === undefined ? answer : { ...answer, in_reply_to: number });
  }
}

/** One state that all callers see. */
class Linearizable<State> implements Service {
  #state: State;
  readonly #handle: (state: State, body: Body) => Handled<State>;

  constructor(state: State, handle: (state: State, body: Body) => Handled<State>) {
    this.#state = state;
    this.#handle = handle;
  }

  handle(_src: NodeId, body: Body): Body {
    const { state, answer } = this.#handle(this.#state, body);
    this.#state = state;
    return answer;
  }
}

function handleTimestamp(next: number, body: Body): Handled<number> {
  if (body.type === 'ts') return { state: next + 1, answer: { type: 'ts_ok', ts: next } };
  return refusal(next, 10, `lin-tso has no '${body.type}'`);
}

/** States of the past that a caller may still be shown. */
const PAST_STATES_MAX = 32;

/** A store in which each caller goes forward through one order of all writes, at its own pace; who writes is brought up to date. */
class Sequential implements Service {
  readonly #random: Random;
  /** The last states, the newest last; the newest has the number `#newest`. */
  readonly #states: KeyValues[] = [EMPTY];
  readonly #seen = new Map<NodeId, number>();
  #newest = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  handle(src: NodeId, body: Body): Body {
    const oldest = this.#newest - this.#states.length + 1;
    const seen = Math.max(this.#seen.get(src) ?? 0, oldest);
    const shown = this.#random.integer(seen, this.#newest);
    const past = this.#states[shown - oldest]!;
    const stale = handleKeyValue(past, body);
    if (stale.state === past) {
      this.#seen.set(src, shown);
      return stale.answer;
    }
    const present = this.#states.at(-1)!;
    const { state, answer } = handleKeyValue(present, body);
    if (state !== present) {
      this.#newest++;
      this.#states.push(state);
      if (this.#states.length > PAST_STATES_MAX) this.#states.shift();
    }
    this.#seen.set(src, this.#newest);
    return answer;
  }
}
