/** This tab's part in a cluster that keeps an application: on the way in, in it, and out of it again. */

import { messageOf } from '../../core/errors.ts';
import type { NodeId } from '../../core/id.ts';
import { RaftError } from '../../lab/raft/client.ts';
import { createRaft, type RaftNode } from '../../lab/raft/create-raft.ts';
import { isRefusal } from '../../lab/raft/demos/refusal.ts';
import { demos } from '../../lab/raft/demos/demos.ts';
import type { RoomView } from '../../lab/raft/room/room-place.ts';
import type { RaftStatus } from '../../lab/raft/status.ts';
import type { AppCode } from './app-code.ts';
import { placesOf, PlaceSession } from './place-session.ts';

/** Any application's node. */
export type AppNode = RaftNode<unknown, unknown, unknown, unknown>;

/** Places beside the members, for those who want to take part as well. */
const GUESTS_MAX = 5;

/** Milliseconds that somebody waits for a deed before they are told that nobody knows. */
const PATIENCE_MS = 8_000;

/** What a tab sees of a replicated application. */
export class AppSession extends PlaceSession {
  #raft: AppNode | undefined;

  /** Enters the cluster of a code. What becomes of it is told to those who subscribe. */
  static enter(code: AppCode, server?: string): AppSession {
    const session = new AppSession(code);
    createRaft<unknown, unknown, unknown, unknown, unknown>({
      ...{ room: code.room, machine: demos[code.app]! },
      ...placesOf(code, 'n', GUESTS_MAX),
      ...(server === undefined ? {} : { server }),
      signal: session.leaving.signal,
      onWaiting: (waiting) => session.waits(waiting),
    }).then(
      (raft) => session.join(raft),
      (error: unknown) => session.failed(messageOf(error)),
    );
    return session;
  }

  /** Takes part through a node that is there. */
  join(raft: AppNode): void {
    if (this.leaving.signal.aborted) {
      void raft.stop();
      return;
    }
    this.#raft = raft;
    raft.on(({ kind, detail }) => {
      const { what, detail: why } = detail as {
        readonly what?: unknown;
        readonly detail?: unknown;
      };
      if (kind === 'error' && what === 'stopped') this.failed(String(why));
      this.tell();
    });
    raft.room?.on(() => this.tell());
    this.tell();
  }

  /** Undefined until the cluster has been founded, and this tab is part of it. */
  get raft(): AppNode | undefined {
    return this.#raft;
  }

  override get isIn(): boolean {
    return this.#raft !== undefined && this.problem === undefined;
  }

  get status(): RaftStatus | undefined {
    return this.#raft?.status;
  }

  override get view(): RoomView | undefined {
    return this.#raft?.room?.view;
  }

  /** What this tab's own copy answers; undefined while there is none. */
  ask<Answer>(query: unknown): Answer | undefined {
    return this.#raft?.peek(query) as Answer | undefined;
  }

  /** Has something done. Fulfilled with what is wrong, for people; with undefined when it was done. */
  async do(command: unknown): Promise<string | undefined> {
    if (this.#raft === undefined) return 'This tab is not part of the cluster yet.';
    try {
      const result = await this.#raft.propose(command, { timeoutMs: PATIENCE_MS });
      return isRefusal(result) ? result.refused : undefined;
    } catch (error) {
      return problemOf(error);
    }
  }

  /** Does several things, one after the other, until one is refused. */
  async doAll(commands: readonly unknown[]): Promise<string | undefined> {
    for (const command of commands) {
      const problem = await this.do(command);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  /** Has another node lead. */
  async handOver(): Promise<string | undefined> {
    return outcomeProblem(await this.#raft!.transfer());
  }

  /** Changes a node's part. */
  async make(part: 'voter' | 'learner' | 'removed', node: NodeId): Promise<string | undefined> {
    return outcomeProblem(await this.#raft!.change([{ make: part, node }]));
  }

  protected override stop(): void {
    void this.#raft?.stop();
  }
}

function problemOf(error: unknown): string {
  if (!(error instanceof RaftError) || error.kind === 'error') return `${messageOf(error)}.`;
  return 'No majority has answered yet. It may still happen: look whether it did before you try again, and whether enough tabs are open.';
}

function outcomeProblem({ kind, reason, leader }: Awaited<ReturnType<AppNode['transfer']>>) {
  if (kind === 'result') return undefined;
  if (kind === 'redirect')
    return `Only the leader can do that: ask for it in the tab of ${leader}.`;
  return `That did not work: ${reason ?? 'nobody answered'}. Try again in a moment.`;
}
