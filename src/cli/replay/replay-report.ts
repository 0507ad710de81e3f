/** What a replay came to, as a table for people and as JSON. */

import { visible } from '../../check/trace/describe-event.ts';
import { nameOf } from '../../lab/recording/recording-reader.ts';
import { isSame } from '../../lab/recording/replay-recording.ts';
import type { Colours } from '../colours.ts';
import type { ReplayedFileLife, ReplayReport } from './replay-recording.ts';

/** The table. */
export function replayTable(report: ReplayReport, colours: Colours): string {
  const { header, lives, difference } = report;
  const { spec, mode, parley } = header;
  const facts = `${mode}, ${spec.format}, seed ${spec.seed}, Parley ${parley}`;
  const rows = lives.map((life) => [
    nameOf(life.life),
    `${life.turns} turns`,
    `${life.events.length} events`,
    verdict(life, colours),
  ]);
  const widths = [0, 1, 2].map((at) => Math.max(...rows.map((row) => row[at]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[at] ?? 0)))
      .join('  '),
  );
  return [
    `${colours.bold(visible(spec.algorithm))} as it was recorded (${visible(facts)})`,
    ...lines,
    ...difference,
  ]
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

function verdict(life: ReplayedFileLife, colours: Colours): string {
  if (!isSame(life)) return colours.red('different');
  const { ending } = life.read;
  const upTo = `the same up to ${life.lastMs.toFixed(0)} ms`;
  if (ending === 'ended') return colours.green('the same');
  if (ending === 'full') return `${colours.green(upTo)}, where its recording is full`;
  return `${colours.green(upTo)}, where its tab was closed or its worker died`;
}

/** One object. */
export function replayJson(report: ReplayReport): object {
  const { header, sourceChanged, lives, traceSha256, difference, isOk } = report;
  const { spec, mode } = header;
  return {
    same: isOk,
    algorithm: spec.algorithm,
    mode,
    format: spec.format,
    seed: spec.seed,
    source_changed: sourceChanged,
    lives: lives.map((life) => ({
      file: life.file,
      node: life.life.node,
      incarnation: life.life.incarnation,
      turns: life.turns,
      events: life.events.length,
      until_ms: life.lastMs,
      ending: life.read.ending,
      same: isSame(life),
      changed_lines: life.read.changed ?? null,
    })),
    difference: difference.length === 0 ? null : difference,
    trace_sha256: traceSha256,
  };
}
