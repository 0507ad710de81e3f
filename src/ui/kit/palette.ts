/** Which kind of message gets which colour: by its place in the message record, never by what the algorithm says. */

/** How many colours the theme has for kinds. */
const COLOURS = 8;
const SOLID: readonly number[] = [];

/** The kinds of one chapter, in order; kinds of its children follow as they appear. */
export class Palette {
  readonly #slots = new Map<string, number>();

  constructor(types: readonly string[] = []) {
    for (const type of types) this.#slot(type);
  }

  /** Every kind so far. */
  get kinds(): readonly string[] {
    return [...this.#slots.keys()];
  }

  /** The colour of a kind, as CSS. */
  colour(type: string): string {
    return `var(--parley-kind-${(this.#slot(type) % COLOURS) + 1})`;
  }

  /** Dashes that tell a kind from another one of the same colour; none for the first eight. */
  dashes(type: string): readonly number[] {
    const round = Math.floor(this.#slot(type) / COLOURS);
    return round === 0 ? SOLID : [2 + round * 3, 3];
  }

  #slot(type: string): number {
    let slot = this.#slots.get(type);
    if (slot === undefined) {
      slot = this.#slots.size;
      this.#slots.set(type, slot);
    }
    return slot;
  }
}
