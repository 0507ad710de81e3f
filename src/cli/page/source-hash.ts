/** What an algorithm's sources are, as a hash: tells whether they are still those that something was made with. */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { chapterFile, CHAPTERS_FOLDER, type LocatedChapter } from '../chapters.ts';

/** SHA-256 in hexadecimal of a chapter's folder, or of a user's file. */
export function sourceHash(file: string): string {
  const folder = path.dirname(file);
  const isChapter = path.dirname(folder) === CHAPTERS_FOLDER;
  const files = isChapter
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .toSorted()
        .map((name) => path.join(folder, name))
    : [file];
  const hash = createHash('sha256');
  for (const source of files) {
    hash
      .update(`${slashed(path.relative(folder, source))}\0`)
      .update(readFileSync(source))
      .update('\0');
  }
  return hash.digest('hex');
}

/** The hash of the sources of a chapter that was found. */
export function sourceHashOf({ reference, userModule }: LocatedChapter): string {
  return sourceHash(userModule?.file ?? chapterFile(reference.split('#')[0]!));
}

/** A path as all systems write it. */
export function slashed(file: string): string {
  return file.replaceAll('\\', '/');
}
