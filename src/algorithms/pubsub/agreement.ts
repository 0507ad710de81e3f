/** Changes of the registry: asked of Raft until they are agreed on, or refused in words that say why. */

import { Refusal } from '../../core/errors.ts';
import type { NodeId } from '../../core/id.ts';
import type { Value } from '../../core/value.ts';
import type { Outcome } from '../raft/messages.ts';
import type { RegistryCommand } from './registry.ts';

/** Milliseconds between two tries: an election takes several. */
const PAUSE_MS = 100;

/** The node that asks. */
export interface AgreementOwner {
  readonly id: NodeId;
  readonly settings: {
    readonly registry_by: 'consensus' | 'local';
    readonly registry_timeout: number;
  };
  readonly voters: readonly NodeId[];
  readonly reach: { readonly hasMajority: boolean; readonly reachable: number };
  readonly children: { readonly registry: { propose(command: RegistryCommand): Promise<Outcome> } };
  now(): number;
  sleep(delayMs: number): Promise<void>;
  tell(kind: string, detail: Value): void;
}

/** What a node asks of the registry. */
export class Agreement {
  readonly #owner: AgreementOwner;

  constructor(owner: AgreementOwner) {
    this.#owner = owner;
  }

  /** Fulfilled when the members have agreed. @throws {Refusal} when they have not in time, or cannot */
  async reach(command: Exclude<RegistryCommand, { readonly do: 'order' }>): Promise<void> {
    const { settings } = this.#owner;
    if (settings.registry_by === 'local') {
      if (!('pattern' in command)) {
        throw new Refusal(
          'who belongs to the group is agreed on by its members: registry_by: consensus',
        );
      }
      if (command.order !== 'total') return;
      throw new Refusal(
        'total order needs a registry that the members agree on: registry_by: consensus',
      );
    }
    const deadlineMs = this.#owner.now() + settings.registry_timeout;
    const progress = (what: string, why?: string): void =>
      this.#owner.tell('registry', {
        ...{ what, do: command.do },
        ...('pattern' in command
          ? { pattern: command.pattern, order: command.order }
          : { member: command.node }),
        ...(why === undefined ? {} : { why }),
      });
    let why = 'nobody has answered';
    progress('proposed');
    while (this.#owner.now() < deadlineMs) {
      this.#refuseInMinority(progress);
      const { kind, reason, value } = await this.#owner.children.registry.propose(command);
      if (kind === 'result') {
        const refused = (value as { readonly refused?: unknown } | null)?.refused;
        if (refused !== undefined) throw new Refusal(String(refused));
        progress('agreed');
        return;
      }
      if (kind === 'error') throw new Refusal(`the registry refuses: ${reason ?? 'no reason'}`);
      why = reason ?? why;
      await this.#owner.sleep(PAUSE_MS);
    }
    progress('refused', why);
    throw new Refusal(
      `not agreed on within ${settings.registry_timeout} ms (${why}): without a majority of the members nothing can be agreed on`,
    );
  }

  #refuseInMinority(progress: (what: string, why: string) => void): void {
    const { voters, reach } = this.#owner;
    if (reach.hasMajority) return;
    const why = `${reach.reachable} of ${voters.length} members can be reached, and that is no majority`;
    progress('refused', why);
    const needed = Math.floor(voters.length / 2) + 1;
    throw new Refusal(
      `${why}: subscriptions can be read here, and changed again when ${needed} can be reached`,
    );
  }
}
