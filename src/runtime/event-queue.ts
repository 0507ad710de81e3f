/** The queue of a simulation: events by time, and among those of one time in the order in which they were put in. */

/** A binary heap over parallel arrays: no object is made for an entry. */
export class EventQueue<E> {
  readonly #times: number[] = [];
  readonly #orders: number[] = [];
  readonly #events: E[] = [];
  #order = 0;

  get size(): number {
    return this.#events.length;
  }

  /** Time of the first event. Undefined behaviour on an empty queue. */
  get nextTime(): number {
    return this.#times[0]!;
  }

  /** The first event. Undefined on an empty queue. */
  get next(): E | undefined {
    return this.#events[0];
  }

  push(time: number, event: E): void {
    const times = this.#times;
    const orders = this.#orders;
    const events = this.#events;
    const order = this.#order++;
    let at = events.length;
    times.push(time);
    orders.push(order);
    events.push(event);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      // A new entry has the greatest order: it stays behind its equals.
      if (times[parent]! <= time) break;
      times[at] = times[parent]!;
      orders[at] = orders[parent]!;
      events[at] = events[parent]!;
      at = parent;
    }
    times[at] = time;
    orders[at] = order;
    events[at] = event;
  }

  /** Takes the first event; undefined when there is none. */
  pop(): E | undefined {
    const events = this.#events;
    const first = events[0];
    const time = this.#times.pop();
    const order = this.#orders.pop();
    const last = events.pop();
    if (events.length > 0) this.#sink(time!, order!, last!);
    return first;
  }

  #sink(time: number, order: number, event: E): void {
    const times = this.#times;
    const orders = this.#orders;
    const events = this.#events;
    const count = events.length;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= count) break;
      const right = child + 1;
      if (
        right < count &&
        (times[right]! < times[child]! ||
          (times[right] === times[child] && orders[right]! < orders[child]!))
      ) {
        child = right;
      }
      const childTime = times[child]!;
      if (childTime > time || (childTime === time && orders[child]! > order)) break;
      times[at] = childTime;
      orders[at] = orders[child]!;
      events[at] = events[child]!;
      at = child;
    }
    times[at] = time;
    orders[at] = order;
    events[at] = event;
  }
}
