/** Links on the command line: as they are, or in a file. */

import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { isRunLink, LINK_LENGTH_MAX } from '../../lab/link/run-link.ts';

/** The link that a word is, or that stands in the file that it names; undefined when there is none. */
export function linkIn(word: string): string | undefined {
  if (statSync(word, { throwIfNoEntry: false })?.isFile() !== true) {
    return isRunLink(word) ? word : undefined;
  }
  const text = beginningOf(word).trim();
  return isRunLink(text) ? text : undefined;
}

/** As much of a file as a link may be long, and one letter more. */
function beginningOf(name: string): string {
  const file = openSync(name, 'r');
  try {
    const buffer = Buffer.alloc(LINK_LENGTH_MAX + 1);
    return buffer.toString('utf8', 0, readSync(file, buffer));
  } finally {
    closeSync(file);
  }
}
