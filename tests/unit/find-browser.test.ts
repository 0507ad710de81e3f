import { describe, expect, test } from 'vitest';
import { browserFlags, findBrowser, type Machine } from '../../bin/find-browser.js';

/** A machine with these files and nothing else. */
function machine(files: string[], rest: Partial<Machine> = {}): Machine {
  return {
    platform: 'linux',
    environment: { PATH: '/usr/local/bin:/usr/bin' },
    exists: (file) => files.includes(file),
    playwrightPath: async () => '/playwright/chrome',
    ...rest,
  };
}

const pathOf = async (where: Machine): Promise<string | undefined> =>
  (await findBrowser(where))?.executablePath;

describe('findBrowser', () => {
  test('takes what PARLEY_CHROMIUM names before anything else', async () => {
    const environment = { PATH: '/usr/bin', PARLEY_CHROMIUM: '/opt/mine' };
    const found = await findBrowser(machine(['/opt/mine', '/usr/bin/chromium'], { environment }));
    expect(found).toEqual({ executablePath: '/opt/mine', origin: 'PARLEY_CHROMIUM' });
  });

  test('refuses to replace a PARLEY_CHROMIUM that does not exist', async () => {
    const environment = { PATH: '/usr/bin', PARLEY_CHROMIUM: '/opt/gone' };
    await expect(findBrowser(machine(['/usr/bin/chromium'], { environment }))).rejects.toThrow(
      /PARLEY_CHROMIUM names \/opt\/gone/,
    );
  });

  test('takes an empty PARLEY_CHROMIUM for none', async () => {
    const environment = { PATH: '/usr/bin', PARLEY_CHROMIUM: '' };
    expect(await pathOf(machine(['/usr/bin/chromium'], { environment }))).toBe('/usr/bin/chromium');
  });

  test('prefers an installed Chromium to Chrome, and either to Playwright’s', async () => {
    const all = ['/usr/bin/google-chrome', '/usr/bin/chromium', '/playwright/chrome'];
    expect(await pathOf(machine(all))).toBe('/usr/bin/chromium');
    expect(await pathOf(machine(['/usr/bin/google-chrome', '/playwright/chrome']))).toBe(
      '/usr/bin/google-chrome',
    );
  });

  test('takes Playwright’s when it was downloaded', async () => {
    const found = await findBrowser(machine(['/playwright/chrome']));
    expect(found).toEqual({ executablePath: '/playwright/chrome', origin: 'Playwright' });
  });

  test('finds nothing where there is nothing, and where Playwright does not know', async () => {
    expect(await pathOf(machine([]))).toBeUndefined();
    const playwrightPath = async (): Promise<never> => Promise.reject(new Error('unsupported'));
    expect(await pathOf(machine([], { playwrightPath }))).toBeUndefined();
  });

  test('looks into the applications of macOS, the user’s too', async () => {
    const mine = '/elsewhere/ada/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
    const environment = { PATH: '/usr/bin', HOME: '/elsewhere/ada' };
    expect(await pathOf(machine([mine], { platform: 'darwin', environment }))).toBe(mine);
  });

  test('looks into the program folders of Windows', async () => {
    const edge = 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe';
    const environment = { 'ProgramFiles(x86)': 'C:\\Program Files (x86)' };
    expect(await pathOf(machine([edge], { platform: 'win32', environment }))).toBe(edge);
  });
});

describe('browserFlags', () => {
  test('leaves the sandbox on for everybody but root', () => {
    expect(browserFlags({ isRoot: true })).toContain('--no-sandbox');
    expect(browserFlags({ isRoot: false })).not.toContain('--no-sandbox');
  });

  test('keeps the browser off the open network', () => {
    expect(browserFlags()).toContain('--disable-background-networking');
  });
});
