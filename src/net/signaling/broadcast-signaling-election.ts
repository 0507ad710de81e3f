/**
 * Which tab hosts the rooms. Web Locks decide it where they exist: the browser gives the lock to the next tab as soon as its holder is gone,
 * crashed or not. A page from a plain-http address has none; there the tabs decide it by talking.
 */

import type { BusMessage } from './broadcast-signaling-bus.ts';
import type { BroadcastTiming } from './broadcast-signaling-timing.ts';

/** One tab's part in the choice. */
export interface Election {
  /** Something was said on the bus. */
  heard(message: BusMessage): void;
  /** The host does not answer. */
  suspect(tab: string): void;
  /** This tab takes no part any more, and gives up what it has won. */
  close(): void;
}

/** What an election calls. */
export interface ElectionHost {
  /** This tab's name. */
  readonly tab: string;
  post(message: BusMessage): void;
  /** Says again that this tab hosts. */
  announce(): void;
  /** This tab hosts from now on; it is to be announced. */
  elected(): void;
  /** Another tab hosts, and this one no longer. */
  deposed(): void;
  /** There are no locks here after all. */
  failed(): void;
}

/** The choice by Web Locks. */
export class LockElection implements Election {
  readonly #release = new AbortController();
  #hasWon = false;

  constructor(locks: LockManager, name: string, host: ElectionHost) {
    const { signal } = this.#release;
    const held = () =>
      new Promise<void>((resolve) => {
        if (signal.aborted) return resolve();
        signal.addEventListener('abort', () => resolve());
        this.#hasWon = true;
        host.elected();
      });
    locks.request(`parley/tabs/${name}`, { signal }, held).catch(() => {
      // Aborted; or a page that may not store anything may hold no lock either.
      if (!signal.aborted && !this.#hasWon) host.failed();
    });
  }

  heard(): void {}

  suspect(): void {}

  close(): void {
    this.#release.abort();
  }
}

type Standing =
  | { readonly at: 'looking' | 'standing' | 'hosting' | 'closed' }
  | { readonly at: 'following'; readonly tab: string };

/**
 * The choice by talking. Whoever hears of no host asks, then stands, and hosts if nobody better objects. Visible tabs are better than hidden
 * ones, whose timers are slow; among equals the lower name is. Should two tabs host after all (one was frozen meanwhile), they hear each other,
 * and the lower name stays.
 */
export class TalkElection implements Election {
  readonly #host: ElectionHost;
  readonly #timing: BroadcastTiming;
  #standing: Standing = { at: 'looking' };
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(timing: BroadcastTiming, host: ElectionHost) {
    this.#timing = timing;
    this.#host = host;
    this.#look();
  }

  heard(message: BusMessage): void {
    if (this.#standing.at === 'closed' || message.say === 'open') return;
    if (message.tab === this.#host.tab) return;
    switch (message.say) {
      case 'who':
        return;
      case 'candidate':
        return this.#otherStands(message.rank);
      case 'host':
        return this.#otherHosts(message.tab);
      case 'gone':
        if (this.#isFollowing(message.tab)) this.#stand();
    }
  }

  suspect(tab: string): void {
    if (this.#isFollowing(tab)) this.#look();
  }

  close(): void {
    this.#become({ at: 'closed' });
  }

  #look(): void {
    this.#become({ at: 'looking' });
    this.#host.post({ say: 'who', tab: this.#host.tab });
    this.#later(this.#timing.objectionMs, () => this.#stand());
  }

  #stand(): void {
    this.#become({ at: 'standing' });
    this.#host.post({ say: 'candidate', tab: this.#host.tab, rank: this.#rank() });
    this.#later(this.#timing.objectionMs, () => {
      this.#become({ at: 'hosting' });
      this.#host.elected();
    });
  }

  #otherStands(rank: string): void {
    const { at } = this.#standing;
    if (at === 'hosting') return this.#host.announce();
    // Who follows has a host, and lets it speak for itself.
    if (at === 'following') return;
    if (this.#rank() < rank) return this.#stand();
    this.#become({ at: 'looking' });
    this.#later(this.#timing.patienceMs, () => this.#look());
  }

  #otherHosts(tab: string): void {
    const wasHosting = this.#standing.at === 'hosting';
    if (wasHosting && this.#host.tab < tab) return this.#host.announce();
    this.#become({ at: 'following', tab });
    if (wasHosting) this.#host.deposed();
  }

  #rank(): string {
    const isHidden = typeof document === 'object' && document.visibilityState === 'hidden';
    return `${isHidden ? 1 : 0}${this.#host.tab}`;
  }

  #isFollowing(tab: string): boolean {
    return this.#standing.at === 'following' && this.#standing.tab === tab;
  }

  #become(standing: Standing): void {
    clearTimeout(this.#timer);
    this.#standing = standing;
  }

  #later(ms: number, callback: () => void): void {
    this.#timer = setTimeout(callback, ms);
  }
}
