/** Files of the datadriven form: a command line, `----`, what is to come out; comments and empty lines between. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** One command and its expected output. */
export interface TranscriptStep {
  readonly file: string;
  /** Line of the command. */
  readonly line: number;
  readonly command: string;
  /** Lines between the command and the dashes. */
  readonly input: readonly string[];
  readonly output: readonly string[];
}

/** Where test data from elsewhere lies; it is not part of the repository. */
export const testData =
  process.env['PARLEY_TEST_DATA'] ?? path.resolve(import.meta.dirname, '../../../shared/data');

/** Why a folder of it cannot be used; undefined when it can. */
export function missingData(folder: string): string | undefined {
  return existsSync(path.join(testData, folder)) ? undefined : `PARLEY_TEST_DATA has no ${folder}`;
}

/** The files of a folder, by name. */
export function transcripts(folder: string): Map<string, TranscriptStep[]> {
  const where = path.join(testData, folder);
  const names = existsSync(where) ? readdirSync(where).toSorted() : [];
  return new Map(
    names.map((name) => [name, read(name, readFileSync(path.join(where, name), 'utf8'))]),
  );
}

function read(file: string, text: string): TranscriptStep[] {
  const lines = text.split('\n');
  const steps: TranscriptStep[] = [];
  for (let i = 0; i < lines.length; i++) {
    if (lines[i]!.trim() === '' || lines[i]!.startsWith('#')) continue;
    const dashes = lines.indexOf('----', i);
    if (dashes < 0) break;
    let end = dashes + 1;
    while (end < lines.length && lines[end] !== '') end++;
    const [command, ...input] = lines.slice(i, dashes);
    steps.push({
      file,
      line: i + 1,
      command: command!,
      input,
      output: lines.slice(dashes + 1, end),
    });
    i = end;
  }
  return steps;
}
