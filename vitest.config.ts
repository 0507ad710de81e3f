/**
 * The test projects: what runs where.
 *
 * `npm test` runs all of them through tests/run.js. One alone: `npx vitest run --project unit`.
 * The slow suites that want the machine for themselves exist only when tests/run.js asks for them
 * (`npm run test:system`, `npm run test:soak`), so that a plain `npx vitest` never starts them.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { posix } from 'node:path';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { browserFlags, findBrowser } from './bin/find-browser.js';

/** A test of a part takes milliseconds; a machine with much else to do takes the rest, and must not fail it. */
const PATIENCE_MS = 60_000;

/** A mesh of tabs connects within seconds; a busy two-core machine needs the rest. */
const E2E_TIMEOUT_MS = 120_000;

/** Real hosts, pulled cables, and browsers that are started several times in one test. */
const SYSTEM_TIMEOUT_MS = 300_000;

/** A soak test ends by its own clock; this only stops one that hangs. */
const SOAK_TIMEOUT_MS = 2 * 3_600_000;

/** What is looked for again and again may take as long as what is waited for; vitest's own second is for idle machines. */
const patient = { poll: { timeout: 30_000 } };

/** Each e2e file starts processes and browsers with several tabs, and waits for them: four keep two cores busy, more starve each other. */
const E2E_WORKERS_MAX = 4;

/** Left to itself, vitest keeps a core free; of two cores that is half of the machine. */
const WORKERS_MAX = Math.max(2, availableParallelism() - 1);

/** `findBrowser` finds nothing on a machine without a browser, where the Node projects still run. */
const executablePath = (await findBrowser())?.executablePath;

/** Projects with the same number run together, smaller numbers first: e2e wants quiet cores. */
const order = { node: 0, types: 1, browser: 2, e2e: 3 };

const unit: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    name: 'unit',
    include: [
      'tests/{unit,compliance,simulation,transcripts,docs}/**/*.test.ts',
      'tests/tidy.test.ts',
    ],
    environment: 'node',
    // Two hundred small files that import the same modules: loaded once in each process, not once for each file.
    isolate: false,
    maxWorkers: WORKERS_MAX,
    expect: patient,
    testTimeout: PATIENCE_MS,
    hookTimeout: PATIENCE_MS,
    sequence: { groupOrder: order.node },
  },
};

const types: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    name: 'types',
    include: [],
    typecheck: {
      enabled: true,
      only: true,
      checker: 'tsc',
      include: ['tests/types/**/*.test-d.ts'],
      tsconfig: './tsconfig.json',
      // Errors in the sources are what `tsc` itself reports, once.
      ignoreSourceErrors: true,
    },
    sequence: { groupOrder: order.types },
  },
};

const browser: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    name: 'browser',
    include: ['tests/browser/**/*.test.ts'],
    maxWorkers: WORKERS_MAX,
    expect: patient,
    testTimeout: PATIENCE_MS,
    hookTimeout: PATIENCE_MS,
    globalSetup: ['tests/support/page-server.ts'],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: {
          args: browserFlags(),
          ...(executablePath === undefined ? {} : { executablePath }),
        },
      }),
      instances: [{ browser: 'chromium' }],
    },
    sequence: { groupOrder: order.browser },
  },
};

const e2e: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    name: 'e2e',
    include: ['tests/e2e/**/*.test.ts'],
    globalSetup: ['tests/support/shared-browser.ts'],
    environment: 'node',
    // As for unit tests; and files share the process that runs commands.
    isolate: false,
    expect: patient,
    testTimeout: E2E_TIMEOUT_MS,
    hookTimeout: E2E_TIMEOUT_MS,
    maxWorkers: E2E_WORKERS_MAX,
    sequence: { groupOrder: order.e2e },
  },
};

/** The files that try less every day than where there is time, and now try the rest: see tests/support/often.ts. */
function thorough(
  everyday: TestProjectInlineConfiguration,
  name: string,
  folders: readonly string[],
  groupOrder: number,
): TestProjectInlineConfiguration {
  return {
    ...everyday,
    test: {
      ...everyday.test,
      name,
      include: folders.flatMap(filesThatTry),
      env: { PARLEY_THOROUGH: '1' },
      sequence: { groupOrder },
    },
  };
}

/** Test files of a folder that try something often: by themselves, by a property, or by a suite that does. */
function filesThatTry(folder: string): string[] {
  const names = readdirSync(`tests/${folder}`, { encoding: 'utf8', recursive: true });
  return names
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `tests/${folder}/${name.replaceAll('\\', '/')}`)
    .filter(triesOften);
}

function triesOften(file: string): boolean {
  const text = readFileSync(file, 'utf8');
  const suites = [...text.matchAll(/ from '(\.[^']*\.suite\.ts)'/g)].map(([, suite]) =>
    readFileSync(posix.join(posix.dirname(file), suite!), 'utf8'),
  );
  return [text, ...suites].some((one) => /\/(often|property)\.ts'/.test(one));
}

/** One file after the other: these own network interfaces and ports of the whole machine. */
function alone(name: string, timeoutMs: number): TestProjectInlineConfiguration {
  return {
    extends: true,
    test: {
      name,
      include: [`tests/${name}/*.test.ts`],
      environment: 'node',
      expect: patient,
      testTimeout: timeoutMs,
      hookTimeout: timeoutMs,
      fileParallelism: false,
      sequence: { groupOrder: 0 },
    },
  };
}

/** What takes too long for every day and owns nothing of the machine: after the others, beside one another. */
const long: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    name: 'long',
    include: ['tests/system/long/*.test.ts'],
    globalSetup: ['tests/support/shared-browser.ts'],
    environment: 'node',
    expect: patient,
    testTimeout: SYSTEM_TIMEOUT_MS,
    hookTimeout: SYSTEM_TIMEOUT_MS,
    maxWorkers: E2E_WORKERS_MAX,
    sequence: { groupOrder: 1 },
  },
};

/** Each is made when it is asked for: the thorough projects read the test files. */
const suites: Record<string, () => TestProjectInlineConfiguration[]> = {
  everyday: () => [unit, types, browser, e2e],
  system: () => [
    alone('system', SYSTEM_TIMEOUT_MS),
    long,
    // Beside the long ones: they are of their kind.
    thorough(e2e, 'thorough-e2e', ['e2e'], 1),
    thorough(unit, 'thorough', ['unit', 'compliance', 'simulation'], 2),
  ],
  soak: () => [alone('soak', SOAK_TIMEOUT_MS)],
};

const suite = process.env['PARLEY_SUITE'] ?? 'everyday';
const projects = suites[suite]?.();
// Without projects vitest would run every file that looks like a test, system tests included.
if (projects === undefined) throw new Error(`PARLEY_SUITE names no suite: ${suite}`);

export default defineConfig({
  test: {
    passWithNoTests: true,
    projects,
  },
});
