/** `parley signal`: the signaling server alone. */

import { serve } from '../lab/serve.ts';
import type { ServeOptions } from './signal-options.ts';

const GREETING = `This is a signaling server of Parley: it has no page.
"parley lab" serves one, and "parley run -m network --signal ws://…" meets others here.
`;

/** Serves until it is told to stop; the exit status. */
export function signalCommand(options: ServeOptions): Promise<number> {
  return serve(options, {
    title: 'Parley’s signaling server',
    served: {
      fallbackRequest: (request, response) => {
        const status = request.url === '/' ? 200 : 404;
        response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(GREETING);
      },
    },
  });
}
