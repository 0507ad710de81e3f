/** Rooms without pages: members that meet in a hub, with links through memory, and nodes that are told things and do nothing. */

import { onTestFinished, vi } from 'vitest';
import { findChapter } from '../../../../src/lab/chapters.ts';
import type { Identity } from '../../../../src/lab/identity.ts';
import type { RoomPage } from '../../../../src/lab/room/room-page.ts';
import { RoomMemories } from '../../../../src/lab/room/room-memory.ts';
import { algorithmHash } from '../../../../src/lab/room/algorithm-hash.ts';
import { Room, type RoomOptions } from '../../../../src/lab/room/room.ts';
import type { RoomMember } from '../../../../src/lab/lab-service.ts';
import { keyPairFrom } from '../../../../src/net/ed25519.ts';
import { eachClass } from '../../../../src/net/channel.ts';
import { toHex } from '../../../../src/net/hex.ts';
import { LocalHub, type LocalHubOptions } from '../../../../src/net/signaling/hub.ts';
import { provenBy } from '../../../../src/net/signaling/ed25519-proof.ts';
import type { Signaling } from '../../../../src/net/signaling/signaling.ts';
import type { ConnectorHost } from '../../../../src/runtime/live/connector.ts';
import type { FromWorker } from '../../../../src/runtime/live/worker-protocol.ts';
import { CODE } from './speaker.ts';

/** How long something may take on a machine that is busy with other things. */
const PATIENCE_MS = 20_000;
vi.setConfig({ testTimeout: 2 * PATIENCE_MS });

/** Two nodes that play for as long as they are let. */
export const PING = {
  algorithm: 'pingpong',
  config: 'n1: { initiator: true, max_rounds: 1000000 }\nn2: { initiator: false }\n',
};

/** How a member differs from an ordinary one. */
export interface Ways {
  readonly identity?: Identity;
  readonly isObserver?: boolean;
  readonly create?: boolean;
  readonly page?: Partial<RoomPage>;
  readonly signaling?: Signaling;
  readonly options?: Partial<RoomOptions>;
}

/** A node that was made, and what it was told. */
export interface ToldNode {
  readonly id: string;
  readonly told: string[];
  /** When the run began, by this member's clock. */
  readonly startedAtMs: number;
  readonly others: () => readonly string[];
  readonly keys: () => Readonly<Record<string, string | undefined>>;
  report(message: FromWorker): void;
}

/** One room, and everybody in it. */
export class RoomWorld {
  readonly hub: LocalHub;
  /** By the name of the member and of the node, e.g. `ann n1`. */
  readonly nodes = new Map<string, ToldNode>();
  readonly links: MemoryLinks | undefined;
  #identities = 0;

  /** @param hasLinks whether members' pages connect; if not, signaling has to do */
  constructor(hasLinks = true, limits: LocalHubOptions['limits'] = {}) {
    this.hub = new LocalHub({ limits });
    this.links = hasLinks ? new MemoryLinks() : undefined;
    onTestFinished(() => this.hub.close());
  }

  /** Somebody's first load of the page. */
  newIdentity(name: string, seed = ++this.#identities): Identity {
    return {
      ...{ member: `${name}-${'x'.repeat(8)}`, token: 'token-token-token', incarnation: 1 },
      secretKey: new Uint8Array(32).fill(seed),
      ...{ lastRunId: undefined, isObserver: false, roomKey: undefined },
    };
  }

  /** Somebody enters. */
  async enter(name: string, ways: Ways = {}): Promise<Room> {
    const known = ways.identity ?? this.newIdentity(name);
    const identity = { ...known, isObserver: ways.isObserver ?? known.isObserver };
    const room = await Room.enter({
      ...{ code: CODE, address: CODE, link: `http://lab/#/room/${CODE}`, access: 'open' },
      ...{ identity, signaling: ways.signaling ?? this.hub.connect(), create: ways.create ?? true },
      ...{ reach: () => 'server', membershipKey: undefined, name, signalingName: name },
      page: { ...this.page(name), ...ways.page },
      ...ways.options,
    });
    onTestFinished(() => room.leave());
    return room;
  }

  /** Several enter, one after the other. */
  async gather(...names: readonly string[]): Promise<readonly Room[]> {
    const rooms: Room[] = [];
    for (const name of names) {
      rooms.push(await this.enter(name));
      await until(() =>
        rooms.every(
          (room) => mine(room).role !== undefined && room.members.length === rooms.length,
        ),
      );
    }
    const [first] = rooms;
    // Everybody has heard who may direct.
    await until(() => rooms.every((room) => directors(room).join() === directors(first!).join()));
    return rooms;
  }

  /** Somebody who speaks to signaling directly. */
  async stranger(name: string, seed = 99): Promise<{ signaling: Signaling; identity: Identity }> {
    const identity = this.newIdentity(name, seed);
    const { member, token, incarnation, secretKey } = identity;
    const signaling = this.hub.connect();
    await signaling.join({ room: CODE, member, token, incarnation, ...provenBy(secretKey) });
    return { signaling, identity };
  }

