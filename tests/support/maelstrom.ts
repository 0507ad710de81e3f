/** Runs of Maelstrom's workloads, as short as a test can say them. */

import type { AlgorithmClass } from '../../src/core/algorithm.ts';
import { AlgorithmProgram } from '../../src/maelstrom/algorithm-program.ts';
import type { Message } from '../../src/maelstrom/message.ts';
import type { Port, Program } from '../../src/maelstrom/program.ts';
import {
  runMaelstrom,
  type MaelstromRequest,
  type MaelstromResult,
  type MaelstromWorld,
} from '../../src/maelstrom/run.ts';
import { MAELSTROM_WORKLOADS } from '../../src/maelstrom/workloads/index.ts';

/** What differs from Maelstrom's defaults. */
export interface Asked extends Partial<Omit<MaelstromRequest, 'workload'>> {
  readonly workload: string;
}

/** The request in full: five nodes, a client each, five seconds. */
export function requestFor({ workload, ...asked }: Asked): MaelstromRequest {
  const nodeCount = asked.nodeCount ?? 5;
  return {
    workload: MAELSTROM_WORKLOADS.get(workload)!,
    nodeCount,
    concurrency: nodeCount,
    rate: 50,
    limitMs: 5000,
    latencyMs: 0,
    latencyKind: 'constant',
    topology: 'grid',
    partitionMs: undefined,
    faults: undefined,
    isTotallyAvailable: false,
    levels: ['strict-serializable'],
    settings: { maxTxnLength: 4, maxWritesPerKey: 16, keyCount: undefined },
    seed: 1,
    ...asked,
  };
}

/** Runs an algorithm. */
export function runAlgorithm(
  algorithm: AlgorithmClass,
  asked: Asked,
  settings = '',
  world: Partial<MaelstromWorld> = {},
): Promise<MaelstromResult> {
  const request = requestFor(asked);
  const made = { algorithm, settings, seed: request.seed };
  return runMaelstrom(request, {
    node: (port) => new AlgorithmProgram(port, made),
    initTimeoutMs: 5000,
    ...world,
  });
}

/** A node that a test writes: what it answers to each type; what is not there is answered with `…_ok`. */
export type Answers = Readonly<
  Record<string, (message: Message, port: Port) => Record<string, unknown> | undefined>
>;

/** Runs nodes that are made of answers. */
export function runAnswers(
  answers: (port: Port) => Answers,
  asked: Asked,
): Promise<MaelstromResult> {
  return runMaelstrom(requestFor(asked), {
    node: (port) => answering(port, answers(port)),
    initTimeoutMs: 1000,
  });
}

function answering(port: Port, answers: Answers): Program {
  return {
    receive(message) {
      const { type, msg_id: number } = message.body;
      const answer = Object.hasOwn(answers, type) ? answers[type]!(message, port) : {};
      if (answer === undefined || number === undefined) return;
      const body = { type: `${type}_ok`, ...answer, in_reply_to: number };
      port.send(message.src, body);
    },
  };
}
