/** `parley trace diff`: where two traces part, and why. */

import { visible } from '../../check/trace/describe-event.ts';
import { diffText } from '../../check/trace/diff-text.ts';
import { compareTraces, differingFacts, type DiffSide } from '../../check/trace/trace-diff.ts';
import type { TraceRecord } from '../../check/trace/trace-record.ts';
import { EXIT_STATUS } from '../failures.ts';
import { openTrace } from './input.ts';
import type { DiffOptions } from './options.ts';

/** Compares, and prints the difference; the exit status. */
export async function traceDiffCommand(
  nameA: string,
  nameB: string,
  options: DiffOptions,
): Promise<number> {
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const a = await openTrace([nameA], {}, say);
  const b = await openTrace([nameB], {}, say).catch((error: unknown) => {
    a.close();
    throw error;
  });
  try {
    let events = 0;
    const difference = compareTraces(
      { facts: a.header, records: counted(a.records(), () => events++) },
      { facts: b.header, records: b.records() },
    );
    if (options.json === true) {
      const found =
        difference === undefined
          ? { same: events, facts: differingFacts(a.header, b.header) }
          : { ...difference, a: printedSide(difference.a), b: printedSide(difference.b) };
      process.stdout.write(`${JSON.stringify({ equal: difference === undefined, ...found })}\n`);
    } else if (difference === undefined) {
      process.stdout.write(`the same: ${events} events\n`);
      for (const { fact, a: inA, b: inB } of differingFacts(a.header, b.header)) {
        const values = `${JSON.stringify(inA)} and ${JSON.stringify(inB)}`;
        process.stdout.write(`only the headers differ: ${visible(`${fact}: ${values}`)}\n`);
      }
    } else {
      const lines = diffText(difference, { a: nameA, b: nameB });
      process.stdout.write(lines.map((line) => `${line}\n`).join(''));
    }
    return difference === undefined ? EXIT_STATUS.ok : EXIT_STATUS.failed;
  } finally {
    a.close();
    b.close();
  }
}

function* counted(records: Iterable<TraceRecord>, count: () => void): Generator<TraceRecord> {
  for (const record of records) {
    count();
    yield record;
  }
}

function printedSide({ record, before, left }: DiffSide): object {
  return {
    line: record?.number ?? null,
    event: record?.event ?? null,
    before: before.map(({ number, event }) => ({ line: number, event })),
    left,
  };
}
