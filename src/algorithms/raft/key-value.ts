/** The state machine of the chapter’s runs: texts under keys. */

import type { Value, ValueMap } from '../../core/value.ts';
import { StateMachine } from './state-machine.ts';

/** `put`, `append`, `cas` (answers whether it was so) and `get`. */
export type KeyValueCommand =
  | { readonly do: 'put' | 'append'; readonly key: string; readonly value: string }
  | { readonly do: 'cas'; readonly key: string; readonly from: Value; readonly to: string }
  | { readonly do: 'get'; readonly key: string };

/** A map of texts. An unknown key is null. */
export class KeyValue extends StateMachine {
  private entries: Map<string, string>;
  private shown: ValueMap | undefined;

  constructor(entries: Iterable<readonly [string, string]> = []) {
    super();
    this.entries = new Map(entries);
  }

  override fork(): KeyValue {
    return new KeyValue(this.entries);
  }

  override canonical(): ValueMap {
    // Looked at after every step, and changed by few of them.
    this.shown ??= Object.freeze(Object.fromEntries(this.entries));
    return this.shown;
  }

  override apply(command: Value): Value {
    const wanted = command as KeyValueCommand;
    this.shown = undefined;
    const before = this.entries.get(wanted.key) ?? null;
    switch (wanted.do) {
      case 'put':
        this.entries.set(wanted.key, wanted.value);
        return null;
      case 'append':
        this.entries.set(wanted.key, `${before ?? ''}${wanted.value}`);
        return null;
      case 'cas':
        if (before !== wanted.from) return false;
        this.entries.set(wanted.key, wanted.to);
        return true;
      case 'get':
        return before;
      default:
        throw new TypeError(`a key-value store knows no such command: ${JSON.stringify(command)}`);
    }
  }

  override query(query: Value): Value {
    return this.entries.get(String((query as { readonly key?: Value }).key)) ?? null;
  }

  override snapshot(): Value {
    return Array.from(this.entries);
  }

  override restore(snapshot: Value): void {
    this.shown = undefined;
    this.entries = new Map(snapshot as unknown as (readonly [string, string])[]);
  }
}
