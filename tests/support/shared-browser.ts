/** Global setup of tests that open tabs: one Chromium for all files, since starting it takes longer than most tests. */

import { chromium } from 'playwright';
import type { TestProject } from 'vitest/node';
import { browserFlags, findBrowser } from '../../bin/find-browser.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the browser takes connections; each has contexts of its own. Undefined where there is no browser. */
    sharedBrowser: string | undefined;
  }
}

/** Starts it; returns what ends it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const found = await findBrowser();
  if (found === undefined) return async () => {};
  const { executablePath } = found;
  const server = await chromium.launchServer({
    ...{ executablePath, host: '127.0.0.1', args: browserFlags() },
  });
  project.provide('sharedBrowser', server.wsEndpoint());
  return () => server.close();
}
