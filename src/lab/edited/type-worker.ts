/** Entry of the worker that checks types. With TypeScript and all declarations it weighs megabytes: it is loaded when somebody edits. */

import { texts } from 'virtual:parley-type-texts';
import type { Diagnostic } from '../lab-service.ts';
import { TypeProgram, type Texts } from './type-program.ts';

/** To the worker. Paths as in {@link TypeProgram}. */
export type ToTypes = {
  readonly id: number;
  /** Texts that differ from what the page was built with, or that it has not. */
  readonly own: Texts;
  readonly path: string;
} & (
  | { readonly kind: 'check' }
  | { readonly kind: 'describe'; readonly line: number; readonly column: number }
);

/** From the worker. */
export type FromTypes =
  | { readonly kind: 'ready' }
  | { readonly kind: 'checked'; readonly id: number; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'described'; readonly id: number; readonly text: string | undefined };

const program = new TypeProgram(texts);

globalThis.onmessage = ({ data }: MessageEvent<ToTypes>) => {
  const { id, own, path } = data;
  program.change(own);
  if (data.kind === 'check') tell({ kind: 'checked', id, diagnostics: program.check(path) });
  else {
    const text = program.describe(path, data.line, data.column);
    tell({ kind: 'described', id, text });
  }
};

tell({ kind: 'ready' });

function tell(message: FromTypes): void {
  postMessage(message);
}
