/** What no single setting shows: settings that contradict one another, or the network that they are for. */

import type { NodeId } from './id.ts';
import type { Fields, FieldsOutput } from './schema.ts';

/** The node whose settings they are, and what is around it. */
export interface SettingsSeat {
  readonly id: NodeId;
  /** All nodes of the run. */
  readonly nodes: readonly NodeId[];
  /** Whom it can send to. */
  readonly neighbours: readonly NodeId[];
}

/** One contradiction. */
export interface SettingsProblem<K extends string = string> {
  /** The setting to look at first: where it is written is where the problem is shown. */
  readonly setting: K;
  readonly text: string;
  /**
   * An error where it cannot run so; a warning where hardly anybody means it, which is told where it is written and is an error to who
   * is strict.
   */
  readonly severity: 'error' | 'warning';
}

/** Looks at the settings of one node, each of them valid by itself. */
export type SettingsCheck<S extends Fields = Fields> = (
  settings: FieldsOutput<S>,
  seat: SettingsSeat,
) => readonly SettingsProblem<keyof S & string>[];
