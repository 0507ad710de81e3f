/** Signed statements as rows of a table: what was said, who signed it, and the signature itself. */

import type { Value } from '../../core/value.ts';
import { printValue, signedIn, type SignedShown } from '../kit/print-value.ts';

/** One row of the inspector's tables. */
export interface ContentRow {
  readonly name: string;
  readonly value: string;
  /** Belongs to the row above that is not. */
  readonly isNested?: boolean;
  /** All of what the value is the beginning of. */
  readonly whole?: string;
}

/** Digits of a signature that are shown: enough to tell two of them apart. */
const DIGITS_SHOWN = 16;
/** Statements of a list that are shown one by one; a chain is rarely longer. */
const LISTED_MAX = 24;
/** Letters of one field. */
const FIELD_MAX = 800;

/**
 * The rows of what is signed in an entry: a statement, or a list of them; undefined when it is neither.
 *
 * @param isWrong a signature was found to be wrong, so that a name proves nothing
 */
export function signedRows(
  name: string,
  value: Value,
  isWrong: boolean,
): readonly ContentRow[] | undefined {
  const one = signedIn(value);
  if (one !== undefined) return statementRows(name, one, isWrong);
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const all = (value as readonly Value[]).map(signedIn);
  if (!all.every((each) => each !== undefined)) return undefined;
  const rows = all
    .slice(0, LISTED_MAX)
    .flatMap((each, at) => statementRows(`${name} ${at + 1}`, each, isWrong));
  const more = all.length - LISTED_MAX;
  return more > 0 ? [...rows, { name, value: `and ${more} more` }] : rows;
}

function statementRows(name: string, signed: SignedShown, isWrong: boolean): ContentRow[] {
  const { type, signer, fields, signature } = signed;
  const by = isWrong ? 'said to be signed by' : 'signed by';
  const rows: ContentRow[] = [
    { name, value: `${type}, ${by} ${signer}` },
    ...Object.entries(fields).map(([key, field]) => ({
      ...{ name: key, value: printValue(field, FIELD_MAX), isNested: true },
    })),
  ];
  if (signature === undefined) return rows;
  const value = `${signature.slice(0, DIGITS_SHOWN)}…`;
  return [...rows, { name: 'signature', value, isNested: true, whole: signature }];
}
