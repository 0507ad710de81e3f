/** Operations that have not taken effect, in the order of their calls: a list from which any can be taken, and put back in reverse order. */

export class Pending {
  /** Behind each operation the next; the number of operations stands for both ends. */
  readonly next: Int32Array;
  readonly #previous: Int32Array;

  constructor(inOrder: Int32Array) {
    const end = inOrder.length;
    this.next = new Int32Array(end + 1);
    this.#previous = new Int32Array(end + 1);
    let last = end;
    for (const operation of inOrder) {
      this.next[last] = operation;
      this.#previous[operation] = last;
      last = operation;
    }
    this.next[last] = end;
    this.#previous[end] = last;
  }

  /** The taken one still knows its neighbours, as Knuth's dancing links do. */
  take(operation: number): void {
    this.next[this.#previous[operation]!] = this.next[operation]!;
    this.#previous[this.next[operation]!] = this.#previous[operation]!;
  }

  putBack(operation: number): void {
    this.next[this.#previous[operation]!] = operation;
    this.#previous[this.next[operation]!] = operation;
  }
}
