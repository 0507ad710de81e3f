/** Which format a trace is written in, and what writes it. */

import path from 'node:path';
import { visible } from '../../check/trace/describe-event.ts';
import { csvExport } from '../../lab/trace/csv-export.ts';
import { htmlExport } from '../../lab/trace/html-export.ts';
import { plantumlExport } from '../../lab/trace/plantuml-export.ts';
import { shivizExport } from '../../lab/trace/shiviz-export.ts';
import { ndjsonExport, type TraceExport } from '../../lab/trace/trace-export.ts';
import { UsageError } from '../failures.ts';
import type { TraceInput } from './input.ts';
import type { TraceFormat, TraceOptions } from './options.ts';

const ENDINGS: Readonly<Record<string, TraceFormat>> = {
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.log': 'shiviz',
  '.puml': 'plantuml',
  '.plantuml': 'plantuml',
  '.csv': 'csv',
  '.html': 'html',
};

/**
 * The format to write; undefined for a summary.
 *
 * @throws {UsageError} when the options contradict each other
 */
export function formatOf({ to, output, json, header }: TraceOptions): TraceFormat | undefined {
  const format = to ?? (output === undefined ? undefined : ofEnding(output));
  if (format === undefined && output !== undefined) {
    throw new UsageError(
      `-o ${output}: which format? Say it with --to, or end the name with .html, .csv …`,
    );
  }
  if (format !== undefined && json === true) {
    throw new UsageError('--json is for the summary; with --to the format is what follows it');
  }
  if (!header && format !== 'ndjson') throw new UsageError('--no-header is for --to ndjson');
  return format;
}

function ofEnding(output: string): TraceFormat | undefined {
  const ending = path.extname(output).toLowerCase();
  return Object.hasOwn(ENDINGS, ending) ? ENDINGS[ending] : undefined;
}

/** Makes what writes. */
export async function makeExport(
  format: TraceFormat,
  what: {
    readonly input: TraceInput;
    readonly isFiltered: boolean;
    readonly header: boolean;
    readonly kind?: readonly string[];
  },
): Promise<TraceExport> {
  const { parley_trace: _version, ...facts } = what.input.header;
  const run = what.isFiltered ? { ...facts, filtered: true } : facts;
  const title = titleOf(what.input);
  switch (format) {
    case 'ndjson':
      return ndjsonExport(what.header ? run : undefined);
    case 'shiviz':
      return shivizExport();
    case 'plantuml':
      return plantumlExport({ title, states: what.kind?.includes('state') === true });
    case 'csv':
      return csvExport();
    case 'html': {
      const { bundlePage } = await import('./page-bundle.ts');
      return htmlExport(title, run, await bundlePage());
    }
  }
}

function titleOf({ name, header }: TraceInput): string {
  const { algorithm, seed } = header;
  const file = visible(
    name === '-'
      ? 'trace'
      : name
          .split(' + ')
          .map((one) => path.basename(one))
          .join(' + '),
  );
  if (algorithm === undefined) return file;
  return seed === undefined ? `${algorithm}: ${file}` : `${algorithm}, seed ${seed}: ${file}`;
}
