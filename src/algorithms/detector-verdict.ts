/** Verdicts on failure detectors, read off the lists that the nodes report when the run ends. */

import type { NodeId } from '../core/id.ts';
import type { RunResult } from '../core/result.ts';
import { firstOf, type Verdict } from './verdict.ts';

/** What each correct node reports of each other. */
function opinions({ nodes }: RunResult): { by: NodeId; of: NodeId; held: string }[] {
  return Object.entries(nodes).flatMap(([by, { report, fault }]) =>
    fault !== undefined
      ? []
      : ['alive', 'suspect', 'dead', 'left'].flatMap((held) =>
          ((report[held] ?? []) as readonly NodeId[]).map((of) => ({ by, of, held })),
        ),
  );
}

/** Every correct node holds every other for what it is: those that crashed for dead, the rest for alive. */
export function heldRight(result: RunResult): Verdict {
  const known = opinions(result);
  const correct = Object.entries(result.nodes).filter(([, { fault }]) => fault === undefined);
  return firstOf(correct, ([by]) =>
    firstOf(Object.keys(result.nodes), (of) => {
      if (of === by) return undefined;
      const right = result.nodes[of]!.fault === undefined ? 'alive' : 'dead';
      const held = known.find((one) => one.by === by && one.of === of)?.held ?? 'unknown';
      return held === right ? undefined : `${by} holds ${of} for ${held}`;
    }),
  );
}

/** No correct node is held for dead by another. */
export function nobodyBuried(result: RunResult): Verdict {
  return firstOf(opinions(result), ({ by, of, held }) =>
    held === 'dead' && result.nodes[of]?.fault === undefined
      ? `${by} holds ${of} for dead`
      : undefined,
  );
}

/** Nobody was ever declared dead. */
export function nobodyDeclared({ nodes }: RunResult): Verdict {
  return firstOf(Object.entries(nodes), ([id, { report }]) =>
    report['declared'] === 0 ? undefined : `${id} declared ${String(report['declared'])} dead`,
  );
}
