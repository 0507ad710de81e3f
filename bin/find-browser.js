/**
 * Finds a Chromium-family browser on this machine, and installs one where there is none.
 *
 * Plain JavaScript, because it runs before anything could translate TypeScript: `npm test` needs it
 * (tests/run.js), and so do the test configuration (vitest.config.ts) and the command line (src/cli).
 *
 * The order: the environment variable PARLEY_CHROMIUM, a browser that is installed, the one that
 * Playwright downloaded. An installed one comes before Playwright's because its download is large and
 * not reachable from every network.
 */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { canInstallPackages, installPackages, runsAsRoot } from './system-packages.js';

/**
 * @typedef {object} Browser
 * @property {string} executablePath the program to start
 * @property {string} origin how it was found, for the log: `PARLEY_CHROMIUM`, `installed`, `Playwright`
 */

/**
 * @typedef {object} Machine the little of the machine that the search reads; tests give their own
 * @property {NodeJS.Platform} platform
 * @property {Record<string, string | undefined>} environment
 * @property {(file: string) => boolean} exists
 * @property {() => Promise<string | undefined>} playwrightPath where Playwright would keep its browser
 */

/** Names on the PATH, most open first. */
const PROGRAMS = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
];

const MAC_APPLICATIONS = ['Chromium', 'Google Chrome', 'Microsoft Edge'];

const WINDOWS_PROGRAMS = [
  ['Chromium', 'Application', 'chrome.exe'],
  ['Google', 'Chrome', 'Application', 'chrome.exe'],
  ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
];

/** Playwright's download gives up by itself when nothing arrives; this bounds a slow one. */
const DOWNLOAD_TIMEOUT_MS = 10 * 60_000;

/** A browser that cannot say its version within this is not one that tests could use. */
const VERSION_TIMEOUT_MS = 20_000;

/** @type {Machine} */
const thisMachine = {
  platform: process.platform,
  environment: process.env,
  exists: existsSync,
  async playwrightPath() {
    const { chromium } = await import('playwright');
    return chromium.executablePath();
  },
};

/**
 * The browser to use, or `undefined` when this machine has none. Starts and installs nothing.
 *
 * @param {Partial<Machine>} [machine]
 * @returns {Promise<Browser | undefined>}
 */
export async function findBrowser(machine) {
  for await (const browser of browsersOf({ ...thisMachine, ...machine })) return browser;
  return undefined;
}

/**
 * The browser to use, after installing one if need be, and after hearing its version.
 *
 * @param {(line: string) => void} [log]
 * @returns {Promise<Browser>}
 */
export async function ensureBrowser(log = console.log) {
  const found = (await firstThatRuns(log)) ?? (await install(log));
  if (found === undefined) throw new Error(howToInstall());
  log(`Browser: ${found.executablePath} (${found.origin})`);
  return found;
}

/**
 * The flags for every browser that tests and the command line start.
 *
 * @param {{ isRoot?: boolean }} [options]
 * @returns {string[]}
 */
export function browserFlags({ isRoot = runsAsRoot() } = {}) {
  return [
    // Chromium's sandbox refuses to start under root, which is who containers run as.
    ...(isRoot ? ['--no-sandbox'] : []),
    // A closed network must not cost time, and a test must not depend on an open one.
    '--disable-quic',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ];
}

/**
 * Every browser of a machine, best first.
 *
 * @param {Machine} machine
 * @returns {AsyncGenerator<Browser>}
 */
async function* browsersOf(machine) {
  const chosen = machine.environment['PARLEY_CHROMIUM'];
  if (chosen !== undefined && chosen !== '') {
    // A choice that silently falls back to another browser would test something else than was asked.
    if (!machine.exists(chosen)) {
      throw new Error(`PARLEY_CHROMIUM names ${chosen}, which does not exist.`);
    }
    yield { executablePath: chosen, origin: 'PARLEY_CHROMIUM' };
    return;
  }
  for (const executablePath of usualPlaces(machine)) {
    if (machine.exists(executablePath)) yield { executablePath, origin: 'installed' };
  }
  const executablePath = await machine.playwrightPath().catch(() => undefined);
  if (executablePath !== undefined && machine.exists(executablePath)) {
    yield { executablePath, origin: 'Playwright' };
  }
}

