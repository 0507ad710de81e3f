/** What sits between a member and its room in the hands of a test: it sees everything, and may say anything in anybody's name. */

import { Listeners } from '../../../src/net/signaling/listeners.ts';
import type { Signaling, SignalingEvents } from '../../../src/net/signaling/signaling.ts';

type Names = keyof SignalingEvents;
type Message = SignalingEvents['signal'] | SignalingEvents['broadcast'];

/** A signaling that passes everything on, unless told otherwise. */
export class Carrier implements Signaling {
  /** What arrived for this member, in order. */
  readonly carried: { readonly name: 'signal' | 'broadcast'; readonly event: Message }[] = [];
  /** Whether this payload goes on to the member, or is kept back. */
  passes: (payload: unknown) => boolean = () => true;
  readonly #inner: Signaling;
  readonly #listeners = new Listeners<SignalingEvents>();

  constructor(inner: Signaling) {
    this.#inner = inner;
    for (const name of ['joined', 'left', 'relay', 'relayDrained', 'state', 'problem'] as const) {
      inner.on(name, (event) => this.#listeners.emit(name, event as never));
    }
    for (const name of ['signal', 'broadcast'] as const) {
      inner.on(name, (event) => {
        this.carried.push({ name, event });
        if (this.passes(event.payload)) this.#listeners.emit(name, event);
      });
    }
  }

  get state() {
    return this.#inner.state;
  }

  get you() {
    return this.#inner.you;
  }

  get members() {
    return this.#inner.members;
  }

  get iceServers() {
    return this.#inner.iceServers;
  }

  join(request: Parameters<Signaling['join']>[0]) {
    return this.#inner.join(request);
  }

  signal(to: string, payload: unknown) {
    return this.#inner.signal(to, payload);
  }

  broadcast(payload: unknown) {
    return this.#inner.broadcast(payload);
  }

  relay(to: string, data: string) {
    return this.#inner.relay(to, data);
  }

  on<Name extends Names>(name: Name, listener: (event: SignalingEvents[Name]) => void) {
    return this.#listeners.on(name, listener);
  }

  close() {
    this.#inner.close();
  }

  /** Shows the member something that the room did not say, or not now. */
  show<Name extends Names>(name: Name, event: SignalingEvents[Name]): void {
    this.#listeners.emit(name, event);
  }
}
