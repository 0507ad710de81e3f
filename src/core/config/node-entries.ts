/** The top level of a configuration: which of its keys are nodes. */

import { NODE_ID_LENGTH_MAX, type NodeId } from '../id.ts';
import { buildTree } from './build-tree.ts';
import { knowsAll } from './neighbours.ts';
import { parseYaml } from './parse-yaml.ts';
import type { ProblemList } from './problem-list.ts';
import { isNull, type YamlEntry } from './yaml-tree.ts';

/** Most links that nodes without a list of neighbours may add up to: 2000 nodes, each of which knows all others. */
export const COMPLETE_LINKS_MAX = 4_000_000;

/** What may name a node: it stands in labels, in file names of reports and in message ids. */
const NODE_ID = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

/**
 * The nodes' entries by their ids, in the order of the file, templates left out.
 *
 * @throws {ConfigError} when the text is not YAML, or too much to go on with
 */
export function readNodeEntries(
  text: string,
  problems: ProblemList,
): ReadonlyMap<NodeId, YamlEntry> {
  const entries = new Map<NodeId, YamlEntry>();
  const document = parseYaml(text, problems);
  if (document === undefined) {
    problems.finish();
    return entries;
  }
  const tree = buildTree(document, problems);
  if (tree.kind !== 'map' && tree.kind !== 'broken' && !isNull(tree)) {
    problems.error(
      tree.range,
      'a configuration is a map of nodes: write n1: and its settings below',
    );
  } else if (tree.kind === 'map') {
    for (const [key, entry] of tree.entries) {
      if (key.startsWith('_')) continue;
      checkNodeId(entry, problems);
      entries.set(key, entry);
    }
  }
  if (entries.size === 0 && !problems.failed) {
    problems.error(
      [0, 0],
      'no nodes: write n1: and its settings below (keys with _ are templates)',
    );
  }
  checkLinks(entries, problems);
  return entries;
}

function checkNodeId({ key, keyRange }: YamlEntry, problems: ProblemList): void {
  if (key.length > NODE_ID_LENGTH_MAX) {
    problems.error(keyRange, `a node's name has at most ${NODE_ID_LENGTH_MAX} characters`);
  } else if (!NODE_ID.test(key)) {
    const rule = 'use letters A–Z, digits, and - _ . behind the first';
    problems.error(keyRange, `'${key}' cannot name a node: ${rule}`);
  }
}

/** Stops before a short list of names becomes a complete graph that fills the memory. */
function checkLinks(entries: ReadonlyMap<NodeId, YamlEntry>, problems: ProblemList): void {
  const complete = [...entries.values()].filter(({ value }) => {
    return value.kind !== 'map' || knowsAll(value.entries.get('neighbours'));
  });
  const links = complete.length * (entries.size - 1);
  const [first] = complete;
  if (links <= COMPLETE_LINKS_MAX || first === undefined) return;
  const message = `${complete.length} nodes without neighbours would have ${links} links`;
  problems.error(first.keyRange, `${message} to all others; write 'neighbours' lists`);
  problems.finish();
}
