/** A file of nodemanager as a configuration of ours, for the algorithm that is to run. */

import type { AnyDefinition } from '../../core/algorithm.ts';
import type { NodemanagerRun } from './read-nodemanager.ts';

/**
 * YAML for an application over a sampler, for a sampler, or for any other algorithm, which then gets the links alone.
 *
 * @returns the text, and what of the file this algorithm has no use for
 */
export function configOf(
  { sampling, nodes, topology, application }: NodemanagerRun,
  { name, children, choices, settings }: AnyDefinition,
): { readonly config: string; readonly unused: readonly string[] } {
  const { algorithm, params } = sampling;
  const hosted = Object.keys(children).filter((child) => child !== 'sampling');
  const isHost = choices?.['sampling'] !== undefined;
  const isSampler = name === algorithm || (algorithm === 'brahams' && name === 'brahms');
  const own = isHost
    ? {
        sampling: { algorithm, ...params },
        ...Object.fromEntries(hosted.map((child) => [child, application])),
      }
    : isSampler
      ? params
      : Object.fromEntries(Object.entries(application).filter(([key]) => key in settings));
  const unused = [
    ...(!isHost && !isSampler && algorithm !== 'static' ? ['sampling'] : []),
    ...(isSampler && Object.keys(application).length > 0 ? ['application'] : []),
  ];
  const lines = nodes.map((node) => {
    const links = topology === undefined ? {} : { neighbours: linksFor(topology.get(node)!, node) };
    return `${node}: ${JSON.stringify({ ...links, ...own })}`;
  });
  return { config: `${lines.join('\n')}\n`, unused };
}

/** An empty list would mean all: whoever has nobody names itself. */
function linksFor(targets: readonly string[], self: string): readonly string[] {
  return targets.length === 0 ? [self] : targets;
}
