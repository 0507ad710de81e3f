/** `parley lab --dev`: Vite serves the sources through the signaling server's port. */

import { Server } from 'node:http';
import path from 'node:path';
import type { UpgradeFallback } from '../../../signaling-server/door.ts';
import type { HttpFallback } from '../../../signaling-server/http-routes.ts';
import { createServer } from 'vite';
import { PACKAGE_ROOT } from '../package-root.ts';
import { pageConfig } from './page-config.ts';
import type { PageModule } from './vite-plugin.ts';

/** What the signaling server hands on to Vite. */
export interface DevelopmentServer {
  readonly fallbackRequest: HttpFallback;
  readonly fallbackUpgrade: UpgradeFallback;
  readonly close: () => Promise<void>;
}

/** Starts Vite without a port of its own. */
export async function developmentServer(
  userModules: readonly PageModule[],
): Promise<DevelopmentServer> {
  // Vite listens on a server for the sockets of its page; this one never has a port and only hands them over.
  const upgrades = new Server();
  const folders = userModules.map(({ file }) => path.dirname(file));
  const vite = await createServer({
    ...pageConfig({ userModules }),
    configFile: false,
    appType: 'mpa',
    server: {
      middlewareMode: true,
      ws: { server: upgrades },
      fs: { allow: [PACKAGE_ROOT, ...folders] },
    },
  });
  return {
    fallbackRequest: (request, response) => vite.middlewares(request, response),
    fallbackUpgrade: (request, socket, head) => {
      if (request.headers['sec-websocket-protocol']?.startsWith('vite-') === true) {
        upgrades.emit('upgrade', request, socket, head);
      } else socket.destroy();
    },
    close: () => vite.close(),
  };
}
