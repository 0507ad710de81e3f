/** Every severity, least first. */

import type { LogLevel } from '../../../src/core/ports.ts';

export const LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error'];
