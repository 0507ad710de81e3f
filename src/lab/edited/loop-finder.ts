/**
 * Finds where edited code never came back. A worker in a loop can say nothing; but the same run comes to the same loop, so it is run once more,
 * and tells each event before the next one. The last that is heard is the place.
 */

import type { TraceEvent } from '../../core/trace.ts';
import type { SimulationHost } from '../simulate.ts';
import { idleHost } from '../live/worker-host.ts';
import type { FromSimulation } from '../run-simulation.ts';
import type { ToSimulation } from '../simulation-worker.ts';

/**
 * A host that runs as those of `open` do, and when one is silent says where.
 *
 * @param open makes a host
 */
export function findingLoops(open: () => SimulationHost): SimulationHost {
  const sent: ToSimulation[] = [];
  let current = open();
  const host: SimulationHost = idleHost<ToSimulation, FromSimulation>(
    (message) => {
      sent.push(message);
      current.post(message);
    },
    () => current.close(),
  );
  const again = (why: string) => {
    let last: TraceEvent | undefined;
    current.close();
    current = open();
    const tell = (text: string) => host.onsilence(text);
    current.onmessage = (message) => {
      if (message.kind === 'events') last = message.events.at(-1);
      // It came to an end this time: then it is no function of its seed, or the machine was asleep.
      else if (message.kind === 'ended' || message.kind === 'problem') tell(why);
    };
    current.onproblem = tell;
    current.onsilence = () => tell(last === undefined ? why : `${placeOf(last)} ${why}`);
    for (const message of sent) {
      current.post(message.kind === 'run' ? { ...message, tellsEach: true } : message);
    }
  };
  current.onmessage = (message) => host.onmessage(message);
  current.onproblem = (text) => host.onproblem(text);
  current.onsilence = again;
  return host;
}

/** Where the last thing was heard of. */
function placeOf(event: TraceEvent): string {
  return `${event.node} never came back ${deedOf(event)}, at ${event.time.toFixed(1)} ms.`;
}

function deedOf(event: TraceEvent): string {
  if (event.kind === 'deliver') return `after it was given '${event.type}' from ${event.from}`;
  if (event.kind === 'send') return `after it sent '${event.type}' to ${event.to}`;
  if (event.kind === 'timer') return 'after a timer fired';
  if (event.kind === 'status') return `after it was ${event.status}`;
  return 'from its step';
}
