/** Starts the Chromium of this machine, for tests and measurements. */

import { chromium, type Browser } from 'playwright';
import { browserFlags, findBrowser } from '../../bin/find-browser.js';

/** How a browser differs from an ordinary one. */
export interface LaunchOptions {
  /** Command-line switches, beside those that every test needs. */
  readonly flags?: readonly string[];
  /** A script around the browser, to be started instead of it. */
  readonly executablePath?: string;
}

/** Starts Chromium. */
export async function launchChromium(options: LaunchOptions): Promise<Browser> {
  const executablePath = options.executablePath ?? (await chromiumPath());
  return chromium.launch({ executablePath, args: [...browserFlags(), ...(options.flags ?? [])] });
}

/** The Chromium that all tests use. */
export async function chromiumPath(): Promise<string> {
  const found = await findBrowser();
  if (found === undefined) throw new Error('there is no Chromium: see bin/find-browser.js');
  return found.executablePath;
}
