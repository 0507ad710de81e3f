import { expect, test } from 'vitest';
import { planOf } from '../../../lab/run-spec.ts';
import { Simulation } from '../../../runtime/simulator.ts';
import { chapter } from '../index.ts';

const config = `
n1: { neighbours: [n2, n3], rumour: have you heard? }
n2: { neighbours: [n1] }
n3: { neighbours: [n1, n4] }
n4: { neighbours: [n3] }
`;

test.each([1, 2, 3, 4, 5])('everybody hears the rumour, with seed %i', async (seed) => {
  const spec = {
    runId: 'test',
    algorithm: chapter.name,
    config,
    configFile: 'test.yaml',
    strict: true,
    format: 'json',
    seed,
  } as const;
  const { plan } = planOf(spec, chapter);
  const { ok, nodes } = await new Simulation({ plan, invariants: chapter.invariants }).run();

  expect(ok).toBe(true);
  for (const { report } of Object.values(nodes)) {
    expect(report['heard']).toBe('have you heard?');
  }
  // Only n3 knows n4.
  expect(nodes['n4']?.report['from']).toBe('n3');
});
