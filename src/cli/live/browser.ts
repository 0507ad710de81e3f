/** The headless browser of a live run. */

import { chromium, type Browser } from 'playwright';
import { browserFlags, findBrowser } from '../../../bin/find-browser.js';
import { messageOf } from '../../core/errors.ts';
import { EnvironmentError } from '../failures.ts';

/**
 * Starts Chromium.
 *
 * @throws {EnvironmentError} that says what to install, when there is none or it does not start
 */
export async function openBrowser(): Promise<Browser> {
  const found = await findBrowser().catch((error: unknown) => {
    throw new EnvironmentError(messageOf(error));
  });
  if (found === undefined) throw new EnvironmentError(NO_BROWSER);
  const { executablePath } = found;
  try {
    return await chromium.launch({
      executablePath,
      args: browserFlags(),
      // Ctrl-C is ours: the nodes stop and report before their browser is closed.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
  } catch (error) {
    const reason = messageOf(error).split('\n').slice(0, 3).join('\n');
    throw new EnvironmentError(`${executablePath} (${found.origin}) does not start: ${reason}`);
  }
}

const NO_BROWSER = `live modes run in a Chromium-family browser, and none was found. Do one of these:
  Debian, Ubuntu:  sudo apt-get install chromium
  Fedora:          sudo dnf install chromium
  macOS:           brew install --cask chromium
  anywhere:        npx playwright install chromium
or name one that is installed: PARLEY_CHROMIUM=/path/to/chrome`;
