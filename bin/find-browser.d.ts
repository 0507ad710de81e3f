/** Finds a Chromium-family browser on this machine, and installs one where there is none. */

export interface Browser {
  /** The program to start: Playwright's `executablePath`. */
  readonly executablePath: string;
  /** How it was found, for the log: `PARLEY_CHROMIUM`, `installed` or `Playwright`. */
  readonly origin: string;
}

/** The little of the machine that the search reads; tests give their own. */
export interface Machine {
  platform: NodeJS.Platform;
  environment: Record<string, string | undefined>;
  exists(file: string): boolean;
  /** Where Playwright would keep its browser. */
  playwrightPath(): Promise<string | undefined>;
}

/** The browser to use, or `undefined` when this machine has none. Starts and installs nothing. */
export function findBrowser(machine?: Partial<Machine>): Promise<Browser | undefined>;

/** The browser to use, after installing one if need be, and after hearing its version. */
export function ensureBrowser(log?: (line: string) => void): Promise<Browser>;

/** The flags for every browser that tests and the command line start. */
export function browserFlags(options?: { isRoot?: boolean }): string[];
