/**
 * Judges a finished trace: whether it can have happened. Every message that was received was sent before, by whom and as what it is
 * said; events of a node are complete and in order; links keep the order of their messages.
 */

import type { NodeId } from '../../core/id.ts';
import type { TraceEvent } from '../../core/trace.ts';
import { visible } from './describe-event.ts';
import { InFlight, type ArrivalEvent, type SendEvent } from './in-flight.ts';

/** What can be wrong. */
export type TraceRule =
  /** A message was received that nobody sent. */
  | 'unsent'
  /** A message was received before it was sent. */
  | 'early'
  /** A message was received as something else than it was sent as. */
  | 'altered'
  /** Events of a node are missing, or stand twice. */
  | 'gap'
  /** Time went back at a node. */
  | 'backwards'
  /** A message overtook another on its link. */
  | 'overtaken';

/** Something that is wrong. */
export interface TraceFinding {
  readonly rule: TraceRule;
  /** Where it shows: the line, as it was given with the event. */
  readonly line: number;
  readonly node: NodeId;
  /** What is wrong, in a sentence. */
  readonly text: string;
}

/** What is judged. */
export interface JudgeOptions {
  /** False for a run in which messages of one link may overtake each other. */
  readonly keepsOrder?: boolean;
  /** False for a trace of which a part was chosen: gaps mean nothing there, and sendings may be missing. */
  readonly isWhole?: boolean;
}

/** Findings that are kept; further ones are counted. */
export const FINDINGS_MAX = 1000;

/** Many more than are ever under way at once, because what is forgotten is blamed on the trace. */
const IN_FLIGHT_MAX = 1 << 20;

/** Messages remembered for the faults that befell them. */
const MEDDLED_MAX = 1 << 18;

interface Sent {
  readonly line: number;
  /** Class of the link that it took; `data` unless the trace says otherwise. */
  readonly via: string;
  /** Running number on its link. */
  readonly place: number;
}

interface NodeWatch {
  sequence: number;
  time: number;
  lives: number;
}

/** One class of a link: `control` and `data` keep the order of their messages, each by itself, and `gossip` keeps none. */
interface LinkWatch {
  sent: number;
  /** The furthest message that was received. */
  received: Sent & { readonly message: string; readonly type: string };
}

/** Takes the events of a trace one after the other. */
export class TraceJudge {
  readonly #keepsOrder: boolean;
  readonly #isWhole: boolean;
  readonly #inFlight = new InFlight<Sent>(IN_FLIGHT_MAX);
  readonly #nodes = new Map<NodeId, NodeWatch>();
  readonly #links = new Map<string, LinkWatch>();
  /** Deliveries whose sending has not been seen, by message and receiver. */
  readonly #orphans = new Map<string, { readonly line: number; readonly event: ArrivalEvent }>();
  /** Messages with which a planned fault meddled, by message and receiver; without a receiver for all of them. */
  readonly #meddled = new Set<string>();
  readonly #findings: TraceFinding[] = [];
  #count = 0;

  constructor(options: JudgeOptions = {}) {
    this.#keepsOrder = options.keepsOrder ?? true;
    this.#isWhole = options.isWhole ?? true;
  }

  /** How much is wrong, so far. */
  get count(): number {
    return this.#count;
  }

