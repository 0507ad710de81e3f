/**
 * One seed of weather over a cluster of Raft machines: everything that can go wrong does, while clients work and operators meddle; then it
 * clears up, and the cluster has to come to rest and to serve.
 */

import type { RaftRules } from '../../src/algorithms/raft/rules.ts';
import { checkLinearizability } from '../../src/check/linearizability/linearizability.ts';
import { operationsOf, type HistoryEvent } from '../../src/check/history.ts';
import { kv } from '../../src/check/models/kv.ts';
import type { NodeId } from '../../src/core/id.ts';
import { Random } from '../../src/core/random.ts';
import { EventQueue } from '../../src/runtime/event-queue.ts';
import { RaftCluster, type Asked, type Member } from './raft-by-hand.ts';
import { Unsafe } from './raft-checker.ts';

/** What a storm is like. */
export interface StormOptions {
  readonly seed: number;
  readonly stormMs?: number;
  readonly calmMs?: number;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly nodes?: number;
  /** Members change, leadership is handed over, snapshots are taken by hand. */
  readonly operators?: boolean;
  readonly rules?: Partial<RaftRules>;
  /** Now and then a node comes back with a damaged disk. */
  readonly damage?: boolean;
  /** After the storm a link stays cut one way, or a node that hears nobody, or that nobody hears. */
  readonly permanentCut?: boolean;
}

/** What came of it. */
export interface Storm {
  readonly acknowledged: number;
  readonly elections: number;
  readonly committed: number;
  readonly steps: number;
}

const KEYS = ['x', 'y', 'z'];
const CLIENTS = 3;

/** Until a client that hears nothing asks somebody else. */
const CLIENT_PATIENCE_MS = 1500;

/** After the storm something must be served within so many seconds. */
const REST_SECONDS = 10;

/** Runs one seed. @throws {Unsafe} when something that must hold does not */
export function storm(options: StormOptions): Storm {
  return new Weather(options).run();
}

class Weather {
  readonly #random: Random;
  readonly #cluster: RaftCluster;
  readonly #queue = new EventQueue<() => void>();
  readonly #history: HistoryEvent[] = [];
  readonly #options: StormOptions;
  readonly #stormMs: number;
  #isCalm = false;
  #acknowledged = 0;
  #steps = 0;
  readonly #loss: number;
  readonly #slowest: number;
  readonly #slowestDisk: number;
  readonly #diskFreeMs = new Map<NodeId, number>();
  /** Nodes that are not expected to have everything in the end. */
  readonly #cutOff = new Set<NodeId>();

