/** Where Parley itself is installed or checked out. */

import { fileURLToPath } from 'node:url';

/** The folder of Parley's package.json, without a separator at its end. */
export const PACKAGE_ROOT = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '');
