/** Signs the statements that leave a node and checks those that arrive, whatever the Signer: ideal and immediate, or Ed25519. */

import { encodeCanonical } from '../core/canonical.ts';
import { ValueError } from '../core/errors.ts';
import type { NodeId } from '../core/id.ts';
import type { Signer } from '../core/ports.ts';
import { statementContent, statementOf, type AnySigned, type Statement } from '../core/signed.ts';

/** Signs and verifies for one node in one run. */
export class Signatures {
  readonly #runId: string;
  readonly #id: NodeId;
  readonly #signer: Signer;
  /** Statements that were verified: offline all nodes hold the same objects, live a statement is forwarded many times. */
  readonly #verified: WeakSet<Statement>;
  readonly #signing = new WeakMap<Statement, Promise<void>>();

  constructor(runId: string, id: NodeId, signer: Signer, verified = new WeakSet<Statement>()) {
    this.#runId = runId;
    this.#id = id;
    this.#signer = signer;
    this.#verified = verified;
  }

  /**
   * Fills in the signatures that are missing; returns a promise when that takes time. A statement covers the signatures of those
   * within it, which come before it in `values` (see `toValue`): so they are made one after the other.
   */
  sign(values: readonly AnySigned[]): Promise<void> | undefined {
    const unsigned = values.map(statementOf).filter(({ signature }) => signature === undefined);
    const foreign = unsigned.find(({ signer }) => signer !== this.#id);
    if (foreign !== undefined) {
      throw new ValueError('', `holds a statement of ${foreign.signer} without its signature`);
    }
    let signing: Promise<void> | undefined;
    for (const statement of unsigned) {
      signing =
        signing === undefined
          ? this.#signOnce(statement)
          : signing.then(() => this.#signOnce(statement));
    }
    return signing;
  }

  /** True when every one was made by its signer, in this run, by the algorithm at `path` or one above it. */
  verify(values: readonly AnySigned[], path: string): boolean | Promise<boolean> {
    const pending: Promise<boolean>[] = [];
    for (const value of values) {
      const statement = statementOf(value);
      // A layer carries statements of those above it; those of a layer beside it have no business here.
      if (path !== statement.path && !path.startsWith(`${statement.path}.`)) return false;
      const result = this.#verified.has(statement) || this.#verify(statement);
      if (result === false) return false;
      if (result !== true) pending.push(result);
    }
    if (pending.length === 0) return true;
    return Promise.all(pending).then((results) => results.every(Boolean));
  }

  #signOnce(statement: Statement): Promise<void> | undefined {
    if (statement.signature !== undefined) return undefined;
    const known = this.#signing.get(statement);
    if (known !== undefined) return known;
    const signature = this.#signer.sign(this.#content(statement));
    if (signature instanceof Uint8Array) {
      statement.signature = signature;
      return undefined;
    }
    const promise = signature.then((bytes) => {
      statement.signature = bytes;
    });
    this.#signing.set(statement, promise);
    return promise;
  }

  #verify(statement: Statement): boolean | Promise<boolean> {
    if (statement.signature === undefined) return false;
    const result = this.#signer.verify(
      statement.signer,
      this.#content(statement),
      statement.signature,
    );
    if (typeof result === 'boolean') return this.#remember(statement, result);
    return result.then((valid) => this.#remember(statement, valid));
  }

  #remember(statement: Statement, valid: boolean): boolean {
    if (valid) this.#verified.add(statement);
    return valid;
  }

  #content(statement: Statement): Uint8Array {
    return encodeCanonical(statementContent(statement, this.#runId));
  }
}