  constructor(options: StormOptions) {
    const { seed, settings = {}, rules, operators = true } = options;
    this.#options = options;
    this.#random = Random.stream(seed, 'storm');
    const random = this.#random;
    this.#stormMs = options.stormMs ?? 3000;
    const nodes = options.nodes ?? random.integer(3, 7);
    const names = Array.from({ length: nodes }, (_, i) => `n${i + 1}`);
    const voters = operators ? names.slice(0, Math.max(2, nodes - random.integer(0, 2))) : names;
    this.#loss = random.pick([0, 0.02, 0.1, 0.25]);
    this.#slowest = random.pick([5, 40, 120]);
    this.#slowestDisk = random.pick([2, 15, 60]);
    this.#cluster = new RaftCluster({
      ...{ nodes, seed, slowDisks: true, unchecked: true },
      ...(rules === undefined ? {} : { rules }),
      settings: {
        ...{ voters, election_timeout: 300, heartbeat_interval: 60 },
        pre_vote: random.chance(0.7),
        check_quorum: random.chance(0.8),
        snapshot_entries: random.pick([5, 20, 1000]),
        chunk_bytes: random.pick([40, 16_384]),
        max_entries: random.pick([1, 4, 64]),
        max_inflight: random.pick([1, 4, 32]),
        eager_commit: random.chance(0.3),
        // Without them a node that hears nobody disturbs the others for ever (section 4.2.3).
        ...(options.permanentCut === true ? { pre_vote: true, check_quorum: true } : {}),
        ...settings,
      },
    });
    const cluster = this.#cluster;
    cluster.onSend = (message) => {
      this.#fly(message);
      return [];
    };
    cluster.onTimer = (member, name, dueMs) => this.#watchTimer(member, name, dueMs);
    cluster.onWrite = (member) => this.#watchDisk(member);
    // What the nodes asked for when they started.
    for (const member of cluster.members.values()) {
      for (const [name, dueMs] of member.timers) this.#watchTimer(member, name, dueMs);
    }
  }

  run(): Storm {
    const { operators = true } = this.#options;
    for (let client = 0; client < CLIENTS; client++) this.#work(`c${client}`, 1, 0);
    this.#again(100, 900, () => this.#outage());
    this.#again(300, 1800, () => this.#partition());
    if (operators) this.#again(200, 1200, () => this.#meddle());
    this.#until(this.#stormMs);
    this.#clear();
    this.#until(this.#stormMs + (this.#options.calmMs ?? 1500));
    this.#expectRest();
    this.#expectLinearizable();
    const { leaders, committed } = this.#cluster.checker;
    return {
      ...{ acknowledged: this.#acknowledged, elections: leaders.size, committed },
      steps: this.#steps,
    };
  }

  #until(endMs: number): void {
    const cluster = this.#cluster;
    while (this.#queue.size > 0 && this.#queue.nextTime <= endMs) {
      cluster.nowMs = this.#queue.nextTime;
      const event = this.#queue.pop()!;
      event();
      this.#steps++;
    }
    cluster.nowMs = endMs;
  }

  #at(delayMs: number, event: () => void): void {
    this.#queue.push(this.#cluster.nowMs + delayMs, event);
  }

  #again(fromMs: number, toMs: number, event: () => void): void {
    this.#at(this.#random.between(fromMs, toMs), () => {
      if (this.#isCalm) return;
      event();
      this.#again(fromMs, toMs, event);
    });
  }

  /** A timer goes off when it is due, unless it was set anew. */
  #watchTimer({ id, timers }: Member, name: string, dueMs: number): void {
    this.#queue.push(dueMs, () => {
      if (timers.get(name) !== dueMs) return;
      timers.delete(name);
      this.#cluster.step(id, { kind: 'timer', name });
    });
  }

  /** Each write takes its time, and they become durable in their order. */
  #watchDisk(member: Member): void {
    const { lives } = member;
    const takesMs = this.#isCalm ? 1 : this.#random.integer(1, this.#slowestDisk);
    const dueMs = Math.max(this.#cluster.nowMs, this.#diskFreeMs.get(member.id) ?? 0) + takesMs;
    this.#diskFreeMs.set(member.id, dueMs);
    this.#queue.push(dueMs, () => {
      if (member.lives === lives && member.isUp) this.#cluster.sync(member.id, 1);
    });
  }

  #fly(message: Parameters<RaftCluster['arrive']>[0]): void {
    const random = this.#random;
    if (!this.#isCalm && random.chance(this.#loss)) return;
    const copies = !this.#isCalm && random.chance(0.05) ? 2 : 1;
    for (let i = 0; i < copies; i++) {
      this.#at(this.#isCalm ? random.between(1, 5) : random.between(1, this.#slowest), () =>
        this.#cluster.arrive(message),
      );
    }
  }

  // What goes wrong.

  #outage(): void {
    const cluster = this.#cluster;
    const random = this.#random;
    const id = random.chance(0.4) ? (cluster.leader ?? 'n1') : random.pick(cluster.ids);
    if (!cluster.member(id).isUp) return;
    cluster.crash(id, random.pick(['unsynced', 'torn'] as const));
    this.#at(random.between(50, 1500), () => {
      if (!cluster.member(id).isUp) cluster.restart(id, { damaged: this.#damaged(id) });
    });
  }

  /** A record of a node that is down; none while another has not recovered from the same: that would be more than a cluster withstands. */
  #damaged(id: NodeId): string[] {
    const cluster = this.#cluster;
    const { disk } = cluster.member(id);
    const isOne = [...cluster.members.values()].every(
      ({ state, disk: other }) => state.memory === 'whole' && !other.has('memory'),
    );
    if (this.#options.damage !== true || !isOne || disk.size === 0) return [];
    return this.#random.chance(0.4) ? [this.#random.pick([...disk.keys()])] : [];
  }

  #partition(): void {
    const cluster = this.#cluster;
    const random = this.#random;
    cluster.heal();
    const some = random.shuffled(cluster.ids);
    switch (random.integer(0, 3)) {
      case 0:
        cluster.isolate(...some.slice(0, random.integer(1, Math.floor(some.length / 2))));
        return;
      case 1:
        for (const other of some.slice(1)) cluster.cut(some[0]!, other);
        return;
      case 2:
        for (const other of some.slice(1)) cluster.cut(other, some[0]!);
        return;
      case 3:
        if (cluster.leader !== undefined) cluster.isolate(cluster.leader);
    }
  }

  #meddle(): void {
    const cluster = this.#cluster;
    const random = this.#random;
    const id = cluster.leader ?? random.pick(cluster.ids);
    if (!cluster.member(id).isUp) return;
    const other = random.pick(cluster.ids);
    const make = random.pick(['voter', 'learner', 'removed', 'voter'] as const);
    switch (random.integer(0, 5)) {
      case 0:
        cluster.ask(id, 'transfer', random.chance(0.5) ? {} : { to: other });
        return;
      case 1:
        cluster.ask(random.pick(cluster.ids.filter((up) => cluster.member(up).isUp)), 'snapshot');
        return;
      case 2:
        if (random.chance(0.3)) cluster.ask(id, 'campaign');
        return;
      case 3: {
        const second = {
          make: random.pick(['voter', 'removed'] as const),
          node: random.pick(cluster.ids),
        };
        const changes = second.node === other ? [second] : [{ make, node: other }, second];
        cluster.ask(id, 'change', { changes });
        return;
      }
      default:
        cluster.ask(id, 'change', { changes: [{ make, node: other }] });
    }
  }

  #clear(): void {
    const cluster = this.#cluster;
    this.#isCalm = true;
    cluster.heal();
    for (const id of cluster.ids) if (!cluster.member(id).isUp) cluster.restart(id);
    if (this.#options.permanentCut !== true) return;
    const newest = [...cluster.members.values()].toSorted(
      (a, b) => b.state.log.lastIndex - a.state.log.lastIndex,
    )[0]!;
    // Without a healthy core nobody could go on.
    if (newest.state.configurations.at(-1)!.configuration.voters.length < 3) return;
    const [one, ...rest] = this.#random.shuffled(cluster.ids) as [NodeId, ...NodeId[]];
    this.#cutOff.add(one);
    const how = this.#random.pick(['link', 'mute', 'deaf'] as const);
    if (how === 'link') {
      this.#cutOff.add(rest[0]!);
      cluster.cut(one, rest[0]!);
      return;
    }
    for (const other of rest) {
      if (how === 'mute') cluster.cut(one, other);
      else cluster.cut(other, one);
    }
  }

  // Clients.

  #work(client: string, serial: number, afterMs: number): void {
    this.#at(afterMs, () => {
      const random = this.#random;
      const key = random.pick(KEYS);
      if (random.chance(0.4)) {
        this.#history.push([client, 'invoke', 'get', [key, null], this.#cluster.nowMs]);
        this.#try(client, serial, { f: 'get', key }, 0);
      } else {
        const value = `${client}.${serial} `;
        this.#history.push([client, 'invoke', 'append', [key, value], this.#cluster.nowMs]);
        this.#try(client, serial, { f: 'append', key, value }, 0);
      }
    });
  }

  #try(
    client: string,
    serial: number,
    operation: { readonly f: 'get' | 'append'; readonly key: string; readonly value?: string },
    tries: number,
    wanted?: NodeId,
  ): void {
    const cluster = this.#cluster;
    const { f, key, value } = operation;
    const up = cluster.ids.filter((id) => cluster.member(id).isUp);
    const id =
      wanted !== undefined && up.includes(wanted)
        ? wanted
        : up[this.#random.integer(0, Math.max(0, up.length - 1))];
    const again = (delayMs: number, next?: NodeId) =>
      this.#at(delayMs, () => this.#try(client, serial, operation, tries + 1, next));
    if (id === undefined) {
      again(100);
      return;
    }
    const command = { do: 'append', key, value: value ?? '' };
    const asked =
      f === 'get'
        ? cluster.read(id, key)
        : cluster.ask(id, 'propose', { client, serial, lowest: serial, command });
    this.#await(asked, (outcome) => {
      if (outcome?.kind === 'result') {
        const answer: [string, any] = f === 'get' ? [key, outcome.value ?? null] : [key, value!];
        this.#history.push([client, 'ok', f, answer, cluster.nowMs]);
        this.#acknowledged++;
        this.#work(client, serial + (f === 'append' ? 1 : 0), this.#random.between(0, 250));
      } else if (outcome?.kind === 'error' && f === 'append') {
        // It was applied before, and the answer is gone.
        this.#history.push([client, 'info', f, [key, value!], cluster.nowMs]);
        this.#work(`${client}'`, 1, 50);
      } else {
        again(this.#random.between(20, 150), outcome?.leader);
      }
    });
  }

  #await(asked: Asked, then: (outcome: Asked['outcome']) => void): void {
    let isOver = false;
    const once = () => {
      if (isOver) return;
      isOver = true;
      then(asked.outcome);
    };
    if (asked.outcome !== undefined) this.#at(1, once);
    else {
      asked.onAnswer = () => this.#at(0, once);
      this.#at(CLIENT_PATIENCE_MS, once);
    }
  }

  // Afterwards.

  #expectRest(): void {
    const cluster = this.#cluster;
    const before = this.#acknowledged;
    for (let waited = 0; this.#acknowledged === before || cluster.leader === undefined; waited++) {
      if (waited === REST_SECONDS) throw new Unsafe(`nothing is served: ${this.#portrait()}`);
      this.#until(cluster.nowMs + 1000);
    }
    const { commit, configurations } = cluster.state(cluster.leader);
    const { voters, learners } = configurations.at(-1)!.configuration;
    if (this.#options.damage === true) this.#expectMemory();
    for (const id of [...voters, ...learners]) {
      if (this.#cutOff.has(id)) continue;
      const behind = commit - cluster.state(id).commit;
      if (behind > 50) throw new Unsafe(`${id} is ${behind} entries behind: ${this.#portrait()}`);
    }
  }

  /** Whoever had lost its disk gets back what it was. */
  #expectMemory(): void {
    const cluster = this.#cluster;
    const isForgetful = () => cluster.ids.some((id) => cluster.state(id).memory !== 'whole');
    for (let waited = 0; isForgetful(); waited++) {
      if (waited === REST_SECONDS) throw new Unsafe(`not all remember: ${this.#portrait()}`);
      this.#until(cluster.nowMs + 1000);
    }
  }

  #portrait(): string {
    return this.#cluster.ids
      .map((id) => {
        const { role, term, commit, log, leader, configurations, settings } =
          this.#cluster.state(id);
        const { voters, outgoing, learners } = configurations.at(-1)!.configuration;
        const members = `${voters.join('')}|${outgoing.join('')}|${learners.join('')}`;
        const { memory } = this.#cluster.state(id);
        return `${id} ${role} ${memory} t${term} ${commit}/${log.lastIndex} of ${leader} ${members} pre=${settings.pre_vote} cq=${settings.check_quorum}`;
      })
      .join('; ');
  }

  #expectLinearizable(): void {
    const verdict = checkLinearizability(operationsOf(this.#history), kv, { stepsMax: 500_000 });
    if (verdict.outcome === 'illegal') throw new Unsafe(`not linearizable: ${verdict.explanation}`);
  }
}
