/**
 * A chat over a member of a group: people with names, topics that one joins and leaves, what was said. It is there before its member is and goes
 * on without it: what is said meanwhile waits, and is remembered.
 */

import type { NodeId } from '../../../core/id.ts';
import { messageOf } from '../../../core/errors.ts';
import type { PubSub } from '../create-pubsub.ts';
import type { PubSubEvent } from '../pubsub-view.ts';
import type { Subscription, TopicMessage } from '../subscription.ts';
import {
  blank,
  entryOf,
  OUTBOX_MAX,
  REMEMBERED_LINES_MAX,
  withEntry,
  type Remembered,
} from './memory.ts';
import { nameOf as lineName, Transcript, type Line } from './transcript.ts';
import { ABOUT, DESCRIPTION_MAX, PEOPLE, readTopic, TALK, TEXT_MAX, textIn } from './words.ts';

/** A topic as a tab sees it. */
export interface TopicView {
  readonly name: string;
  readonly description: string;
  readonly isJoined: boolean;
  readonly unread: number;
  /** Who else has joined it. */
  readonly people: readonly NodeId[];
}

/** Somebody. */
export interface PersonView {
  readonly id: NodeId;
  readonly name: string;
  readonly isMe: boolean;
  /** Whether this tab hears of them. */
  readonly isHere: boolean;
  /** Counts for no majority. */
  readonly isGuest: boolean;
}

/** Whom a tab hears. */
export interface ChatReach {
  readonly heard: number;
  readonly of: number;
  /** Topics can be joined and left. */
  readonly hasMajority: boolean;
}

/** Milliseconds before somebody was missed in which messages may already not have reached them. */
const UNSEEN_MS = 1000;

/** Milliseconds after which a message that stands above others came late, and not at the same moment. */
const LATE_MS = 3000;

/** One tab's chat. */
export class Chat {
  readonly #members: readonly NodeId[];
  readonly #listeners = new Set<() => void>();
  readonly #transcripts = new Map<string, Transcript>();
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #joining = new Set<string>();
  /** Who is missed, and since when. */
  readonly #missed = new Map<NodeId, number>();
  #memory: Remembered;
  #pubsub: PubSub | undefined;
  readonly #changed: (memory: Remembered) => void;
  #problem: string | undefined;
  #attachedMs = 0;

  /** @param members who counts for a majority; @param changed is given what is to be remembered */
  constructor(
    members: readonly NodeId[],
    memory = blank(),
    changed: (memory: Remembered) => void = () => {},
  ) {
    this.#members = members;
    this.#memory = memory;
    this.#changed = changed;
    for (const [topic, lines] of Object.entries(memory.lines)) {
      this.#transcripts.set(topic, new Transcript(lines, entryOf(memory.read, topic)));
    }
  }

