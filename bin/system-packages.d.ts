/** Installs packages of the operating system where that can be done without asking: root on Debian. */

/** Whether this process runs as root, as it does in most containers. */
export function runsAsRoot(): boolean;

/** Whether {@link installPackages} can work here. */
export function canInstallPackages(): boolean;

/** Installs packages with apt-get and says so; whether that succeeded. */
export function installPackages(names: string[], log: (line: string) => void): boolean;