  /** Takes the next event and the line on which it stands. */
  take(event: TraceEvent, line: number): void {
    this.#watchNode(event, line);
    if (event.kind === 'send') this.#send(event, line);
    else if (event.kind === 'deliver' || event.kind === 'drop') this.#arrive(event, line);
    else if (event.kind === 'fault' && event.message !== undefined) {
      if (this.#meddled.size < MEDDLED_MAX) this.#meddled.add(wayOf(event.message, event.to ?? ''));
    }
  }

  /** What is wrong, by line; to be called at the end, because a sending may stand behind its delivery. */
  findings(): readonly TraceFinding[] {
    for (const { line, event } of this.#orphans.values()) {
      const doubt =
        this.#inFlight.forgotten > 0
          ? ` (or its sending was forgotten: more than ${IN_FLIGHT_MAX} messages were under way)`
          : '';
      const text = `${event.node} received ${event.message} from ${event.from}, who never sent it${doubt}`;
      this.#find('unsent', line, event.node, text);
    }
    this.#orphans.clear();
    return this.#findings.toSorted((a, b) => a.line - b.line);
  }

  #watchNode({ node, sequence, time }: TraceEvent, line: number): void {
    // An onlooker's remark (a violation) stands outside the node's own order.
    if (sequence === 0) return;
    const watch = this.#nodes.get(node);
    if (watch === undefined) {
      this.#nodes.set(node, { sequence, time, lives: 1 });
      if (sequence !== 1 && this.#isWhole) {
        this.#find('gap', line, node, `${node} begins with its event ${sequence}`);
      }
      return;
    }
    const isRestarted = sequence === 1 || (!this.#isWhole && sequence <= watch.sequence);
    if (isRestarted) watch.lives++;
    else {
      if (this.#isWhole) this.#watchSequence(node, watch.sequence, sequence, line);
      if (time < watch.time) {
        const text = `the clock of ${node} goes back from ${watch.time} to ${time} ms`;
        this.#find('backwards', line, node, text);
      }
    }
    watch.sequence = sequence;
    watch.time = time;
  }

  #watchSequence(node: NodeId, before: number, now: number, line: number): void {
    if (now === before + 1) return;
    const what =
      now <= before
        ? `event ${now} stands behind event ${before}`
        : now === before + 2
          ? `event ${before + 1} is missing`
          : `events ${before + 1} to ${now - 1} are missing`;
    this.#find('gap', line, node, `${what} at ${node}`);
  }

  #send(event: SendEvent, line: number): void {
    const via = 'via' in event && typeof event.via === 'string' ? event.via : 'data';
    const link = this.#linkOf(event.node, event.to, via);
    this.#inFlight.send(event, { line, via, place: ++link.sent });
    const way = wayOf(event.message, event.to);
    const orphan = this.#orphans.get(way);
    if (orphan === undefined) return;
    this.#orphans.delete(way);
    const text = `${event.to} received ${event.message} before ${event.node} sent it on line ${line}`;
    this.#find('early', orphan.line, event.to, text);
  }

  #arrive(event: ArrivalEvent, line: number): void {
    const { departure, fits, isAgain } = this.#inFlight.arrive(event);
    // A fault that was asked for is no defect of the trace.
    if (this.#isMeddled(event)) return;
    if (departure === undefined) {
      // What is dropped may be anything: a forgery, a frame that nobody could read.
      if (event.kind === 'drop' || !this.#isWhole) return;
      const way = wayOf(event.message, event.node);
      if (this.#orphans.size < FINDINGS_MAX) this.#orphans.set(way, { line, event });
      else this.#count++;
      return;
    }
    const { note } = departure;
    if (!fits) {
      if (event.kind === 'drop') return;
      const { node, message, path, type, role, bytes } = event;
      const was = `${departure.role} ${departure.path} ${departure.type}, ${departure.bytes} bytes`;
      const is = `${role} ${path} ${type}, ${bytes} bytes`;
      const text = `${node} received ${message} as ${is}; it was sent on line ${note.line} as ${was}`;
      this.#find('altered', line, node, text);
      return;
    }
    if (event.kind === 'deliver' && !isAgain && this.#keepsOrder) {
      this.#watchOrder(event, note, line);
    }
  }

  #isMeddled({ message, node }: ArrivalEvent): boolean {
    if (this.#meddled.size === 0) return false;
    return this.#meddled.has(wayOf(message, node)) || this.#meddled.has(wayOf(message, ''));
  }

  #watchOrder({ node, from, message, type }: ArrivalEvent, sent: Sent, line: number): void {
    if (sent.via === 'gossip') return;
    const link = this.#linkOf(from, node, sent.via);
    const { received } = link;
    if (sent.place > received.place) {
      link.received = { ...sent, message, type };
      return;
    }
    const doubt =
      type === received.type
        ? ''
        : ` (which is right if ${type} and ${received.type} differ in class)`;
    const text =
      `${node} received ${message} (sent on line ${sent.line}) after ${received.message}, ` +
      `which ${from} sent later, on line ${received.line}${doubt}`;
    this.#find('overtaken', line, node, text);
  }

  #linkOf(from: NodeId, to: NodeId, via: string): LinkWatch {
    const name = `${via}\n${wayOf(from, to)}`;
    let link = this.#links.get(name);
    if (link === undefined) {
      link = { sent: 0, received: { line: 0, via, place: 0, message: '', type: '' } };
      this.#links.set(name, link);
    }
    return link;
  }

  #find(rule: TraceRule, line: number, node: NodeId, text: string): void {
    this.#count++;
    if (this.#findings.length < FINDINGS_MAX) {
      this.#findings.push({ rule, line, node, text: visible(text) });
    }
  }
}

function wayOf(message: string, to: NodeId): string {
  return `${message}\n${to}`;
}
