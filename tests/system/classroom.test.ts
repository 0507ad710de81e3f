/** A class of twelve tabs. */

import type { Browser } from 'playwright';
import { afterAll, beforeAll, test } from 'vitest';
import { startSignalingServer, type SignalingServer } from '../../signaling-server/server.ts';
import { buildPage } from '../../src/cli/page/build-page.ts';
import { openBrowser } from '../../src/cli/live/browser.ts';
import { teachAClass } from '../support/class-story.ts';

let browser: Browser;
let server: SignalingServer;

beforeAll(async () => {
  const staticRoot = await buildPage({}, () => {});
  server = await startSignalingServer({ port: 0, host: '127.0.0.1', staticRoot });
  browser = await openBrowser();
});

afterAll(async () => {
  await browser.close();
  await server.close();
});

test('a class of twelve tabs follows, stands still, answers and is seen', () =>
  teachAClass(browser, server, 11));
