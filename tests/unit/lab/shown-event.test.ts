import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { chapter } from '../../../src/algorithms/message_chain/index.ts';
import type { Chapter } from '../../../src/core/chapter.ts';
import type { TraceEvent } from '../../../src/core/trace.ts';
import type { Value, ValueMap } from '../../../src/core/value.ts';
import { linkedOf } from '../../../src/lab/link/plain-run.ts';
import { runSimulation } from '../../../src/lab/run-simulation.ts';
import { filedEvent } from '../../../src/lab/shown-event.ts';
import { TraceHash, traceLine } from '../../../src/runtime/trace-file.ts';
import { signedRows } from '../../../src/ui/inspect/signed-rows.ts';
import { printValue } from '../../../src/ui/kit/print-value.ts';

/** The events of a run with signed messages, as they come out of a worker, and the hash of the events within. */
async function events(): Promise<{
  readonly events: readonly TraceEvent[];
  readonly hash: string;
}> {
  const config = readFileSync('configs/message_chain.yaml', 'utf8');
  const spec = { runId: 'a', algorithm: 'message_chain', config, configFile: 'configuration' };
  const latency = { min: 1, max: 10 };
  const linked = linkedOf({ ...spec, strict: false, format: 'json', seed: 1 }, latency, 60_000);
  const all: TraceEvent[] = [];
  let hash = '';
  await runSimulation(
    async () => chapter as Chapter,
    { linked },
    (message) => {
      if (message.kind === 'events') all.push(...structuredClone(message.events));
      else if (message.kind === 'ended') hash = message.traceSha256;
    },
    new AbortController().signal,
  );
  return { events: all, hash };
}

test('who signed, and the signature, come out of a worker; a trace that is saved is the run’s own', async () => {
  const { events: shown, hash } = await events();
  const chains = shown.flatMap((event) => {
    const chain = event.kind === 'send' ? (event.body as ValueMap | null)?.['chain'] : undefined;
    return Array.isArray(chain) ? [chain as readonly Value[]] : [];
  });
  const longest = chains.toSorted((a, b) => b.length - a.length)[0]!;

  const rows = signedRows('chain', longest, false)!;
  expect(rows[0]).toEqual({ name: 'chain 1', value: 'Hop, signed by n1' });
  expect(rows.filter(({ name }) => /^chain \d$/.test(name)).length).toBe(longest.length);
  const signatures = rows.filter(({ name }) => name === 'signature');
  expect(signatures).toHaveLength(longest.length);
  expect(new Set(signatures.map(({ whole }) => whole)).size).toBe(signatures.length);
  expect(signatures[0]!.whole).toMatch(/^[0-9a-f]{128}$/);
  expect(signedRows('chain', longest, true)![0]!.value).toBe('Hop, said to be signed by n1');
  expect(printValue(longest)).toMatch(
    /^Hop \{hop 0, path empty, value Attack at dawn\} signed by n1/,
  );

  const filed = new TraceHash();
  for (const event of shown) filed.add(traceLine(filedEvent(event)));
  expect(filed.digest()).toBe(hash);
});

test('what only looks signed is shown as what it is', () => {
  expect(signedRows('x', { $signed: 1, signer: 'n1' }, false)).toBeUndefined();
  expect(signedRows('x', [{ $signed: 'Hop', signer: 'n1' }, 'plain'], false)).toBeUndefined();
  expect(signedRows('x', [], false)).toBeUndefined();
  const many = Array.from({ length: 30 }, () => ({ $signed: 'Hop', signer: 'n1' }));
  expect(signedRows('x', many, false)!.at(-1)).toEqual({ name: 'x', value: 'and 6 more' });
});
