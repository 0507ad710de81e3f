/** Installs packages of the operating system where that can be done without asking: root on Debian. */

import { spawnSync } from 'node:child_process';

/** Whether this process runs as root, as it does in most containers. */
export function runsAsRoot() {
  return process.getuid?.() === 0;
}

/** Whether {@link installPackages} can work here. */
export function canInstallPackages() {
  return runsAsRoot() && spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0;
}

/**
 * Installs packages with apt-get and says so; whether that succeeded.
 *
 * @param {string[]} names
 * @param {(line: string) => void} log
 */
export function installPackages(names, log) {
  log(`Running: apt-get install -y ${names.join(' ')}`);
  // The package lists of a fresh container are empty or old, those of a desktop are neither.
  return (
    aptGet('install', '-y', ...names) || (aptGet('update') && aptGet('install', '-y', ...names))
  );
}

/** @param {string[]} parameters */
function aptGet(...parameters) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', parameters, { stdio: 'inherit', env }).status === 0;
}
