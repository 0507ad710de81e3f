/** Opens more tabs of a room. Browsers let a page open one window a click and hold back the others until they are allowed. */

import type { ReactiveControllerHost } from 'lit';
import type { RoomSession } from '../../lab/lab-service.ts';
import { WORDS } from './words.ts';

/** Tabs of one press. */
export const TABS = 3;
/** A tab that has not come by then was held back, in milliseconds: it loads from this machine's own server. */
const ARRIVAL_MS = 8000;

/** The button's memory: how many tabs were wanted, and how many came. */
export class TabOpener {
  readonly #host: ReactiveControllerHost;
  #known = new Set<string>();
  #wanted = 0;
  #isLate = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController({ hostDisconnected: () => clearTimeout(this.#timer) });
  }

  /** Opens them; only of use within a click. */
  open({ link, members }: RoomSession): void {
    this.#known = new Set(members.map(({ member }) => member));
    this.#wanted = TABS;
    this.#isLate = false;
    // Without an opener each tab has a process of its own, and is no copy of this one. Then nobody says whether it was opened: it is seen
    // when it joins.
    for (let tab = 0; tab < TABS; tab++) window.open(link, '_blank', 'noopener');
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#isLate = true;
      this.#host.requestUpdate();
    }, ARRIVAL_MS);
    this.#host.requestUpdate();
  }

  /** What to say of it, as long as there is something to say. */
  wordsFor({ members }: RoomSession): string | undefined {
    if (this.#wanted === 0) return undefined;
    const came = members.filter(({ member, present }) => present && !this.#known.has(member));
    if (came.length >= this.#wanted) return undefined;
    const say = this.#isLate ? WORDS.heldBack : WORDS.cameSoFar;
    return say(came.length, this.#wanted);
  }
}
