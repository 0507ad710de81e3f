/** A search for counterexamples of what a page has set up. */

import { hunt, type HunterHost } from '../explore/hunt.ts';
import type { HuntRequest, HuntResult, SimulationRequest } from '../lab-service.ts';
import { linkedOf } from '../link/plain-run.ts';
import { labForOthers } from './page-address.ts';
import { compileEdited } from '../edited/compile-edited.ts';
import { openSandbox } from '../edited/sandbox.ts';
import { pageChapter, pageSourceHash } from './page-chapters.ts';
import { simulatedSpec } from './page-spec.ts';
import { algorithmHash } from '../room/algorithm-hash.ts';

/** Failing runs that are made small; the shortest of them is shown. */
const FOUND_MAX = 3;
/** Runs that making one failure small may cost. */
const SHRINK_RUNS = 400;

/** Searches. */
export async function huntFor(
  request: SimulationRequest,
  { seeds, anyOrder, signal, onProgress }: HuntRequest,
): Promise<HuntResult> {
  const { algorithm, latencyMs, timeoutSeconds, edits } = request;
  const { definition } = (await pageChapter(algorithm)).chapter.algorithm;
  const linked = linkedOf(simulatedSpec(request), latencyMs, timeoutSeconds * 1000);
  const { seed: _seed, runId: _runId, ...run } = linked;
  // What was edited is no chapter that anybody else has.
  const hash =
    edits === undefined ? algorithmHash(definition, pageSourceHash(algorithm)) : undefined;
  const open = edits === undefined ? undefined : await sandboxesOf(algorithm, edits);
  const result = await hunt({
    exploration: {
      run: {
        ...run,
        ...(hash === undefined ? {} : { hash }),
        ...(anyOrder ? { schedule: { kind: 'walk' as const } } : {}),
      },
      ...{ shrinkRuns: SHRINK_RUNS, continuations: 0 },
      lab: await labForOthers(),
    },
    ...{ seeds, failuresMax: FOUND_MAX, signal, onProgress },
    ...(open === undefined ? {} : { open }),
  });
  const found = result.failures.map(({ seed, property, detail, events, minimal }) => ({
    ...{ seed, property, detail, events, smallEvents: minimal.events },
    ...{ nodes: minimal.nodes, choices: minimal.choices, link: minimal.link },
  }));
  const { seeds: done, stuck, isPartial } = result;
  const shortest = found.toSorted((a, b) => a.smallEvents - b.smallEvents);
  return { seeds: done, found: shortest, stuck, isPartial };
}

/** Edited code is searched where it runs: in sandboxes. @throws {SyntaxProblem} by rejection */
async function sandboxesOf(
  algorithm: string,
  edits: Readonly<Record<string, string>>,
): Promise<() => HunterHost> {
  const code = await compileEdited(algorithm, edits);
  return () => openSandbox(code);
}
