/**
 * Keys that members give to each other, and change when somebody is put out or leaves.
 *
 * Each author has a key of its own for what it publishes (sender keys, as in group messengers), sealed to each member's key. It is made for
 * the members of that moment; before the next message after these have changed, the author makes a new one. So what an author says once it
 * knows that somebody is out, that one cannot read; nobody has to agree with anybody on a key, and two who change theirs at the same
 * time are not in each other's way. Notes about keys are messages themselves: whoever was away finds them before what they open.
 *
 * A member that lacks a key asks for it: the author answers, or in its place another who has the key, if the key was made for whoever asks.
 */

import { check } from '../../core/schema.ts';
import type { NodeId } from '../../core/id.ts';
import type { Timer } from '../../core/ports.ts';
import { toHex } from '../../net/hex.ts';
import { nameOfKey, type AuthorKey, type AuthorKeys } from './author-keys.ts';
import { keyNote, NOTE_ENTRIES_MAX, type KeyNote } from './key-notes.ts';
import { KEY_BYTES, openKey, sealingKeys, sealKey } from './sealed-key.ts';

/** Milliseconds after which whoever stands next in line answers, and until a member asks again. */
const TURN_MS = 400;
const ASK_AGAIN_MS = 2000;
/** So often a key is asked for; then it is given up until somebody wants to read something with it again. */
const ASKS_MAX = 5;
/** Keys that are asked for at once; more wait. */
const WANTED_MAX = 256;

/** What surrounds a schedule. */
export interface KeyScheduleHost {
  readonly id: NodeId;
  /** Who belongs to the group now, this member included. */
  members(): readonly NodeId[];
  isHere(member: NodeId): boolean;
  /** Publishes a note, before whatever is published next. @throws {Refusal} */
  publish(note: KeyNote): void;
  after(delayMs: number, callback: () => void): Timer;
  /** Something can be read now, or will not be. */
  changed(): void;
}

/** Why a key is not here. */
export type Lack = 'awaited' | 'refused' | 'nobody has it';

interface Wanted {
  readonly author: NodeId;
  readonly name: Uint8Array;
  asked: number;
  lack: Lack;
}

/** The keys of one member. */
export class KeySchedule {
  readonly #host: KeyScheduleHost;
  readonly #keys: AuthorKeys;
  readonly #wanted = new Map<string, Wanted>();
  /** Whom this member may still have to answer, by what was asked. */
  readonly #owed = new Map<string, Timer>();
  #isAsking = false;

  constructor(host: KeyScheduleHost, keys: AuthorKeys) {
    this.#host = host;
    this.#keys = keys;
  }

  /** Says to what keys are sealed: once in a member's life. */
  begin(hasMemory: boolean): void {
    if (!hasMemory) this.#host.publish({ is: 'hello', key: this.#keys.sealing.public });
  }

  /** The key for what this member publishes now. */
  own(): AuthorKey {
    const members = this.#host.members();
    const current = this.#keys.current(this.#host.id);
    if (current !== undefined && isSameSet(current.members, members)) return current;
    return this.#renew(members);
  }

