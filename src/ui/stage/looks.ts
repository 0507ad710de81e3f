/** How parts and statuses look: shape, colour and word, so that none of them carries the meaning alone. */

import type { ShownStatus } from '../../lab/picture.ts';
import type { Point } from './layout.ts';

/** The outline of a node. */
export type Shape = 'circle' | 'diamond' | 'square' | 'hexagon' | 'double';

/** Looks of a part that a node plays. */
export interface RoleLook {
  readonly shape: Shape;
  /** A token of the theme. */
  readonly colour: string;
}

const PLAIN: RoleLook = { shape: 'circle', colour: 'var(--parley-role-plain)' };

const AMBER: RoleLook = { shape: 'double', colour: 'var(--parley-role-amber)' };
const VIOLET: RoleLook = { shape: 'diamond', colour: 'var(--parley-role-violet)' };
const TEAL: RoleLook = { shape: 'square', colour: 'var(--parley-role-teal)' };
const GREEN: RoleLook = { shape: 'hexagon', colour: 'var(--parley-role-green)' };
const ROSE: RoleLook = { shape: 'square', colour: 'var(--parley-role-rose)' };

/** Words of the field that readers expect to look the same in every chapter. */
const KNOWN: { readonly [role: string]: RoleLook } = {
  leader: AMBER,
  elected: AMBER,
  coordinator: AMBER,
  primary: AMBER,
  sender: AMBER,
  initiator: AMBER,
  candidate: VIOLET,
  participant: VIOLET,
  follower: PLAIN,
  backup: PLAIN,
  receiver: PLAIN,
  passive: PLAIN,
  asleep: PLAIN,
  idle: PLAIN,
  node: PLAIN,
  byzantine: ROSE,
  faulty: ROSE,
  delivered: GREEN,
  learner: TEAL,
};

const OTHERS: readonly RoleLook[] = [TEAL, VIOLET, GREEN, ROSE, AMBER];

/** Gives roles their looks: known words have theirs, others get what is left, in the order in which they appear. */
export class RoleLooks {
  readonly #given = new Map<string, RoleLook>();

  /** Looks of a role; plain for a node that plays none. */
  of(role: string | undefined): RoleLook {
    if (role === undefined) return PLAIN;
    let look = this.#given.get(role);
    if (look === undefined) {
      const taken = new Set(this.#given.values());
      const free = OTHERS.find((candidate) => !taken.has(candidate));
      look = KNOWN[role.toLowerCase()] ?? free ?? OTHERS[this.#given.size % OTHERS.length]!;
      this.#given.set(role, look);
    }
    return look;
  }
}

/** The path of a node's outline with the given radius; undefined for circles. */
export function outline(shape: Shape, radius: number): string | undefined {
  const corners = cornersOf(shape, radius);
  return corners === undefined ? undefined : pathOf(corners);
}

/** The corners of such an outline, clockwise; undefined for circles. */
export function cornersOf(shape: Shape, radius: number): readonly Point[] | undefined {
  const r = radius * 1.04;
  switch (shape) {
    case 'circle':
    case 'double':
      return undefined;
    case 'diamond':
      return points([0, -r], [r, 0], [0, r], [-r, 0]);
    case 'square': {
      const s = radius * 0.84;
      return points([-s, -s], [s, -s], [s, s], [-s, s]);
    }
    case 'hexagon': {
      const h = r * 0.866;
      return points([-r, 0], [-r / 2, -h], [r / 2, -h], [r, 0], [r / 2, h], [-r / 2, h]);
    }
  }
}

/** A closed path from corner to corner; empty for fewer than three. */
export function pathOf(corners: readonly Point[]): string {
  return corners.length < 3 ? '' : `M${corners.map(({ x, y }) => `${x} ${y}`).join('L')}Z`;
}

function points(...pairs: readonly (readonly [x: number, y: number])[]): Point[] {
  return pairs.map(([x, y]) => ({ x, y }));
}

/** Looks of a status: the ring around the node, a sign at its corner, and the word. */
export interface StatusLook {
  /** Empty where nothing is known. */
  readonly word: string;
  /** One character; empty for the ordinary course of things. */
  readonly sign: string;
  readonly colour: string;
  readonly dashed: boolean;
  readonly faded: boolean;
}

const BAD = 'var(--parley-bad)';
const OK = 'var(--parley-ok)';
const LINE = 'var(--parley-line-2)';
const GONE = 'var(--parley-role-gone)';

/** Looks of every status. */
export const STATUS_LOOKS: { readonly [status in ShownStatus]: StatusLook } = {
  unknown: { word: '', sign: '', colour: LINE, dashed: false, faded: false },
  joining: { word: 'joining', sign: '', colour: LINE, dashed: true, faded: true },
  ready: { word: 'ready', sign: '', colour: LINE, dashed: true, faded: false },
  running: { word: 'running', sign: '', colour: LINE, dashed: false, faded: false },
  finished: { word: 'finished', sign: '✓', colour: OK, dashed: true, faded: false },
  terminated: { word: 'terminated', sign: '✓', colour: OK, dashed: false, faded: false },
  stopped: { word: 'stopped', sign: '■', colour: GONE, dashed: false, faded: false },
  timeout: { word: 'timed out', sign: '!', colour: BAD, dashed: true, faded: false },
  departed: { word: 'departed', sign: '–', colour: GONE, dashed: true, faded: true },
  failed: { word: 'failed', sign: '✗', colour: BAD, dashed: false, faded: false },
};
