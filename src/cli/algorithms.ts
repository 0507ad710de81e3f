/** `parley algorithms`: what there is to run, one line each. */

import { findChapter } from '../lab/chapters.ts';
import { shippedModules } from './chapters.ts';
import { coloursFor } from './colours.ts';
import { EXIT_STATUS } from './failures.ts';

/** Prints the list; the exit status. */
export async function algorithmsCommand(): Promise<number> {
  const modules = shippedModules();
  const chapters = await Promise.all(
    Object.keys(modules).map(async (name) => (await findChapter(name, modules)).chapter),
  );
  const width = Math.max(...chapters.map(({ name }) => name.length));
  const colours = coloursFor(process.stdout, process.env);
  for (const { name, summary } of chapters) {
    process.stdout.write(`${colours.bold(name.padEnd(width))}  ${summary}\n`);
  }
  return EXIT_STATUS.ok;
}
