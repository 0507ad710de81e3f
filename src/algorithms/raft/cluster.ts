/** Configurations as text. */

import { nodeNames } from '../verdict.ts';

/** A cluster, each node with its settings, as YAML. */
export function cluster(
  size: number,
  common: string,
  own: Readonly<Record<string, string>> = {},
): string {
  return nodeNames(size)
    .map((id) => `${id}: { ${[common, own[id]].filter(Boolean).join(', ')} }`)
    .join('\n');
}
