/**
 * The gateway: a member of the network as a node of the simulator. Every message of Maelstrom's protocol is one cast between two gateways, so
 * that everything that the simulator has (time, weather, crashes, traces) is there for programs that know nothing of it.
 */

import * as v from 'valibot';
import { defineAlgorithm, type AlgorithmClass } from '../core/algorithm.ts';
import { anyValue } from '../core/any-value.ts';
import type { NodeId } from '../core/id.ts';
import { cast } from '../core/message.ts';
import type { Turn } from '../runtime/turn.ts';
import { ProtocolError, type Body } from './message.ts';
import type { Port, Program } from './program.ts';
import type { Traffic } from './traffic.ts';

/** Messages may overtake each other, as in Maelstrom’s network: programs there have no ordered links. */
const messages = { message: cast({ body: anyValue() }, { via: 'gossip' }) };

/** Where the gateways get their programs, and whom they tell. */
export interface Membership {
  readonly traffic: Traffic;
  /** The simulation's. */
  turn(): Turn;
  programFor(port: Port): Program;
  failed(id: NodeId, problem: string): void;
  log(id: NodeId, text: string): void;
}

/** The class of all gateways of one run. */
export function gatewaysOf(membership: Membership): AlgorithmClass {
  const incarnations = new Map<NodeId, number>();
  return class Gateway extends defineAlgorithm('maelstrom', {
    messages,
    settings: { role: v.string() },
    service: true,
  }) {
    #program: Program | undefined;

    override onStart(): void {
      const incarnation = incarnations.get(this.id) ?? 0;
      incarnations.set(this.id, incarnation + 1);
      this.#program = membership.programFor(this.#port(incarnation));
    }

    handlers = this.on({
      message: (src, { body }) => {
        membership.traffic.received(src, this.id);
        this.#program!.receive({ src, dest: this.id, body: body as Body });
      },
    });

    #port(incarnation: number): Port {
      const { id, random, store } = this;
      return {
        ...{ id, incarnation, random, store, turn: membership.turn() },
        now: () => this.now(),
        after: (delayMs, callback) => this.after(delayMs, callback),
        sleep: (delayMs) => this.sleep(delayMs),
        knows: (dest) => dest === id || this.peers.has(dest),
        send: (dest, body) => this.#send(dest, body),
        log: (text) => membership.log(id, text),
        fail: (problem) => membership.failed(id, problem),
      };
    }

    #send(dest: NodeId, body: Body): void {
      const peer = this.peers.get(dest);
      if (peer === undefined && dest !== this.id) {
        throw new ProtocolError(`there is nobody called '${dest}'`);
      }
      membership.traffic.sent(this.id, dest);
      if (peer !== undefined) void peer.message({ body });
      else this.after(0, () => this.#program!.receive({ src: dest, dest, body }));
    }
  };
}
