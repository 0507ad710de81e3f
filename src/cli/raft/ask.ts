/** The commands of `parley raft` that ask a cluster that runs. */

import { messageOf } from '../../core/errors.ts';
import type { RaftStatus } from '../../lab/raft/status.ts';
import { knock } from '../lab/door.ts';
import { EXIT_STATUS, UsageError } from '../failures.ts';
import type { RaftAskOptions } from './options.ts';
import { latestOf, type ControlAnswer, type NodeState } from './protocol.ts';

/** Asks, prints the answer; the exit status. */
export async function askCommand(
  name: string,
  text: string | undefined,
  { dir, at, as, json = false }: RaftAskOptions,
): Promise<number> {
  if (name === 'propose' || name === 'read') looksLikeJson(text!);
  const answer = await request(dir, {
    name,
    ...(text === undefined ? {} : { text }),
    ...(at === undefined ? {} : { at }),
    ...(as === undefined ? {} : { as }),
  });
  if (answer.kind === 'usage') throw new UsageError(answer.reason);
  if (json) console.log(JSON.stringify(answer));
  else print(answer);
  const isDone = answer.kind === 'nodes' || answer.kind === 'result';
  return isDone && !isRefused(answer) ? EXIT_STATUS.ok : EXIT_STATUS.failed;
}

/** A shell eats quotes: better said here than by a state machine. */
function looksLikeJson(text: string): void {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${text} is no JSON (${messageOf(error)}). Quote it: '{"key":"a"}'`);
  }
}

async function request(dir: string, body: object): Promise<ControlAnswer> {
  for await (const answer of (await knock(dir, body)) ?? []) return answer as ControlAnswer;
  throw new UsageError(noCluster(dir));
}

function noCluster(dir: string): string {
  return `no cluster runs in ${dir}: start it with "parley raft start --dir ${dir}"`;
}

/** Whether the state machine has answered that it will not. */
function isRefused(answer: ControlAnswer): boolean {
  if (answer.kind !== 'result') return false;
  const { value } = answer;
  return typeof value === 'object' && value !== null && 'refused' in value;
}

function print(answer: ControlAnswer): void {
  if (answer.kind === 'nodes') {
    const latest = latestOf(Object.values(answer.nodes));
    for (const [id, state] of Object.entries(answer.nodes)) {
      console.log(lineOf(id, state, latest));
    }
  } else if (answer.kind === 'result') {
    console.log(
      answer.value === undefined || answer.value === null ? 'done' : JSON.stringify(answer.value),
    );
  } else if (answer.kind !== 'usage') {
    console.error(`${answer.kind}: ${answer.reason ?? answer.leader ?? ''}`);
  }
}

function lineOf(id: string, state: NodeState, latest: RaftStatus | undefined): string {
  if (state.kind === 'down') return `${id}  down`;
  const { role, term, leader, commit, applied, snapshot, broken } = state.status;
  const { voters, learners, witnesses } = latest ?? state.status;
  const place = learners.includes(id) ? 'learner' : 'no member';
  const part = witnesses.includes(id) ? 'witness' : voters.includes(id) ? role : place;
  const facts = [
    `term ${term}`,
    `follows ${leader ?? 'nobody'}`,
    `commit ${commit}`,
    `applied ${applied}`,
    ...(snapshot === 0 ? [] : [`snapshot ${snapshot}`]),
    ...(broken === null ? [] : [`broken: ${broken}`]),
  ];
  return `${id}  ${part.padEnd(13)}  ${facts.join(', ')}`;
}
