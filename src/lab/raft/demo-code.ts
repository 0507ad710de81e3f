/** The code of a cluster of a demo: which demo, how many members, and which room. It is short enough to be read out: `A3-7KQ2MX`. */

import { newRoomCode } from '../../net/rooms/room-code.ts';

/** The demos, by the letter that codes begin with. */
export const DEMO_LETTERS = { K: 'key-value', C: 'counters', B: 'bank', A: 'auction' } as const;

/** The name of a demo. */
export type DemoName = (typeof DEMO_LETTERS)[keyof typeof DEMO_LETTERS];

/** How many members a cluster may be founded with: an even one more would outlive no more failures. */
export const DEMO_SIZES = [1, 3, 5] as const;

/** What a code says. */
export interface DemoCode {
  readonly demo: DemoName;
  readonly members: number;
  /** The code itself, which is the room's. */
  readonly code: string;
}

const CODE = /^([KCBA])([135])-[A-Z0-9]{4,20}$/;

/** A new code. */
export function newDemoCode(demo: DemoName, members: number): DemoCode {
  const [letter] = Object.entries(DEMO_LETTERS).find(([, name]) => name === demo)!;
  return { demo, members, code: `${letter}${members}-${newRoomCode()}` };
}

/** Reads what somebody typed or pasted; spaces and the case of letters do not matter. Undefined when it is no such code. */
export function readDemoCode(text: string): DemoCode | undefined {
  const code = text.replaceAll(/\s+/g, '').toUpperCase();
  const [, letter, members] = CODE.exec(code) ?? [];
  if (letter === undefined) return undefined;
  return {
    demo: DEMO_LETTERS[letter as keyof typeof DEMO_LETTERS],
    members: Number(members),
    code,
  };
}
