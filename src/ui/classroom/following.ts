/** Follow me: where the director looks, the others look. The one side says it at times, the other does it. */

import type { LookedAt, RoomSession } from '../../lab/lab-service.ts';
import type { Viewer } from '../stage/viewer.ts';

/** Between two words about where the director looks, in milliseconds: what others see is never much older. */
const SAY_MS = 300;

/** One tab's part in it. */
export class Following {
  readonly #viewer: Viewer;
  readonly #session: () => RoomSession | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #done = '';

  constructor(viewer: Viewer, session: () => RoomSession | undefined) {
    this.#viewer = viewer;
    this.#session = session;
    viewer.subscribe(() => this.#soon());
  }

  /** True when the others look where this tab looks. */
  get leads(): boolean {
    const session = this.#session();
    return session?.mayDirect === true && session.lessons.lesson.follow !== undefined;
  }

  /** True when this tab looks where another looks. */
  get follows(): boolean {
    const session = this.#session();
    return session?.mayDirect === false && session.lessons.lesson.follow !== undefined;
  }

  /** True when whoever teaches has stopped everything here. */
  get isFrozen(): boolean {
    const session = this.#session();
    return session?.mayDirect === false && session.lessons.lesson.isFrozen;
  }

  /** True when somebody leads, asks or stops this tab. */
  get isTaught(): boolean {
    const session = this.#session();
    if (session === undefined || session.mayDirect) return false;
    const { isFrozen, follow, poll } = session.lessons.lesson;
    return isFrozen || follow !== undefined || poll !== undefined;
  }

  /** Lets the others follow, or go their own ways again. */
  lead(leads: boolean): void {
    this.#session()?.lessons.teach({ follow: leads ? this.#looked() : undefined });
  }

  /** The room has changed: looks where its director looks, if that is elsewhere than before. */
  hear(): void {
    const follow = this.#session()?.lessons.lesson.follow;
    if (!this.follows || follow === undefined) return;
    const key = JSON.stringify(follow);
    if (key === this.#done) return;
    this.#done = key;
    const { atMs, node } = follow;
    this.#viewer.select(node === undefined ? undefined : { kind: 'node', node });
    if (atMs !== undefined) this.#viewer.seek(atMs);
    else if (this.#viewer.live) this.#viewer.follow();
    else this.#viewer.goTo(Infinity);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #soon(): void {
    if (!this.leads) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const looked = this.#looked();
      const known = this.#session()?.lessons.lesson.follow;
      if (this.leads && JSON.stringify(known) !== JSON.stringify(looked)) this.lead(true);
    }, SAY_MS);
  }

  #looked(): LookedAt {
    const { selection, following, cursor } = this.#viewer;
    return {
      ...(following ? {} : { atMs: Math.round(cursor.time) }),
      ...(selection?.kind === 'node' ? { node: selection.node } : {}),
    };
  }
}
