/** Stack traces of the built page, in terms of the files that people wrote. */

import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PACKAGE_ROOT } from '../package-root.ts';

/** A place in a bundle: `http://localhost:4321/assets/node-worker-B8RgPoQB.js:23:50487`. */
const BUNDLE_PLACE = /https?:\/\/[^\s()/]+\/(assets\/[^\s():?]+\.js):(\d+):(\d+)/g;

/** Reads the source maps of one built page, each when it is first needed. */
export class SourceLines {
  readonly #folder: string;
  readonly #maps = new Map<string, SourceMap | undefined>();

  /** @param folder of the built page */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The text with every place in a bundle replaced by the place in its source, where that is known. */
  resolve(text: string): string {
    return text.replaceAll(BUNDLE_PLACE, (place, file: string, line: string, column: string) => {
      const entry = this.#map(file)?.findEntry(Number(line) - 1, Number(column) - 1);
      if (entry === undefined || !('originalSource' in entry)) return place;
      return `${sourceFile(entry.originalSource)}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
    });
  }

  #map(file: string): SourceMap | undefined {
    if (!this.#maps.has(file))
      this.#maps.set(file, readMap(path.join(this.#folder, `${file}.map`)));
    return this.#maps.get(file);
  }
}

/** The reverse of how the build names sources (page-config.ts). */
function sourceFile(name: string): string {
  return name.startsWith('file:') ? fileURLToPath(name) : path.join(PACKAGE_ROOT, name);
}

function readMap(file: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(file, 'utf8')) as SourceMapPayload);
  } catch {
    return undefined;
  }
}
