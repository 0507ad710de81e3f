/** Global setup of the browser tests: a signaling server, for pages that cannot start one. */

import type { TestProject } from 'vitest/node';
import { startSignalingServer } from '../../signaling-server/server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Port of the server, on 127.0.0.1. */
    signalingPort: number;
  }
}

/** Starts it; returns what ends it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startSignalingServer({ host: '127.0.0.1', port: 0 });
  project.provide('signalingPort', server.port);
  return () => server.close();
}
