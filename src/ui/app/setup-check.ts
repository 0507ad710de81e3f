/** What is wrong with the texts of a setup: checked a moment after they were typed. */

import type { Faults } from '../../core/faults/faults.ts';
import type { Diagnostic, LabService } from '../../lab/lab-service.ts';
import type { Setup } from './setup.ts';

/** Checks the newest setup that it was given. */
export class SetupCheck {
  diagnostics: readonly Diagnostic[] = [];
  /** What is wrong with the text of the faults. */
  faultDiagnostics: readonly Diagnostic[] = [];
  /** What the faults say, as far as they could be read. */
  faults: Faults | undefined;
  readonly #service: LabService;
  readonly #checked: (faultsChanged: boolean) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #number = 0;

  /** @param checked is told what came of each check, and whether the faults are others than before */
  constructor(service: LabService, checked: (faultsChanged: boolean) => void) {
    this.#service = service;
    this.#checked = checked;
  }

  /** Checks after a while, and only the last of several. */
  soon(chapter: string, setup: Setup, delayMs: number): void {
    this.cancel();
    this.#timer = setTimeout(() => void this.now(chapter, setup), delayMs);
  }

  /** Checks at once. */
  async now(chapter: string, { config, faults, seed }: Setup): Promise<void> {
    this.cancel();
    const number = ++this.#number;
    // Where a check itself fails, the run will say what is wrong.
    const [diagnostics, read] = await Promise.all([
      this.#service.checkConfig(chapter, config).catch(() => []),
      this.#service.readFaults(chapter, config, faults, seed).catch(() => ({ faults: undefined })),
    ]);
    if (number !== this.#number) return;
    this.diagnostics = diagnostics;
    this.faultDiagnostics = 'diagnostics' in read ? read.diagnostics : [];
    const before = JSON.stringify(this.faults);
    this.faults = 'faults' in read ? read.faults : undefined;
    this.#checked(JSON.stringify(this.faults) !== before);
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }

  /** Why nothing can be run; undefined when it can. */
  get refusal(): string | undefined {
    return (
      errorsIn('configuration', this.diagnostics) ??
      errorsIn('plan of faults', this.faultDiagnostics)
    );
  }
}

function errorsIn(what: string, diagnostics: readonly Diagnostic[]): string | undefined {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  if (errors === 0) return undefined;
  return `The ${what} has ${errors === 1 ? 'an error' : `${errors} errors`}: mend it, then run again.`;
}
