/** `parley zoo`: the bugs of one chapter or of all, hunted or listed. */

import type { Bug } from '../../core/bug.ts';
import type { Chapter } from '../../core/chapter.ts';
import { findChapter } from '../../lab/chapters.ts';
import { hunt, type Catch } from '../../lab/explore/zoo.ts';
import { locateChapter, shippedModules } from '../chapters.ts';
import { coloursFor, type Colours } from '../colours.ts';
import { EXIT_STATUS } from '../failures.ts';
import { Interrupt } from '../interrupt.ts';
import { Watchdog } from '../watchdog.ts';
import type { ZooOptions } from './zoo-options.ts';

/** Hunts or lists; the exit status. */
export async function zooCommand(options: ZooOptions): Promise<number> {
  const { algorithm, list, json } = options;
  const chapters =
    algorithm === undefined
      ? await shippedChapters()
      : [(await locateChapter(algorithm, process.cwd())).chapter];
  const bugs = chapters.flatMap((chapter) =>
    (chapter.bugs ?? []).map((bug): [Chapter, Bug] => [chapter, bug]),
  );
  if (bugs.length === 0) process.stderr.write(`${chapters[0]!.name} has no bugs to show\n`);
  if (list === true) {
    for (const [chapter, bug] of bugs) process.stdout.write(listed(chapter, bug, json === true));
    return EXIT_STATUS.ok;
  }
  return huntAll(bugs, json === true);
}

async function huntAll(bugs: readonly [Chapter, Bug][], isJson: boolean): Promise<number> {
  const colours = coloursFor(process.stdout, process.env);
  const width = Math.max(0, ...bugs.map(([{ name }, bug]) => name.length + bug.name.length + 1));
  const interrupt = new Interrupt();
  // A bug may be one that never yields.
  const watchdog = new Watchdog([]);
  const catches: Catch[] = [];
  const beganMs = performance.now();
  try {
    for (const [chapter, bug] of bugs) {
      showProgress(`${catches.length + 1}/${bugs.length} ${chapter.name} ${bug.name} …`);
      const caught = await hunt(chapter, bug, interrupt.signal);
      if (interrupt.signal.aborted) break;
      catches.push(caught);
      showProgress('');
      process.stdout.write(
        isJson ? `${JSON.stringify(caught)}\n` : line(caught, bug, width, colours),
      );
    }
  } finally {
    showProgress('');
    watchdog.close();
    interrupt.close();
  }
  const found = catches.filter((caught) => caught.found).length;
  const seconds = ((performance.now() - beganMs) / 1000).toFixed(1);
  if (!isJson) process.stdout.write(`${found} of ${bugs.length} found in ${seconds} s\n`);
  return interrupt.exitStatus ?? (found === bugs.length ? EXIT_STATUS.ok : EXIT_STATUS.failed);
}

async function shippedChapters(): Promise<Chapter[]> {
  const modules = shippedModules();
  return Promise.all(
    Object.keys(modules).map(async (name) => (await findChapter(name, modules)).chapter),
  );
}

function line(caught: Catch, { title }: Bug, width: number, colours: Colours): string {
  const name = `${caught.algorithm} ${caught.bug}`.padEnd(width);
  const { found, seed, seeds_tried, virtual_ms, property } = caught;
  const verdict = found
    ? `${colours.green('found')} with seed ${seed} after ${Math.round(virtual_ms!)} ms`
    : `${colours.red('not found')} in ${seeds_tried} seeds`;
  return `${name}  ${verdict}\n${colours.dim(`    ${title}. Breaks: ${property}`)}\n`;
}

function listed({ name: algorithm }: Chapter, bug: Bug, isJson: boolean): string {
  const { name, title, story, violates: property, seeds } = bug;
  if (isJson) {
    return `${JSON.stringify({ algorithm, bug: name, title, story, property, seeds })}\n`;
  }
  return `${algorithm} ${name}: ${title}\n    ${story}\n`;
}

/** One line on a terminal that is written over. */
function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}