  /** Goes on with what another memory holds: that of the place which this tab has been given. What it said meanwhile is kept. */
  recall(memory: Remembered): void {
    const { outbox, drafts, name } = this.#memory;
    this.#memory = {
      ...memory,
      name: name || memory.name,
      drafts: { ...memory.drafts, ...drafts },
      outbox: [...memory.outbox, ...outbox].slice(0, OUTBOX_MAX),
    };
    for (const [topic, lines] of Object.entries(memory.lines)) {
      this.#transcripts.set(topic, new Transcript(lines, entryOf(memory.read, topic)));
    }
    this.#tell();
  }

  /** From now on it speaks and hears as this member. What could not be joined is joined later. */
  async attach(pubsub: PubSub): Promise<void> {
    this.#pubsub = pubsub;
    this.#attachedMs = Date.now();
    this.#memory = { ...this.#memory, id: pubsub.id };
    pubsub.on((event) => this.#happened(event));
    for (const { topic, text } of this.#memory.outbox) this.#publish(topic, text);
    this.#memory = { ...this.#memory, outbox: [] };
    this.#tell();
    await this.#joinAll();
    if (this.#memory.name !== '') this.#introduce();
  }

  /** Its member has ended. */
  detach(): void {
    this.#pubsub = undefined;
    this.#subscriptions.clear();
    this.#tell();
  }

  get id(): NodeId | undefined {
    return this.#memory.id;
  }

  /** One's own name; empty until one has said it. */
  get name(): string {
    return this.#memory.name;
  }

  /** The topic that is shown. */
  get shown(): string {
    return this.#memory.shown;
  }

  /** What did not work, in words; it goes away when it works. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Those that one has joined, and those that others have spoken of. */
  get topics(): readonly TopicView[] {
    const { joined, topics } = this.#memory;
    const table = this.#pubsub?.members ?? [];
    const listeners = new Map<string, NodeId[]>();
    for (const { id, subscriptions } of table) {
      for (const subscription of subscriptions) {
        const [branch, topic] = readTopic(subscription.replace(/^causal /, '')) ?? [];
        if (branch !== TALK || topic === undefined || id === this.id) continue;
        listeners.set(topic, [...(listeners.get(topic) ?? []), id]);
      }
    }
    const names = new Set([...joined, ...Object.keys(topics), ...listeners.keys()]);
    return [...names].map((name) => ({
      name,
      description: entryOf(topics, name) ?? '',
      isJoined: joined.includes(name),
      unread: joined.includes(name) ? this.#transcript(name).unread(this.id) : 0,
      people: listeners.get(name) ?? [],
    }));
  }

  /** What was said in a topic. */
  lines(topic: string): readonly Line[] {
    return this.#transcript(topic).lines;
  }

  /** The first message of others that has not been seen, by its name. */
  firstUnread(topic: string): string | undefined {
    const transcript = this.#transcript(topic);
    const first = transcript.lines.find(
      (line) => line.origin !== this.id && !transcript.isRead(line),
    );
    return first && lineName(first);
  }

  /** Messages that wait until this tab's member has started. */
  get waiting(): Remembered['outbox'] {
    return this.#memory.outbox;
  }

  get people(): readonly PersonView[] {
    const { people } = this.#memory;
    const all = new Set([...this.#members, ...Object.keys(people)]);
    return Array.from(all, (id) => ({
      id,
      name: this.nameOf(id),
      isMe: id === this.id,
      isHere: this.#pubsub !== undefined && (id === this.id || !this.#isMissed(id)),
      isGuest: !this.#members.includes(id),
    }));
  }

  get reach(): ChatReach {
    const heard = this.people.filter(({ isHere, isGuest }) => isHere && !isGuest).length;
    return {
      ...{ heard, of: this.#members.length },
      hasMajority: this.#pubsub?.hasMajority ?? false,
    };
  }

  /** How somebody is called. */
  nameOf(id: NodeId): string {
    return entryOf(this.#memory.people, id) ?? id;
  }

  /** Who has not got a message of one's own yet, as far as one knows. */
  waitsFor({ origin, sentAt }: Line): readonly NodeId[] {
    if (origin !== this.id) return [];
    const isSomebody = (id: NodeId): boolean =>
      this.#members.includes(id) || Object.hasOwn(this.#memory.people, id);
    return Array.from(this.#missed)
      .filter(([id, since]) => isSomebody(id) && sentAt > since - UNSEEN_MS)
      .map(([id]) => id)
      .toSorted();
  }

  /** What one has begun to write in a topic. */
  draft(topic: string): string {
    return entryOf(this.#memory.drafts, topic) ?? '';
  }

  /** Remembers what one has begun to write. */
  write(topic: string, text: string): void {
    this.#remember({ drafts: withEntry(this.#memory.drafts, topic, text.slice(0, TEXT_MAX)) });
  }

  /** Says something; undefined, or what is wrong. */
  say(topic: string, text: string): string | undefined {
    const said = text.trim();
    if (said === '') return 'Write something first.';
    if (said.length > TEXT_MAX)
      return `A message has at most ${TEXT_MAX} characters; these are ${said.length}.`;
    if (this.#pubsub === undefined) {
      if (this.#memory.outbox.length >= OUTBOX_MAX)
        return `${OUTBOX_MAX} messages wait already: more have no room.`;
      const one = { topic, text: said };
      this.#remember({ outbox: [...this.#memory.outbox, one] });
    } else this.#publish(topic, said);
    const { [topic]: _, ...drafts } = this.#memory.drafts;
    this.#remember({ drafts });
    return undefined;
  }

  /** Says who one is. */
  rename(name: string): void {
    this.#remember({ name });
    if (name !== '') this.#introduce();
  }

  /** Shows a topic: what is in it has been seen. */
  show(topic: string): void {
    this.#transcript(topic).markRead();
    const { marks } = this.#transcript(topic);
    this.#remember({ shown: topic, read: withEntry(this.#memory.read, topic, marks) });
  }

  /** Joins a topic; undefined when the members have agreed to it, or what is wrong. */
  async join(topic: string): Promise<string | undefined> {
    const { joined, topics } = this.#memory;
    if (!joined.includes(topic)) {
      const problem = await this.#subscribe(`${TALK}/${topic}`);
      if (problem !== undefined) return problem;
      this.#remember({ joined: [...this.#memory.joined, topic] });
      // Others see that there is such a topic.
      if (entryOf(topics, topic) === undefined) this.describe(topic, '');
    }
    this.show(topic);
    return undefined;
  }

  /** Leaves a topic; undefined when the members have agreed to it, or what is wrong. */
  async leave(topic: string): Promise<string | undefined> {
    const pattern = `${TALK}/${topic}`;
    try {
      await this.#subscriptions.get(pattern)?.unsubscribe();
    } catch (error) {
      return this.#inWords(error);
    }
    this.#subscriptions.delete(pattern);
    const joined = this.#memory.joined.filter((other) => other !== topic);
    const { [topic]: _, ...lines } = this.#memory.lines;
    this.#transcripts.delete(topic);
    const shown = this.#memory.shown === topic ? (joined[0] ?? '') : this.#memory.shown;
    this.#remember({ joined, lines, shown });
    return undefined;
  }

  /** Says what a topic is about, to those as well who come later. */
  describe(topic: string, text: string): void {
    const about = { text: text.trim().slice(0, DESCRIPTION_MAX) };
    this.#attempt(this.#pubsub?.publish(`${ABOUT}/${topic}`, about, { retain: true }));
  }

  /** Tells of changes. Returns how to end that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #transcript(topic: string): Transcript {
    const known =
      this.#transcripts.get(topic) ?? new Transcript([], entryOf(this.#memory.read, topic));
    this.#transcripts.set(topic, known);
    return known;
  }

  async #joinAll(): Promise<void> {
    const wanted = [PEOPLE, ABOUT].map((branch) => `${branch}/+`);
    wanted.push(...this.#memory.joined.map((topic) => `${TALK}/${topic}`));
    const problems = await Promise.all(wanted.map((pattern) => this.#subscribe(pattern)));
    this.#problem = problems.find((problem) => problem !== undefined);
    this.#tell();
  }

  async #subscribe(pattern: string): Promise<string | undefined> {
    const pubsub = this.#pubsub;
    if (pubsub === undefined) return 'This tab is not in the chat yet: topics can be joined then.';
    if (this.#subscriptions.has(pattern) || this.#joining.has(pattern)) return undefined;
    this.#joining.add(pattern);
    try {
      const subscription = await pubsub.subscribe(pattern, { history: true });
      this.#subscriptions.set(pattern, subscription);
      subscription.on((message) => this.#heard(message));
      return undefined;
    } catch (error) {
      return this.#inWords(error);
    } finally {
      this.#joining.delete(pattern);
      this.#tell();
    }
  }

  #inWords(error: unknown): string {
    const { heard, of, hasMajority } = this.reach;
    if (hasMajority) return `That was not agreed on: ${messageOf(error)}.`;
    return `Only ${heard} of ${of} are heard, and ${Math.floor(of / 2) + 1} have to agree: topics can be joined and left when more are back. What you say goes on.`;
  }

  #publish(topic: string, text: string): void {
    this.#attempt(this.#pubsub?.publish(`${TALK}/${topic}`, { text }));
  }

  #introduce(): void {
    const { id, name, people } = this.#memory;
    if (this.#pubsub === undefined || id === undefined || entryOf(people, id) === name) return;
    this.#attempt(this.#pubsub.publish(`${PEOPLE}/${id}`, { name }, { retain: true }));
  }

  #attempt(work: Promise<unknown> | undefined): void {
    work?.catch((error: unknown) => {
      this.#problem = `That was not kept: ${messageOf(error)}.`;
      this.#tell();
    });
  }

  #heard({ topic, origin, payload, life, sequence, lamport, sent_at, how }: TopicMessage): void {
    const [branch, leaf] = readTopic(topic) ?? [];
    if (branch === undefined || leaf === undefined) return;
    const text = textIn(branch, payload);
    if (text === undefined) return;
    if (branch === ABOUT) {
      this.#remember({ topics: withEntry(this.#memory.topics, leaf, text) });
      return;
    }
    if (branch === PEOPLE) {
      // Nobody can be given a name by another.
      if (leaf === origin) this.#remember({ people: withEntry(this.#memory.people, leaf, text) });
      return;
    }
    const line = { origin, life, sequence, lamport, sentAt: sent_at, text, isLate: false };
    const transcript = this.#transcript(leaf);
    const isOld = how === 'new' && origin !== this.id && this.#isOld(sent_at);
    if (!transcript.add(line, isOld)) return;
    const lines = transcript.lines.slice(-REMEMBERED_LINES_MAX);
    this.#remember({ lines: withEntry(this.#memory.lines, leaf, lines) });
  }

  #happened({ kind, detail }: PubSubEvent): void {
    if (kind === 'member') {
      const { node, is } = detail as { readonly node: NodeId; readonly is: string };
      if (is === 'here') this.#missed.delete(node);
      else this.#missed.set(node, Date.now());
    }
    if (kind === 'partition' && this.#pubsub?.hasMajority === true) void this.#joinAll();
    this.#tell();
  }

  /** Of before, to somebody who was there: not of the same moment, and not what one finds at the beginning. */
  #isOld(sentAt: number): boolean {
    const nowMs = Date.now();
    return nowMs - sentAt > LATE_MS && nowMs - this.#attachedMs > LATE_MS;
  }

  #isMissed(id: NodeId): boolean {
    return this.#missed.has(id);
  }

  #remember(changes: Partial<Remembered>): void {
    this.#memory = { ...this.#memory, ...changes };
    this.#changed(this.#memory);
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
