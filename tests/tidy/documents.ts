/** Decisions are half a page each, all in the same four parts. */

import { baseName, onEach, type Check } from './source-file.ts';

const PARTS = ['Status', 'Context', 'Decision', 'Consequences'];

export const decisionsHaveFourParts: Check = onEach(
  (path) => path.startsWith('docs/decisions/') && baseName(path) !== 'README.md',
  ({ path, text }) => {
    const missing = PARTS.filter((part) => !new RegExp(`^##? ${part}\\b`, 'm').test(text));
    return [
      ...(/^\d{4}-[a-z0-9]+(-[a-z0-9]+)*\.md$/.test(baseName(path))
        ? []
        : ['A decision is named NNNN-title-in-kebab-case.md.']),
      ...missing.map((part) => `A decision has a heading '## ${part}'.`),
    ].map((message) => ({ path, line: 0, message }));
  },
);

/** A number stands for one decision, for ever. */
export const decisionsHaveOwnNumbers: Check = (files) => {
  const first = new Map<string, string>();
  return files.flatMap(({ path }) => {
    const number = /^docs\/decisions\/(\d{4})-/.exec(path)?.[1];
    if (number === undefined) return [];
    const other = first.get(number);
    if (other === undefined) {
      first.set(number, path);
      return [];
    }
    return [{ path, line: 0, message: `${number} is taken by ${other}: take the next number.` }];
  });
};
