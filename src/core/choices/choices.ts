/**
 * Choices: the few decisions of a run that are not left to its seed. A run is a plan, a seed, faults and choices; exploring,
 * shrinking, links and whoever moves messages by hand all speak of the same few sentences.
 *
 * ```json
 * [
 *   { "message": "n1#12", "to": "n2", "arrives": [35] },
 *   { "message": "n1#12", "to": "n3", "arrives": [] },
 *   { "crash": "n4", "at": 120, "for": 500 }
 * ]
 * ```
 *
 * Times are virtual milliseconds of the run, to the microsecond. A choice about something that does not happen (a message that is
 * never sent, now that another choice has changed the run) says nothing, and breaks nothing: that is what lets choices be taken
 * away one by one. Everything that no choice mentions is drawn from the streams from which it is drawn without any choice.
 */

import type { DiskFate } from '../faults/faults.ts';
import type { NodeId } from '../id.ts';
import type { MessageId } from '../trace.ts';

/** One decision. */
export type Choice =
  | MessageChoice
  | SpareChoice
  | TimerChoice
  | StartChoice
  | CrashChoice
  | PauseChoice
  | CutChoice;

/** When a message arrives: never, once, or more than once. What the plan has for it otherwise does not happen. */
export interface MessageChoice {
  /** Sender and running number, e.g. `n1#12`. */
  readonly message: MessageId;
  readonly to: NodeId;
  /**
   * The times of its arrivals; none when it is lost. The first comes in the order of its link, so never before a message that was
   * sent earlier, and holds up those behind it; a time before its sending means at once.
   */
  readonly arrives: readonly number[];
  /** True for a message that leaves the order of its link: it may overtake, and holds nobody up. */
  readonly stray?: boolean;
}

/** Nothing that is planned befalls a message, and its sender, if that is a liar, tells it honestly. */
export interface SpareChoice {
  readonly spare: MessageId;
  readonly to: NodeId;
}

/** When a timer fires. */
export interface TimerChoice {
  /** Running number among the timers that the node's algorithms set, from 1, over all its incarnations. */
  readonly timer: number;
  readonly node: NodeId;
  /** By the node's own clock. A time before it was set means at once. */
  readonly at: number;
}

/** When the algorithms of a node start. */
export interface StartChoice {
  readonly start: NodeId;
  /** 1 for its start after its first crash, and so on; 0 unless given. */
  readonly life?: number;
  /** Never before every node is ready, which is when they would start by themselves. */
  readonly at: number;
}

/** A node goes down, beside the crashes of the plan. */
export interface CrashChoice {
  readonly crash: NodeId;
  readonly at: number;
  /** Until it comes back; never unless given. */
  readonly for?: number;
  /** What its disk keeps; everything unless given. */
  readonly disk?: DiskFate;
}

/** A node stands still, beside the pauses of the plan. */
export interface PauseChoice {
  readonly pause: NodeId;
  readonly at: number;
  readonly for: number;
}

/** Some nodes cannot reach the others, beside the partitions of the plan; messages of the barriers pass. */
export interface CutChoice {
  readonly cut: readonly NodeId[];
  readonly at: number;
  readonly for: number;
  /** True when only what they send is cut off. */
  readonly one_way?: boolean;
}

/** A choice in words, for people. */
export function describeChoice(choice: Choice): string {
  if ('message' in choice) {
    const { message, to, arrives, stray = false } = choice;
    if (arrives.length === 0) return `${message} to ${to} is lost`;
    const times = arrives.map((time) => `${time} ms`).join(' and ');
    const order = stray ? ', out of its order' : '';
    return `${message} reaches ${to} at ${times}${order}`;
  }
  if ('spare' in choice) return `nothing befalls ${choice.spare} to ${choice.to}`;
  if ('timer' in choice) return `timer ${choice.timer} of ${choice.node} fires at ${choice.at} ms`;
  if ('start' in choice) {
    const { start, life = 0, at } = choice;
    return `${start} starts${life === 0 ? '' : ` its life ${life}`} at ${at} ms`;
  }
  if ('cut' in choice) {
    const { cut, at, for: lastsMs, one_way: oneWay = false } = choice;
    const how = oneWay ? 'reach nobody else' : 'are cut off';
    return `${cut.join(', ')} ${how} from ${at} ms for ${lastsMs} ms`;
  }
  if ('pause' in choice) {
    return `${choice.pause} stands still from ${choice.at} ms for ${choice.for} ms`;
  }
  const { crash, at, for: lastsMs, disk = 'kept' } = choice;
  const end = lastsMs === undefined ? 'for good' : `for ${lastsMs} ms`;
  return `${crash} crashes at ${at} ms ${end}${disk === 'kept' ? '' : `, its disk ${disk}`}`;
}
