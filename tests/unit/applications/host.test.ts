import { describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { defineApplication } from '../../../src/core/application.ts';
import { withChosenLayers } from '../../../src/core/config/chosen-layers.ts';
import { ConfigError } from '../../../src/core/config/config-error.ts';
import type { Faults } from '../../../src/core/faults/faults.ts';
import type { NodeId } from '../../../src/core/id.ts';
import { cast } from '../../../src/core/message.ts';
import { hostOf } from '../../../src/algorithms/application-host.ts';
import { SAMPLING } from '../../../src/algorithms/sampling.ts';
import { planOf } from '../../../src/lab/run-spec.ts';
import { simulatePlan, reports, events, type Run } from '../../support/simulate.ts';

/** Says hello to all it knows, and once to somebody whom it cannot reach. */
class Greeter extends defineApplication('greeter', {
  messages: { hello: cast({ at: v.number() }) },
}) {
  readonly heard: NodeId[] = [];
  readonly cycles: number[] = [];

  override periodicRun(view: readonly NodeId[]): void {
    this.cycles.push(this.now());
    for (const peer of view) this.sendMessage(peer, 'hello', { at: this.now() });
    if (this.cycle === 1) this.sendMessage('nobody', 'hello', { at: 0 });
  }

  handlers = this.on({ hello: (from) => void this.heard.push(from) });

  override report() {
    return { heard: this.heard.length, cycles: this.cycles };
  }
}

/** Queues a message and then fails. */
class Faulty extends defineApplication('faulty', { messages: { never: cast({}) } }) {
  override periodicRun(view: readonly NodeId[]): void {
    for (const peer of view) this.sendMessage(peer, 'never', {});
    throw new Error('in mid-cycle');
  }

  handlers = this.on({ never: () => {} });
}

const Both = hostOf('both', { one: Greeter, other: Greeter });
const Single = hostOf('single', { app: Greeter });

async function run(algorithm: typeof Single, config: string, faults: Faults = {}): Promise<Run> {
  const spec = { runId: 'run', algorithm: 'x', config, configFile: 'c.yaml', strict: true };
  const { plan } = planOf({ ...spec, format: 'json', seed: 5, faults }, { name: 'x', algorithm });
  return simulatePlan(plan, { serviceMs: 10_000 });
}

const STATIC = 'sampling: { algorithm: static }';

describe('a node with applications', () => {
  test('each is called in its own time, for its cycles, and hears its own messages alone', async () => {
    const app = (time: number, cycles: number) => `{ elapsed_time: ${time}, cycles: ${cycles} }`;
    const config = ['n1', 'n2']
      .map((id) => `${id}: { one: ${app(0.5, 4)}, other: ${app(1, 2)}, ${STATIC} }`)
      .join('\n');
    const result = await run(Both, config);
    for (const report of Object.values(reports(result)) as Record<string, any>[]) {
      expect(report['view']).toHaveLength(1);
      expect(report['one']).toMatchObject({ cycle: 4, heard: 4 });
      expect(report['other']).toMatchObject({ cycle: 2, heard: 2 });
      const [first, second] = report['one'].cycles as number[];
      expect(second! - first!).toBeCloseTo(500);
    }
    const paths = new Set(events(result, 'send').map(({ path }) => path));
    expect([...paths].toSorted()).toEqual(['both.one', 'both.other']);
    expect(Object.values(result.nodes).map(({ status }) => status)).toEqual([
      'terminated',
      'terminated',
    ]);
  });

  test('a message to a node that cannot be reached is counted, and fails nothing', async () => {
    const app = 'app: { elapsed_time: 0.5, cycles: 2 }';
    const result = await run(Single, `n1: { ${app}, ${STATIC} }\nn2: { ${app}, ${STATIC} }`);
    expect(reports(result)).toMatchObject({ n1: { unsent: 1, heard: 2 }, n2: { unsent: 1 } });
  });

  test('cycles: -1 goes on until the run is stopped', async () => {
    const result = await run(Single, `n1: { app: { elapsed_time: 1 }, ${STATIC} }`);
    expect(result.nodes['n1']).toMatchObject({ status: 'stopped', report: { cycle: 10 } });
  });

  test('links that go one way are used one way', async () => {
    const app = 'app: { elapsed_time: 0.5, cycles: 3 }';
    const config = `n1: { neighbours: [n2], ${app}, ${STATIC} }\nn2: { neighbours: [n2], ${app}, ${STATIC} }`;
    const result = await run(Single, config);
    expect(reports(result)).toMatchObject({ n1: { heard: 0 }, n2: { heard: 3 } });
  });

  test('what a cycle queued before it failed is not sent', async () => {
    const config = `n1: { ${STATIC} }\nn2: { ${STATIC} }`;
    const result = await run(hostOf('failing', { app: Faulty }), config);
    expect(events(result, 'send')).toEqual([]);
    expect(Object.values(result.nodes).some(({ error }) => error?.includes('in mid-cycle'))).toBe(
      true,
    );
  });

  test('whom its failure detector has given up is in no view, and back when it is heard again', async () => {
    const quick = {
      swim: 'probe_interval: 0.3, probe_timeout: 0.1, suspicion_mult: 1',
      phi_accrual: 'heartbeat_interval: 0.2, acceptable_pause: 0.2',
    };
    for (const [algorithm, settings] of Object.entries(quick)) {
      const node = `{ app: { elapsed_time: 0.5 }, ${STATIC}, detector: { algorithm: ${algorithm}, ${settings} } }`;
      const config = ['n1', 'n2', 'n3'].map((id) => `${id}: ${node}`).join('\n');
      const gone = await run(Single, config, { crashes: [{ node: 'n3', at: 2000 }] });
      for (const id of ['n1', 'n2']) {
        const others = id === 'n1' ? ['n2'] : ['n1'];
        expect(reports(gone)[id], algorithm).toMatchObject({ view: others, missed: ['n3'] });
      }
      const back = { crashes: [{ node: 'n3', at: 2000, for: 3000 }] };
      expect(reports(await run(Single, config, back))['n1'], algorithm).toMatchObject({
        ...{ view: ['n2', 'n3'], missed: [] },
      });
    }
  });

  test('every sampler gives a view', async () => {
    for (const algorithm of Object.keys(SAMPLING)) {
      const delay = algorithm === 'static' ? '' : ', delay: 0.5';
      const node = `{ app: { elapsed_time: 0.5, cycles: 6 }, sampling: { algorithm: ${algorithm}${delay} } }`;
      const result = await run(Single, ['n1', 'n2', 'n3'].map((id) => `${id}: ${node}`).join('\n'));
      const heard = Object.values(reports(result)).map(
        (report) => (report as { heard: number }).heard,
      );
      expect(Math.min(...heard), algorithm).toBeGreaterThan(0);
    }
  });

  test('an application cannot be called like the layer below', () => {
    expect(() => hostOf('bad', { sampling: Greeter })).toThrow("'sampling' is the layer below");
    expect(() => hostOf('bad', { detector: Greeter })).toThrow("'detector' is the layer below");
  });
});

describe('a layer that the configuration chooses', () => {
  const chosen = (config: string) =>
    withChosenLayers(Single, config, 'c.yaml').definition.children['sampling'];

  test('stands in the place of the default', () => {
    expect(chosen('n1: { sampling: { algorithm: cyclon } }')).toBe(SAMPLING.cyclon);
    expect(
      chosen('n1: { sampling: { algorithm: brahams } }\nn2: { sampling: { algorithm: brahms } }'),
    ).toBe(SAMPLING.brahms);
    expect(withChosenLayers(Single, 'n1:\nn2:\n', 'c.yaml')).toBe(Single);
  });

  test.each([
    ['n1: { sampling: { algorithm: gpbs } }', "c.yaml:1:30: 'sampling.algorithm' is one of"],
    ['n1: { sampling: { algorithm: [gbps] } }', "c.yaml:1:30: 'sampling.algorithm' is one of"],
    [
      'n1: { sampling: { algorithm: gbps } }\nn2: { sampling: { algorithm: basalt } }',
      'c.yaml:2:30: ',
    ],
  ])('%s is refused with its place', (config, message) => {
    expect(() => chosen(config)).toThrow(ConfigError);
    expect(() => chosen(config)).toThrow(message);
  });

  test('has its own settings, and no others', async () => {
    const config = 'n1: { sampling: { algorithm: basalt, heal: 1 } }';
    await expect(run(Single, config)).rejects.toThrow("unknown key 'heal'");
  });
});
