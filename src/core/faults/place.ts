/**
 * A value from outside and where it stands in the whole: whatever is wrong is noted with its place, and reading goes on, so that all
 * problems are told at once.
 */

import { nearest } from '../nearest-name.ts';

/** Keys and indexes from the top. */
export type Path = readonly (string | number)[];

/** One thing that is wrong, and where. */
export interface PlaceProblem {
  readonly path: Path;
  /** Whether the key is wrong or what stands behind it. */
  readonly about: 'key' | 'value';
  readonly message: string;
  /** What was probably meant. */
  readonly suggestion?: string;
}

/** A value at its place. */
export class Place {
  readonly value: unknown;
  readonly path: Path;
  readonly #problems: PlaceProblem[];
  readonly #about: PlaceProblem['about'];

  constructor(
    value: unknown,
    path: Path,
    problems: PlaceProblem[],
    about: PlaceProblem['about'] = 'value',
  ) {
    this.value = value;
    this.path = path;
    this.#problems = problems;
    this.#about = about;
  }

  /** The key under which this stands, as a place of its own. */
  get key(): Place {
    return new Place(this.path.at(-1), this.path, this.#problems, 'key');
  }

  /** Nothing is written here. */
  get isMissing(): boolean {
    return this.value === undefined || this.value === null;
  }

  /** True for a map of keys and values. */
  get isMap(): boolean {
    return typeof this.value === 'object' && this.value !== null && !Array.isArray(this.value);
  }

  /** The value as a word; '' when it is none. YAML reads the name 1 as a number. */
  get word(): string {
    const { value } = this;
    return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
  }

  /** The path as people write it: `crashes[0].node`. */
  get name(): string {
    return printPath(this.path);
  }

  /** Notes a problem; undefined, to be returned at once. */
  problem(message: string, suggestion?: string): undefined {
    this.#problems.push({
      path: this.path,
      about: this.#about,
      message,
      ...(suggestion === undefined ? {} : { suggestion }),
    });
  }

  /** What stands under a key; may be missing. */
  field(key: string): Place {
    const value = this.isMap ? (this.value as Record<string, unknown>)[key] : undefined;
    return new Place(value, [...this.path, key], this.#problems);
  }

  /** The fields of a map that knows only these keys; undefined when it is no map. */
  fields<K extends string>(known: readonly K[]): Record<K, Place> | undefined {
    if (!this.isMap) return this.problem(`this is a map of ${known.join(', ')}`);
    for (const [key, field] of this.entries()) {
      if ((known as readonly string[]).includes(key)) continue;
      const suggestion = nearest(key, known);
      const help = suggestion === undefined ? `; there are ${known.join(', ')}` : '';
      field.key.problem(`unknown key '${key}'${help}`, suggestion);
    }
    return Object.fromEntries(known.map((key) => [key, this.field(key)])) as Record<K, Place>;
  }

  /** What stands under each key of a map. */
  entries(): readonly (readonly [key: string, place: Place])[] {
    if (!this.isMap) return [];
    return Object.keys(this.value as object).map((key) => [key, this.field(key)]);
  }

  /** The items of a list; anything else is a list of itself, nothing an empty one. */
  items(): readonly Place[] {
    if (this.isMissing) return [];
    if (!Array.isArray(this.value)) return [this];
    return this.value.map((item, at) => new Place(item, [...this.path, at], this.#problems));
  }
}

/** A path as people write it. */
export function printPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}
