/** Pages of `examples/`, built and served beside a signaling server, as somebody would who tries them. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'vite';
import { startSignalingServer, type SignalingServer } from '../../signaling-server/server.ts';

/** A page with its server. */
export interface ServedExample {
  readonly server: SignalingServer;
  readonly origin: string;
  close(): Promise<void>;
}

/** Builds the page in `root` and serves it. */
export async function serveExample(root: string): Promise<ServedExample> {
  const outDir = mkdtempSync(path.join(tmpdir(), 'parley-example-'));
  await build({
    ...{ root, configFile: false, logLevel: 'error', base: './' },
    build: { outDir, emptyOutDir: true, target: 'es2023' },
  });
  const server = await startSignalingServer({ port: 0, host: '127.0.0.1', staticRoot: outDir });
  return {
    server,
    origin: `http://localhost:${server.port}`,
    close: async () => {
      await server.close();
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}
