/**
 * What a node thinks of the others: a score that falls with what no correct member does, and recovers with time. Whoever falls too low is on
 * the graylist (gossipsub v1.1 has the name): what it pushes is not looked at for a while. What it has said comes by anti-entropy all the
 * same, when this node asks for it, so a member that is thought of wrongly loses time and no message.
 */

import type { NodeId } from '../../core/id.ts';
import type { Value } from '../../core/value.ts';

/** What is taken from the score, each time. A flood and a replay can be bad luck of a link; a wrong signature cannot. */
const OFFENCES = { forged: 20, malformed: 10, replayed: 5, flooded: 5 };

/** `forged`: a signature that is not genuine. `replayed`: known for longer than the replay window. `flooded`: beyond the author's rate. */
export type Offence = keyof typeof OFFENCES;

/** Below this a member's pushes are ignored … */
const IGNORED_BELOW = -100;

/** … until it is above this again: 25 seconds at least, so that nobody goes in and out. */
const HEARD_ABOVE = -50;

/** No score is lower: whoever stops is heard again after 75 seconds. */
const SCORE_MIN = -200;

/** What a score recovers in one second. */
const RECOVERY_PER_S = 2;

/** The node that judges. */
export interface ConductOwner {
  readonly nodes: ReadonlySet<NodeId>;
  now(): number;
  tell(kind: string, detail: Value): void;
}

interface Opinion {
  score: number;
  atMs: number;
  isIgnored: boolean;
}

/** Scores of the other members. */
export class Conduct {
  readonly #owner: ConductOwner;
  /** Of those whose score is not 0. */
  readonly #opinions = new Map<NodeId, Opinion>();

  constructor(owner: ConductOwner) {
    this.#owner = owner;
  }

  /** From 0, of a member of which nothing bad is known, down to −200. */
  score(node: NodeId): number {
    const opinion = this.#opinions.get(node);
    return opinion === undefined ? 0 : this.#recovered(opinion).score;
  }

  /** Whether what it pushes is ignored. */
  isIgnored(node: NodeId): boolean {
    return this.#opinions.get(node)?.isIgnored ?? false;
  }

  /** A member did what no correct one does. Of anybody else nothing is remembered. */
  note(node: NodeId, offence: Offence): void {
    const { nodes } = this.#owner;
    if (!nodes.has(node)) return;
    const known = this.#opinions.get(node) ?? {
      ...{ score: 0, atMs: this.#owner.now(), isIgnored: false },
    };
    this.#opinions.set(node, known);
    const opinion = this.#recovered(known);
    opinion.score = Math.max(SCORE_MIN, opinion.score - OFFENCES[offence]);
    if (opinion.isIgnored || opinion.score >= IGNORED_BELOW) return;
    opinion.isIgnored = true;
    this.#owner.tell('conduct', { node, is: 'ignored', why: offence });
  }

  /** Tells who is heard again; called now and then. */
  look(): void {
    for (const [node, opinion] of this.#opinions) {
      const { score, isIgnored } = this.#recovered(opinion);
      if (score === 0) this.#opinions.delete(node);
      if (!isIgnored || score < HEARD_ABOVE) continue;
      opinion.isIgnored = false;
      this.#owner.tell('conduct', { node, is: 'heard' });
    }
  }

  #recovered(opinion: Opinion): Opinion {
    const nowMs = this.#owner.now();
    const elapsedMs = Math.max(0, nowMs - opinion.atMs);
    opinion.atMs = nowMs;
    opinion.score = Math.min(0, opinion.score + (elapsedMs * RECOVERY_PER_S) / 1000);
    return opinion;
  }
}
