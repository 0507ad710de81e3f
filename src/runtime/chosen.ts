/** Choices as the simulator looks them up: by link, by node. What nobody chose costs nothing. */

import type {
  Choice,
  CrashChoice,
  CutChoice,
  MessageChoice,
  PauseChoice,
} from '../core/choices/choices.ts';
import { partsOfMessage } from '../core/choices/read-choices.ts';
import type { Crash, Faults, Pause } from '../core/faults/faults.ts';
import type { NodeId } from '../core/id.ts';
import type { MessageId } from '../core/trace.ts';

/** What was chosen for a message on one link. */
export type Fate = Pick<MessageChoice, 'arrives' | 'stray'> | 'spared';

/** What was chosen for the messages of one link. */
export type Fates = ReadonlyMap<MessageId, Fate>;

/** A time at which nothing passes. */
export interface Cut {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The choices of one run. */
export class Chosen {
  readonly #fates = new Map<string, Map<MessageId, Fate>>();
  readonly #cuts: CutChoice[] = [];
  readonly #timers = new Map<NodeId, Map<number, number>>();
  readonly #starts = new Map<string, number>();

  constructor(choices: readonly Choice[]) {
    for (const choice of choices) {
      if ('message' in choice) this.#setFate(choice.message, choice.to, choice);
      else if ('spare' in choice) this.#setFate(choice.spare, choice.to, 'spared');
      else if ('cut' in choice) this.#cuts.push(choice);
      else if ('start' in choice) {
        this.#starts.set(lifeName(choice.start, choice.life ?? 0), choice.at);
      } else if ('timer' in choice) this.#timersOf(choice.node).set(choice.timer, choice.at);
    }
  }

  /** Undefined for a link that no choice mentions. */
  fates(from: NodeId, to: NodeId): Fates | undefined {
    return this.#fates.get(linkName(from, to));
  }

  /** When a link is cut; empty for one that never is. */
  cuts(from: NodeId, to: NodeId): readonly Cut[] {
    const isCut = ({ cut, one_way: oneWay }: CutChoice) =>
      cut.includes(from) ? !cut.includes(to) : cut.includes(to) && oneWay !== true;
    return this.#cuts.filter(isCut).map(({ at, for: lasts }) => ({
      fromMs: at,
      toMs: Math.round((at + lasts) * 1000) / 1000,
    }));
  }

  /** When timers of a node fire, by their numbers; undefined where none was chosen. */
  timers(node: NodeId): ReadonlyMap<number, number> | undefined {
    return this.#timers.get(node);
  }

  /** When an incarnation of a node starts; undefined where nothing was chosen. */
  start(node: NodeId, life: number): number | undefined {
    return this.#starts.get(lifeName(node, life));
  }

  #setFate(message: MessageId, to: NodeId, fate: Fate): void {
    const link = linkName(partsOfMessage(message)?.sender ?? '', to);
    let fates = this.#fates.get(link);
    if (fates === undefined) this.#fates.set(link, (fates = new Map()));
    fates.set(message, fate);
  }

  #timersOf(node: NodeId): Map<number, number> {
    let timers = this.#timers.get(node);
    if (timers === undefined) this.#timers.set(node, (timers = new Map()));
    return timers;
  }
}

function lifeName(node: NodeId, life: number): string {
  return `${node}~${life}`;
}

function linkName(from: NodeId, to: NodeId): string {
  return `${from}->${to}`;
}

/** The plan of faults with the crashes and pauses that were chosen behind its own, whose random streams stay what they are. */
export function withChosenOutages(faults: Faults, choices: readonly Choice[]): Faults {
  const crashes = choices.filter((choice) => 'crash' in choice).map(asCrash);
  const pauses = choices.filter((choice) => 'pause' in choice).map(asPause);
  return {
    ...faults,
    ...(crashes.length === 0 ? {} : { crashes: [...(faults.crashes ?? []), ...crashes] }),
    ...(pauses.length === 0 ? {} : { pauses: [...(faults.pauses ?? []), ...pauses] }),
  };
}

function asCrash({ crash: node, at, for: lasts, disk }: CrashChoice): Crash {
  return {
    node,
    at,
    ...(lasts === undefined ? {} : { for: lasts }),
    ...(disk === undefined ? {} : { disk }),
  };
}

function asPause({ pause: node, at, for: lasts }: PauseChoice): Pause {
  return { node, at, for: lasts };
}