  /** A page in the room, for a member of that name. */
  page(name: string): RoomPage {
    const chapters = {
      pingpong: () => import('../../../../src/algorithms/pingpong/index.ts'),
      echo: () => import('../../../../src/algorithms/echo/index.ts'),
    };
    return {
      capabilities: { browser: 'Test 1', webrtc: true, webcrypto: true, transfersChannels: true },
      memories: new RoomMemories(new MemoryStorage()),
      find: (algorithm) => findChapter(algorithm, chapters),
      hashOf: ({ chapter }) => algorithmHash(chapter.algorithm.definition, undefined),
      host: (...args) => this.#makeNode(name, ...args),
      connect:
        this.links === undefined
          ? undefined
          : ({ identity }, host) => this.links!.connector(identity.member, host),
      nowMs: () => Date.now(),
      rememberTab: () => {},
      rememberName: () => {},
      noteSuperseded: () => {},
      watch: () => () => {},
    };
  }

  #makeNode(name: string, ...args: Parameters<RoomPage['host']>): ReturnType<RoomPage['host']> {
    const [id, , hosting, signaling] = args;
    const told: string[] = [];
    const node = {
      ...{ id, told, hasEnded: false, startedAtMs: hosting.startedAtMs },
      others: () => [...signaling.members.values()].map((other) => other.node!).toSorted(),
      keys: () =>
        Object.fromEntries(
          [...signaling.members.values()].map((one) => [one.node!, one.publicKey]),
        ),
      report: (message: FromWorker) => hosting.report(id, message),
      hold: (isHeld: boolean) => void told.push(isHeld ? 'hold' : 'release'),
      grab: (message: string, deed: string) => void told.push(`${deed} ${message}`),
      cut: (from: readonly string[]) => void told.push(`cut ${from.join(' ')}`.trim()),
      kill: () => void told.push('kill'),
      stop: (status: string) => void told.push(status),
      close: () => void told.push('close'),
      meetAll: () => {},
    };
    this.nodes.set(`${name} ${id}`, node);
    // It stands for a HostedNode, which would make a worker.
    return node as unknown as ReturnType<RoomPage['host']>;
  }
}

/** Connects members' pages through message ports, as soon as one dials. */
class MemoryLinks {
  readonly #hosts = new Map<string, ConnectorHost>();
  #attempts = 0;

  connector(self: string, host: ConnectorHost): ReturnType<NonNullable<RoomPage['connect']>> {
    this.#hosts.set(self, host);
    return {
      met: (member) => queueMicrotask(() => this.#dial(self, member)),
      ...{ lost: () => {}, signalled: () => {}, opened: () => {}, closed: () => {} },
      ...{ probe: () => {}, suspend: () => {}, resume: () => {} },
      close: () => void this.#hosts.delete(self),
    };
  }

  /** Both sides have to have met. Whoever is second makes the link. */
  readonly #met = new Set<string>();
  #dial(self: string, other: string): void {
    this.#met.add(`${self} ${other}`);
    const theirs = this.#hosts.get(other);
    const ours = this.#hosts.get(self);
    if (theirs === undefined || ours === undefined || !this.#met.has(`${other} ${self}`)) return;
    this.#met.delete(`${self} ${other}`);
    this.#met.delete(`${other} ${self}`);
    const attempt = `1.${++this.#attempts}`;
    const channels = eachClass(() => new MessageChannel());
    const certificates = { own: new Uint8Array(32).fill(1), other: new Uint8Array(32).fill(2) };
    ours.ports(
      other,
      attempt,
      eachClass((one) => channels[one].port1),
    );
    theirs.ports(
      self,
      attempt,
      eachClass((one) => channels[one].port2),
    );
    ours.secured(other, attempt, certificates);
    theirs.secured(self, attempt, { own: certificates.other, other: certificates.own });
  }
}

class MemoryStorage {
  readonly #values = new Map<string, string>();

  getItem(key: string): string | null {
    return this.#values.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.#values.set(key, value);
  }

  removeItem(key: string): void {
    this.#values.delete(key);
  }
}

/** Waits for something to become true, and says what did not. */
export async function until(condition: () => boolean): Promise<void> {
  try {
    await vi.waitUntil(condition, { timeout: PATIENCE_MS, interval: 5 });
  } catch (error) {
    throw new Error(`this did not become true: ${String(condition)}`, { cause: error });
  }
}

/** A member's own line in its list. */
export function mine(room: Room): RoomMember {
  return room.members.find(({ me }) => me)!;
}

/** Another member's line, by its name. */
export function line(room: Room, name: string): RoomMember {
  return room.members.find((member) => member.name === name)!;
}

/** The names of those who may direct. */
export function directors(room: Room): readonly (string | undefined)[] {
  return room.members.filter(({ mayDirect }) => mayDirect).map(({ name }) => name);
}

/** The public key that belongs to an identity. */
export function keyOf({ secretKey }: Identity): string {
  return toHex(keyPairFrom(secretKey).publicKey);
}
