/**
 * What stands in a room: the latest charter, rights, choice, run, control and lesson, each a statement whose author had the right to make it.
 *
 * Each of them is a register that its newest statement fills: a higher number, or the same and the greater name. So it does not matter in
 * which order they arrive, and one that is played again changes nothing.
 */

import { mayDirect, mayManage, NO_RIGHTS, type Authority, type Heir } from './charter.ts';
import { bodyOf, type Bodies, type Charter } from './messages.ts';
import type { Statement } from './statement.ts';

/** The registers, in the order in which a newcomer has to read them. */
export const REGISTER_KINDS = ['charter', 'rights', 'choice', 'run', 'control', 'lesson'] as const;

/** One of the {@link REGISTER_KINDS}. */
export type RegisterKind = (typeof REGISTER_KINDS)[number];

/** What stands in a register, and who said it. */
export interface Entry<K extends RegisterKind> {
  readonly statement: Statement & { readonly kind: K };
  readonly body: Bodies[K];
}

type Registers = { [K in RegisterKind]?: Entry<K> };

/** What became of a statement: `old` says what is known already, or was overtaken. */
export type Entered = 'new' | 'old' | 'malformed' | 'forbidden' | 'other-charter';

/** The registers of one room. */
export class Ledger {
  readonly #registers: Registers = {};
  readonly #members: () => Iterable<Heir>;
  readonly #vouched = new Set<string>();

  /** `members` are those who are known now, and whether they are present. */
  constructor(members: () => Iterable<Heir>) {
    this.#members = members;
  }

  /** What stands in a register. */
  body<K extends RegisterKind>(kind: K): Bodies[K] | undefined {
    return this.#registers[kind]?.body;
  }

  /** Who filled a register. */
  author(kind: RegisterKind): string | undefined {
    return this.#registers[kind]?.statement.by;
  }

  /** Everything that stands, in the order in which a newcomer has to read it. */
  statements(): readonly Statement[] {
    return REGISTER_KINDS.flatMap((kind) => this.#registers[kind]?.statement ?? []);
  }

  /** A number above all that stand. */
  get highest(): number {
    return Math.max(0, ...this.statements().map(({ number }) => number));
  }

  /** What follows for who may do what. */
  get authority(): Authority {
    return {
      charter: this.body('charter'),
      rights: this.body('rights') ?? NO_RIGHTS,
      members: this.#members(),
    };
  }

  /** Somebody who manages the room says that these statements stand, whoever made them and may be gone by now. */
  vouch(stands: Iterable<Pick<Statement, 'by' | 'number'>>): void {
    this.#vouched.clear();
    for (const { by, number } of stands) this.#vouched.add(`${number} ${by}`);
  }

  /** Enters a genuine statement, if its author may make it; or if `isVouched`: who manages the room says that it stands. */
  enter(statement: Statement, isVouched = false): Entered {
    const { kind } = statement;
    if (!isRegister(kind)) return 'malformed';
    if (kind === 'charter') return this.#enterCharter({ ...statement, kind });
    const body = bodyOf({ ...statement, kind });
    if (body === undefined) return 'malformed';
    const known = this.#registers[kind]?.statement;
    if (known !== undefined && !isNewer(statement, known)) return 'old';
    if (!isVouched && !this.#mayEnter(statement)) return 'forbidden';
    (this.#registers as Record<RegisterKind, unknown>)[kind] = { statement, body };
    return 'new';
  }

  /** The charter never changes: it is what the rest is believed by. */
  #enterCharter(statement: Statement & { readonly kind: 'charter' }): Entered {
    const body = bodyOf(statement);
    if (body === undefined) return 'malformed';
    if (body.creator !== statement.by) return 'forbidden';
    const known = this.body('charter');
    if (known !== undefined) return isSameCharter(known, body) ? 'old' : 'other-charter';
    this.#registers.charter = { statement, body };
    return 'new';
  }

  #mayEnter({ by, number, kind }: Statement): boolean {
    if (this.#vouched.has(`${number} ${by}`)) return true;
    const { authority } = this;
    const isPresent = [...authority.members].some((one) => one.member === by && one.isPresent);
    // Who may come in and who not is the creator's word, even if it has gone since.
    if (kind === 'rights') return by === authority.charter?.creator || mayManage(authority, by);
    return isPresent && mayDirect(authority, by);
  }
}

function isRegister(kind: string): kind is RegisterKind {
  return (REGISTER_KINDS as readonly string[]).includes(kind);
}

function isNewer(a: Statement, b: Statement): boolean {
  return a.number > b.number || (a.number === b.number && a.by > b.by);
}

function isSameCharter(a: Charter, b: Charter): boolean {
  return a.creator === b.creator && a.key === b.key && a.createdAtMs === b.createdAtMs;
}
