/** Verdicts for people: a line a history, with the reason and a drawing of it below where it is not as it should be. */

import type { Validity, Verdict } from '../../check/verdict.ts';
import type { CheckJob } from './check-jobs.ts';
import type { Colours } from '../colours.ts';

/** One history with its verdict. */
export interface Checked {
  readonly job: CheckJob;
  readonly verdict: Verdict;
  readonly ms: number;
}

/** The line that `--json` prints. */
export function jsonLine({ job, verdict, ms }: Checked, verbose: boolean): string {
  const { history, question } = job;
  const line = {
    name: history.name,
    [question]: verdict.valid,
    operations: history.operations.length,
    ms,
  };
  const { explanation, anomalies, counts, facts } = verdict;
  return `${JSON.stringify(verbose ? { ...line, explanation, anomalies, counts, facts } : line)}\n`;
}

/** True when the verdict is the one that the file gives, or true when it gives none. */
export function isExpected({ job, verdict }: Checked): boolean {
  return verdict.valid === (job.history.expected ?? true);
}

/** The line of one history, and what is to be said of it. */
export function reportLines(
  checked: Checked,
  { colours, nameWidth, verbose }: { colours: Colours; nameWidth: number; verbose: boolean },
): string {
  const { job, verdict, ms } = checked;
  const { history } = job;
  const isGood = isExpected(checked);
  const mark = isGood ? colours.green('✓') : colours.red('✗');
  const word = wordFor(verdict.valid, job.question);
  const differs = isGood
    ? ''
    : colours.red(
        history.expected === undefined
          ? ''
          : `  the file says ${wordFor(history.expected, job.question)}`,
      );
  const numbers = `${String(history.operations.length).padStart(6)} operations ${ms.toFixed(1).padStart(9)} ms`;
  const head = `${mark} ${visible(history.name).padEnd(nameWidth)}  ${word.padEnd(WORD_WIDTH)}${colours.dim(numbers)}${differs}`;
  if (verdict.valid === true && !verbose) return `${head}\n`;
  const drawing = verdict.valid === true ? undefined : job.draw(verdict);
  const lines = [verdict.explanation, ...(drawing?.split('\n') ?? [])];
  return [head, ...lines.map((line) => `    ${visible(line)}`)].map((line) => `${line}\n`).join('');
}

const WORD_WIDTH = 'not linearizable'.length;

function wordFor(valid: Validity, question: CheckJob['question']): string {
  if (valid === 'unknown') return 'unknown';
  return valid ? question : `not ${question}`;
}

/** The last line: how many came to what. */
export function summaryLine(all: readonly Checked[], colours: Colours): string {
  const count = (valid: Validity) => all.filter(({ verdict }) => verdict.valid === valid).length;
  const surprises = all.filter((checked) => !isExpected(checked)).length;
  const ms = all.reduce((sum, checked) => sum + checked.ms, 0);
  const question =
    new Set(all.map(({ job }) => job.question)).size === 1 ? all[0]!.job.question : 'right';
  const facts = `${all.length} histories in ${ms.toFixed(0)} ms: ${count(true)} ${question}, ${count(false)} not, ${count('unknown')} unknown`;
  const end =
    surprises === 0
      ? colours.green('all as expected')
      : colours.red(`${surprises} not as expected`);
  return `${facts}; ${end}\n`;
}

/** What a terminal might take for a command is shown instead of obeyed: names and values come from a file. */
function visible(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what it is about
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
