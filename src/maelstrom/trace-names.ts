/** In the trace every message of a gateway bears the type that its body has, so that pictures and filters tell them apart. */

import type { TraceSink } from '../core/trace.ts';
import type { Body } from './message.ts';

/** A sink in front of another one. */
export function namedTypes(trace: TraceSink): TraceSink {
  // A message may arrive twice or never: a name is kept as long as the run.
  const types = new Map<string, string>();
  return (event) => {
    if (event.kind === 'send') {
      const { body } = event.body as { readonly body: Body };
      types.set(event.message, body.type);
      trace({ ...event, type: body.type, body });
    } else if (event.kind === 'deliver' || event.kind === 'drop') {
      trace({ ...event, type: types.get(event.message) ?? event.type });
    } else trace(event);
  };
}
