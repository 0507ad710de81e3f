/** Frames that no server should accept, or none that it should survive: the same ones in every run. */

/** What a frame is sent as. */
export interface HostileFrame {
  readonly data: Buffer;
  readonly binary: boolean;
}

/** Whole numbers below a bound, the same in every run. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(bound: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % bound;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  bytes(count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, () => this.below(256)));
  }
}

/** A frame made of one of the valid ones, or of nothing at all. */
export function hostileFrame(dice: Dice, valid: readonly object[]): HostileFrame {
  const message = dice.pick(valid);
  const text = (data: string) => ({ data: Buffer.from(data), binary: false });
  const kinds: (() => HostileFrame)[] = [
    () => ({ data: dice.bytes(dice.below(64)), binary: true }),
    // Mostly no UTF-8, which ends the connection at once.
    () => ({ data: dice.bytes(1 + dice.below(4)), binary: false }),
    () => text(String.fromCharCode(...Array.from({ length: 20 }, () => dice.below(0xd7ff)))),
    () => text(truncated(dice, JSON.stringify(message))),
    () => text(mutated(dice, JSON.stringify(message))),
    () => text(deep(dice)),
    () => text(JSON.stringify(wrongTypes(dice, message))),
    () => text(JSON.stringify(dice.pick(VALUES))),
    () => text(`{"__proto__":${JSON.stringify(message)},"constructor":{"prototype":null}}`),
    () => text(JSON.stringify([message])),
    () => text(JSON.stringify({ ...message, type: dice.pick(TYPES) })),
  ];
  return dice.pick(kinds)();
}

const VALUES: readonly unknown[] = [
  ...[null, true, 0, -1, 1e308, 0.5, '', 'x', '\u0000', '\ud800', 'x'.repeat(5_000)],
  ...[[], {}, [[]], { type: 'join' }, { length: -1 }, '__proto__', 2 ** 53, '1'.repeat(400)],
];

const TYPES: readonly unknown[] = [
  ...['toString', '__proto__', 'constructor', 'welcome', 'error', 'OPEN', 'ID-TAKEN', 'EXPIRE'],
  ...['', 'JOIN', 'offer', null, 7, ['join'], { toString: 'join' }],
];

function truncated(dice: Dice, text: string): string {
  return text.slice(0, dice.below(text.length));
}

function mutated(dice: Dice, text: string): string {
  const at = dice.below(text.length);
  const letter = String.fromCharCode(
    dice.pick([0, 34, 44, 45, 48, 91, 92, 93, 101, 123, 125, 233]),
  );
  return text.slice(0, at) + letter + text.slice(at + dice.below(3));
}

function deep(dice: Dice): string {
  const levels = 1 + dice.below(2_000);
  return dice.pick([
    '['.repeat(levels),
    `${'['.repeat(levels)}${']'.repeat(levels)}`,
    `{"type":"broadcast","payload":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}}`,
    `{"type":"OFFER","dst":"x","payload":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}}`,
  ]);
}

function wrongTypes(dice: Dice, message: object): object {
  const wrong: Record<string, unknown> = { ...message };
  const name = dice.pick(Object.keys(message));
  if (dice.below(4) === 0) delete wrong[name];
  else wrong[name] = dice.pick(VALUES);
  return wrong;
}
