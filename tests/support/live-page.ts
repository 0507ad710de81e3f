/**
 * Live runs for tests: the built page, a signaling server, a real browser, and everything that the pages report.
 *
 * Tests wait for reports and never for time: {@link LiveRun.until} looks at what was reported so far and again at every report.
 */

import { fileURLToPath } from 'node:url';
import { chromium, type Browser } from 'playwright';
import { inject } from 'vitest';
import { startSignalingServer, type SignalingServer } from '../../signaling-server/server.ts';
import { buildPage } from '../../src/cli/page/build-page.ts';
import './shared-browser.ts';
import { launchChromium, type LaunchOptions } from './launch-chromium.ts';
import { LiveRun, type LiveRunOptions } from './live-run.ts';

/** The algorithms in live-nodes.ts, by their class's name, as a page that was built here knows them. */
export function testAlgorithm(name: string): string {
  return `${MODULE_KEY}#${name}`;
}

/** How a lab differs from one on loopback with one ordinary Chromium. */
export interface LiveLabOptions {
  /** Command-line switches for Chromium, beside those that every test needs. */
  readonly flags?: readonly string[];
  /** Name or address under which pages and server are reached. */
  readonly host?: string;
}

/** A signaling server that serves the built page, and a browser to open it in. */
export class LiveLab {
  readonly browser: Browser;
  readonly host: string;
  readonly #server: SignalingServer;

  private constructor(browser: Browser, server: SignalingServer, host: string) {
    this.browser = browser;
    this.#server = server;
    this.host = host;
  }

  /** Builds the page if need be, and starts server and browser. */
  static async open({ flags = [], host = 'localhost' }: LiveLabOptions = {}): Promise<LiveLab> {
    const server = await serveBuiltPage('127.0.0.1');
    try {
      return new LiveLab(await openChromium({ flags }), server, host);
    } catch (error) {
      await server.close();
      throw error;
    }
  }

  /** Where the server is reached, e.g. `localhost:41234`. */
  get authority(): string {
    return `${this.host}:${this.#server.port}`;
  }

  /** A new run in a room of its own. */
  async newRun(options: LiveRunOptions): Promise<LiveRun> {
    return new LiveRun(options, this.authority, await this.browser.newContext());
  }

  /** Ends browser and server. */
  async close(): Promise<void> {
    await this.browser.close();
    await this.#server.close();
  }
}

/** A signaling server that serves the page, built with the algorithms of live-nodes.ts. */
export async function serveBuiltPage(host: string): Promise<SignalingServer> {
  const staticRoot = await buildPage(
    { userModules: [{ key: MODULE_KEY, file: MODULE_FILE }] },
    () => {},
  );
  return startSignalingServer({ port: 0, host, staticRoot });
}

/** A Chromium whose contexts are the caller's own: that of all files unless one is asked for that differs, or there is none. */
export async function openChromium(options: LaunchOptions): Promise<Browser> {
  const shared = inject('sharedBrowser');
  const isOrdinary = options.executablePath === undefined && (options.flags ?? []).length === 0;
  if (isOrdinary && shared !== undefined) return chromium.connect(shared);
  return launchChromium(options);
}

const MODULE_FILE = fileURLToPath(new URL('./live-nodes.ts', import.meta.url));

const MODULE_KEY = 'live-nodes';
