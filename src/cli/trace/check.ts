/** `parley trace check`: whether a trace can have happened. */

import { FINDINGS_MAX, TraceJudge } from '../../check/trace/trace-judge.ts';
import { coloursFor } from '../colours.ts';
import { EXIT_STATUS } from '../failures.ts';
import { openTrace } from './input.ts';
import type { CheckOptions } from './options.ts';

/** Findings that people are shown. */
const SHOWN_MAX = 20;

/** Checks, and prints what is wrong; the exit status. */
export async function traceCheckCommand(
  files: readonly string[],
  options: CheckOptions,
): Promise<number> {
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const input = await openTrace(files, options, say);
  try {
    const isWhole = input.header.filtered !== true;
    if (!isWhole)
      say('! events were left out of this trace: gaps and missing sendings are no findings');
    const judge = new TraceJudge({ keepsOrder: options.unordered !== true, isWhole });
    let events = 0;
    for (const { event, number } of input.records()) {
      judge.take(event, number);
      events++;
    }
    const findings = judge.findings();
    const { count } = judge;
    const ok = count === 0;
    if (
      files.length === 1 &&
      options.merge !== true &&
      findings.some(({ rule }) => rule === 'early')
    ) {
      say('· where nodes have clocks of their own, --merge puts causes before effects');
    }
    if (options.json === true) {
      process.stdout.write(
        `${JSON.stringify({ trace: input.name, ok, events, count, findings })}\n`,
      );
    } else {
      const colours = coloursFor(process.stdout, process.env);
      const place = files.length === 1 ? input.name : 'event';
      const lines = findings
        .slice(0, SHOWN_MAX)
        .map(({ rule, line, text }) => `${place}:${line}: ${colours.red(rule)}: ${text}`);
      if (count > SHOWN_MAX) {
        const kept = Math.min(count, FINDINGS_MAX);
        lines.push(`… ${count} findings in all (--json has the first ${kept})`);
      }
      if (ok) lines.push(`${input.name}: ${events} events, ${colours.green('nothing wrong')}`);
      process.stdout.write(lines.map((line) => `${line}\n`).join(''));
    }
    return ok ? EXIT_STATUS.ok : EXIT_STATUS.failed;
  } finally {
    input.close();
  }
}
