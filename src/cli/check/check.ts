/** `parley check`: judges the histories of a file, one after the other. */

import { prepareJobs, type CheckJob } from './check-jobs.ts';
import type { CheckOptions } from './check-options.ts';
import { isExpected, jsonLine, reportLines, summaryLine, type Checked } from './check-report.ts';
import { coloursFor } from '../colours.ts';
import { EXIT_STATUS } from '../failures.ts';

/** Longer names are not padded to. */
const NAME_WIDTH_MAX = 48;

/** Checks and prints; the exit status. */
export async function checkCommand(file: string, options: CheckOptions): Promise<number> {
  const jobs = await prepareJobs(file, options, process.cwd());
  const colours = coloursFor(process.stdout, process.env);
  const verbose = options.verbose === true;
  const names = jobs.map(({ history }) => history.name.length);
  const nameWidth = Math.min(NAME_WIDTH_MAX, Math.max(...names));
  const all: Checked[] = [];
  for (const job of jobs) {
    showProgress(`${all.length + 1}/${jobs.length} …`);
    const checked = runJob(job, options.timeout * 1000);
    all.push(checked);
    showProgress('');
    process.stdout.write(
      options.json === true
        ? jsonLine(checked, verbose)
        : reportLines(checked, { colours, nameWidth, verbose }),
    );
    // Lets the output go, and Ctrl-C come in.
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (options.json !== true) process.stdout.write(summaryLine(all, colours));
  return all.every(isExpected) ? EXIT_STATUS.ok : EXIT_STATUS.failed;
}

function runJob(job: CheckJob, timeoutMs: number): Checked {
  const now = () => performance.now();
  const start = now();
  const verdict = job.run(now, start + timeoutMs);
  return { job, verdict, ms: Math.round((now() - start) * 1000) / 1000 };
}

/** One line on a terminal that is written over. */
function showProgress(text: string): void {
  if (process.stderr.isTTY && process.stdout.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}
