/** Reports as people and JSON can have them: bytes in hexadecimal, signed values with their signer. */

import { isSigned, statementOf } from '../core/signed.ts';
import type { NodeResult, RunResult } from '../core/result.ts';

/** A value of the value domain as plain JSON, in the spelling of the trace file. */
export function printable(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, replace)) as unknown;
}

/** A value in one line: texts as they are, everything else as JSON. */
export function inOneLine(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, replace);
}

/** A result with printable reports: what `--json` prints. */
export function printableResult(result: RunResult): RunResult {
  const nodes = Object.entries(result.nodes).map(([id, node]) => {
    return [id, { ...node, report: printable(node.report) as NodeResult['report'] }];
  });
  return { ...result, nodes: Object.fromEntries(nodes) as RunResult['nodes'] };
}

function replace(_key: string, value: unknown): unknown {
  if (isSigned(value)) {
    const { type, signer, fields } = statementOf(value);
    return { $signed: type, signer, ...fields };
  }
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('hex') };
  return value;
}