  /** The key with which an author's message was encrypted; asked for when it is not here. */
  find(author: NodeId, name: Uint8Array): AuthorKey | Lack {
    const known = this.#keys.get(author, name);
    if (known !== undefined) return known;
    const place = `${author} ${toHex(name)}`;
    const wanted = this.#wanted.get(place);
    // Nobody would hear whoever is out.
    if (!this.#host.members().includes(this.#host.id)) return 'refused';
    if (wanted !== undefined) return wanted.lack;
    if (this.#wanted.size >= WANTED_MAX) this.#forgetSettled();
    this.#wanted.set(place, { author, name, asked: 0, lack: 'awaited' });
    // Not at once: what comes with the same batch may bring it, and what else is lacking is asked for together.
    if (!this.#isAsking) this.#askAfter(TURN_MS / 4);
    return 'awaited';
  }

  /** A note has come, from an author whose signature is genuine. */
  hear(author: NodeId, payload: unknown): void {
    if (author === this.#host.id) return;
    const read = check(keyNote, payload);
    if (read.issues !== undefined) return;
    const note = read.value;
    switch (note.is) {
      case 'hello':
        if (this.#keys.notePublicKey(author, note.key)) this.#giveCurrent(author);
        return;
      case 'key':
        this.#hearKey(author, note);
        return;
      case 'wanted':
        this.#keys.notePublicKey(author, note.key);
        this.#hearWanted(author, note.keys);
        return;
      case 'given':
        this.#hearGiven(note);
    }
  }

  #renew(members: readonly NodeId[]): AuthorKey {
    const { id } = this.#host;
    const key: Uint8Array = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
    const made: AuthorKey = { author: id, name: nameOfKey(id, key), key, members };
    const fresh = sealingKeys();
    const boxes: Record<NodeId, Uint8Array> = {};
    for (const receiver of members) {
      const theirs = this.#keys.publicKeyOf(receiver);
      if (receiver === id || theirs === undefined) continue;
      boxes[receiver] = sealKey(key, fresh, theirs, { author: id, receiver, name: made.name });
    }
    // Should it be refused, this member goes on with the key before, and publishes nothing.
    this.#host.publish({
      ...{ is: 'key', name: made.name, members: [...members], boxes, fresh: fresh.public },
    });
    this.#keys.add(made);
    this.#keys.use(made);
    return made;
  }

  #hearKey(author: NodeId, { name, members, boxes, fresh }: Extract<KeyNote, { is: 'key' }>): void {
    const box = Object.hasOwn(boxes, this.#host.id) ? boxes[this.#host.id] : undefined;
    if (box !== undefined) this.#open({ author, name, members, box }, fresh);
  }

  #hearGiven({ to, fresh, keys, refused }: Extract<KeyNote, { is: 'given' }>): void {
    for (const { author, name } of [...keys, ...refused]) this.#settle(to, author, name);
    if (to !== this.#host.id) return;
    for (const each of keys) this.#open(each, fresh);
    for (const { author, name } of refused) {
      const wanted = this.#wanted.get(`${author} ${toHex(name)}`);
      if (wanted !== undefined) wanted.lack = 'refused';
    }
    this.#host.changed();
  }

  #open(given: Omit<AuthorKey, 'key'> & { readonly box: Uint8Array }, fresh: Uint8Array): void {
    const { author, name, members, box } = given;
    if (this.#keys.get(author, name) !== undefined) return;
    const use = { author, receiver: this.#host.id, name };
    const key = openKey(box, fresh, this.#keys.sealing, use);
    // The name commits to the key: nobody can give another one in the author's name.
    if (key === undefined || toHex(nameOfKey(author, key)) !== toHex(name)) return;
    this.#keys.add({ author, name, key, members });
    this.#wanted.delete(`${author} ${toHex(name)}`);
    this.#host.changed();
  }

  /** A member has said to what keys are sealed: it gets the one that this member uses now. */
  #giveCurrent(to: NodeId): void {
    const current = this.#keys.current(this.#host.id);
    if (current?.members.includes(to) === true) this.#give(to, [current], []);
  }

  #hearWanted(
    asker: NodeId,
    asked: readonly { readonly author: NodeId; readonly name: Uint8Array }[],
  ): void {
    const { id } = this.#host;
    if (!this.#host.members().includes(asker)) return;
    for (const { author, name } of asked) {
      const known = this.#keys.get(author, name);
      if (known === undefined) continue;
      const place = `${asker} ${author} ${toHex(name)}`;
      if (this.#owed.has(place) || this.#owed.size >= WANTED_MAX) continue;
      // The author first; then those who are here, one after the other, until somebody has answered.
      const line = [author, ...this.#host.members()].filter(
        (member, at, all) =>
          member !== asker &&
          all.indexOf(member) === at &&
          (member === id || this.#host.isHere(member)),
      );
      const turn = Math.max(0, line.indexOf(id));
      const answer = (): void => {
        this.#owed.delete(place);
        if (!this.#host.members().includes(asker)) return;
        if (known.members.includes(asker)) this.#give(asker, [known], []);
        else this.#give(asker, [], [known]);
      };
      this.#owed.set(place, this.#host.after(turn * TURN_MS, answer));
    }
  }

  #give(to: NodeId, keys: readonly AuthorKey[], refused: readonly AuthorKey[]): void {
    const theirs = this.#keys.publicKeyOf(to);
    if (theirs === undefined) return;
    const fresh = sealingKeys();
    this.#host.publish({
      ...{ is: 'given', to, fresh: fresh.public },
      keys: keys.map(({ author, name, members, key }) => ({
        ...{ author, name, members: [...members] },
        box: sealKey(key, fresh, theirs, { author, receiver: to, name }),
      })),
      refused: refused.map(({ author, name }) => ({ author, name })),
    });
  }

  /** Somebody has answered. */
  #settle(to: NodeId, author: NodeId, name: Uint8Array): void {
    const place = `${to} ${author} ${toHex(name)}`;
    this.#owed.get(place)?.cancel();
    this.#owed.delete(place);
  }

  #askAfter(delayMs: number): void {
    this.#isAsking = true;
    this.#host.after(delayMs, () => this.#ask());
  }

  #ask(): void {
    this.#isAsking = false;
    const awaited = [...this.#wanted.values()].filter(({ lack }) => lack === 'awaited');
    for (const wanted of awaited) {
      if (wanted.asked++ >= ASKS_MAX) wanted.lack = 'nobody has it';
    }
    const keys = awaited.filter(({ lack }) => lack === 'awaited').slice(0, NOTE_ENTRIES_MAX);
    if (keys.length > 0) {
      const asked = keys.map(({ author, name }) => ({ author, name }));
      this.#host.publish({ is: 'wanted', keys: asked, key: this.#keys.sealing.public });
      this.#askAfter(ASK_AGAIN_MS);
    }
    if (keys.length < awaited.length) this.#host.changed();
  }

  #forgetSettled(): void {
    for (const [place, { lack }] of this.#wanted)
      if (lack !== 'awaited') this.#wanted.delete(place);
    const [oldest] = this.#wanted.keys();
    if (this.#wanted.size >= WANTED_MAX) this.#wanted.delete(oldest!);
  }
}

function isSameSet(a: readonly NodeId[], b: readonly NodeId[]): boolean {
  return a.length === b.length && a.every((each) => b.includes(each));
}