/**
 * @param {Machine} machine
 * @returns {string[]}
 */
function usualPlaces({ platform, environment }) {
  if (platform === 'win32') {
    const roots = ['ProgramFiles', 'ProgramFiles(x86)', 'LocalAppData'].flatMap(
      (name) => environment[name] ?? [],
    );
    return WINDOWS_PROGRAMS.flatMap((parts) =>
      roots.map((root) => path.win32.join(root, ...parts)),
    );
  }
  const folders = (environment['PATH'] ?? '').split(':').filter((folder) => folder !== '');
  const onPath = PROGRAMS.flatMap((name) => folders.map((folder) => path.posix.join(folder, name)));
  if (platform !== 'darwin') return onPath;
  const roots = ['/Applications', path.posix.join(environment['HOME'] ?? '/', 'Applications')];
  const applications = MAC_APPLICATIONS.flatMap((name) =>
    roots.map((root) => path.posix.join(root, `${name}.app`, 'Contents', 'MacOS', name)),
  );
  return [...applications, ...onPath];
}

/**
 * @param {(line: string) => void} log
 * @returns {Promise<Browser | undefined>}
 */
async function firstThatRuns(log) {
  for await (const browser of browsersOf(thisMachine)) {
    const reason = whyItDoesNotRun(browser.executablePath);
    if (reason === undefined) return browser;
    log(`Browser: ${browser.executablePath} is there but does not run: ${reason}`);
  }
  return undefined;
}

/**
 * Ubuntu's package `chromium-browser` is a script that asks for snap: a file alone proves nothing.
 *
 * @param {string} executablePath
 * @returns {string | undefined}
 */
function whyItDoesNotRun(executablePath) {
  // On Windows `--version` opens a window instead of printing.
  if (process.platform === 'win32') return undefined;
  const { error, status, stderr } = spawnSync(executablePath, ['--version', ...browserFlags()], {
    encoding: 'utf8',
    timeout: VERSION_TIMEOUT_MS,
  });
  if (error !== undefined) return error.message;
  if (status === 0) return undefined;
  return stderr.trim().split('\n').at(-1) || `it ended with status ${status}`;
}

/**
 * @param {(line: string) => void} log
 * @returns {Promise<Browser | undefined>}
 */
async function install(log) {
  if ((process.env['PARLEY_CHROMIUM'] ?? '') !== '') return undefined;
  log('Browser: none found. Running: npx playwright install chromium');
  const download = [playwrightCommand(), 'install', 'chromium'];
  spawnSync(process.execPath, download, { stdio: 'inherit', timeout: DOWNLOAD_TIMEOUT_MS });
  // It may have arrived and still lack a library that the system has to bring.
  const downloaded = await firstThatRuns(log);
  if (downloaded !== undefined || !canInstallPackages()) return downloaded;
  return installPackages(['chromium'], log) ? firstThatRuns(log) : undefined;
}

/** @returns {string} */
function playwrightCommand() {
  const require = createRequire(import.meta.url);
  return path.join(path.dirname(require.resolve('playwright/package.json')), 'cli.js');
}

function howToInstall() {
  return [
    'No Chromium-family browser was found and none could be installed. Do one of these:',
    '  Debian, Ubuntu:  sudo apt-get install chromium',
    '  Fedora:          sudo dnf install chromium',
    '  macOS:           brew install --cask chromium',
    '  anywhere:        npx playwright install --with-deps chromium',
    'or name one that is installed: PARLEY_CHROMIUM=/path/to/chrome',
  ].join('\n');
}
