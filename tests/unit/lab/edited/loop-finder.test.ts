import { expect, test } from 'vitest';
import type { TraceEvent } from '../../../../src/core/trace.ts';
import { findingLoops } from '../../../../src/lab/edited/loop-finder.ts';
import type { SimulationHost } from '../../../../src/lab/simulate.ts';
import type { ToSimulation } from '../../../../src/lab/simulation-worker.ts';
import { idleHost } from '../../../../src/lab/live/worker-host.ts';

/** Hosts that a test speaks for. */
function open() {
  const hosts: { host: SimulationHost; sent: ToSimulation[]; isClosed: boolean }[] = [];
  const finding = findingLoops(() => {
    const sent: ToSimulation[] = [];
    const host: SimulationHost = idleHost(
      (message: ToSimulation) => void sent.push(message),
      () => {
        hosts.find((one) => one.host === host)!.isClosed = true;
      },
    );
    hosts.push({ host, sent, isClosed: false });
    return host;
  });
  const said: string[] = [];
  finding.onproblem = (text) => said.push(text);
  finding.onmessage = ({ kind }) => said.push(kind);
  return { finding, hosts, said };
}

const run = { kind: 'run', linked: {} } as unknown as ToSimulation;
const delivered: TraceEvent = {
  ...{ kind: 'deliver', node: 'n2', from: 'n1', time: 12.34, sequence: 4, message: 'n1#1' },
  ...{ path: 'echo', type: 'message', role: 'request', bytes: 2 },
};

test('a run that falls silent is made again, and its last event is the place', () => {
  const { finding, hosts, said } = open();
  finding.post(run);
  hosts[0]!.host.onmessage({ kind: 'planned', nodes: [] });
  hosts[0]!.host.onsilence('It was ended.');
  expect(hosts[0]!.isClosed).toBe(true);
  expect(hosts[1]!.sent).toEqual([{ ...run, tellsEach: true }]);
  hosts[1]!.host.onmessage({ kind: 'events', events: [delivered] });
  hosts[1]!.host.onsilence('It was ended.');
  expect(said).toEqual([
    'planned',
    "n2 never came back after it was given 'message' from n1, at 12.3 ms. It was ended.",
  ]);
});

test('a run that comes to its end the second time was only slow, and is not told twice', () => {
  const { finding, hosts, said } = open();
  finding.post(run);
  hosts[0]!.host.onsilence('It was ended.');
  hosts[1]!.host.onmessage({ kind: 'events', events: [delivered] });
  hosts[1]!.host.onmessage({ kind: 'problem', text: 'later' });
  expect(said).toEqual(['It was ended.']);
});
