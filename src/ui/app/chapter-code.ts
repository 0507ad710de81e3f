/** The code of the chapter on show: its files, what the reader changed in them, and what is wrong with that. */

import { TypeChecking } from '../code/type-checking.ts';
import type { Diagnostic, LabService, SourceFile } from '../../lab/lab-service.ts';
import { keepEdits, readEdits, type Edits } from './edits.ts';

/** One chapter's code. Its fields change; whoever made it is told. */
export class ChapterCode {
  /** What is known of types, for all chapters of the page. */
  readonly types: TypeChecking;
  readonly #service: LabService;
  readonly #changed: (refusal: string | undefined) => void;
  #chapter: string;
  #edits: Edits = {};

  /** @param changed is told of each change, and why it is not kept when it is not */
  constructor(
    service: LabService,
    chapter: string,
    changed: (refusal: string | undefined) => void,
  ) {
    this.#service = service;
    this.#changed = changed;
    this.types = new TypeChecking((loading) => service.openTypes(loading));
    this.#chapter = chapter;
    this.open(chapter);
  }

  /** Turns to another chapter. */
  open(chapter: string): void {
    this.#chapter = chapter;
    this.#edits = readEdits(chapter);
  }

  /** Files that the reader changed. Only simulations run them: what others run must be what they see. */
  get edits(): Edits {
    return this.#edits;
  }

  /** The same, or undefined where nothing was changed. */
  get ofRuns(): Edits | undefined {
    return Object.keys(this.#edits).length === 0 ? undefined : this.#edits;
  }

  /** Changes a file, or with undefined puts it back. */
  edit(file: string, text: string | undefined): void {
    const { [file]: _before, ...others } = this.#edits;
    this.#edits = text === undefined ? others : { ...others, [file]: text };
    const isKept = keepEdits(this.#chapter, this.#edits);
    this.#changed(
      isKept
        ? undefined
        : 'This browser does not keep what you write: copy it before you leave the page.',
    );
  }

  /** The texts of the chapter, as the page has them. */
  sources(): Promise<readonly SourceFile[]> {
    return this.#service.sources(this.#chapter);
  }

  /** What is wrong with a file: what keeps it from being TypeScript, and if nothing does, what is wrong with its types. */
  async check(file: string, text: string): Promise<readonly Diagnostic[]> {
    const found = await this.#service.checkSource(file, text);
    if (found.length > 0) return found;
    return (await this.types.check(await this.#question(file))) ?? [];
  }

  /** What stands at a place, if that is known. */
  async describe(file: string, line: number, column: number): Promise<string | undefined> {
    return this.types.describe(await this.#question(file), line, column);
  }

  async #question(file: string) {
    const chapter = this.#chapter;
    const files = (await this.sources()).map(({ name, text }) => {
      return { name, text: this.#edits[name] ?? text };
    });
    return { chapter, files, file };
  }
}
