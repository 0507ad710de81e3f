/** Maelstrom's echo workload: what comes back is what was sent. */

import { nameOf, type Operation } from '../history.ts';
import { sameValue, shown } from '../text.ts';
import { Findings, type Verdict } from '../verdict.ts';
import { operationsNamed } from './workload.ts';

/** Judges `echo` value → the same value. */
export function checkEcho(operations: readonly Operation[]): Verdict {
  const answered = operationsNamed(operations, ['echo']).filter(({ outcome }) => outcome === 'ok');
  const findings = new Findings();
  for (const operation of answered) {
    const { index, input, output } = operation;
    if (sameValue(input, output!)) continue;
    const detail = () =>
      `${nameOf(operation)} sent ${shown(input)}, and ${shown(output!)} came back`;
    findings.add('wrong-echo', [index], detail);
  }
  const unknown = answered.length === 0 ? 'nothing was answered' : undefined;
  const facts = { answered: answered.length };
  return findings.verdict(`all ${answered.length} answers are echoes`, { facts, unknown });
}
