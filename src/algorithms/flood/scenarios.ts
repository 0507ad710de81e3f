/** Runs to look at, and how they end with every seed. */

import type { Scenario } from '../../core/chapter.ts';
import { commonScenarios, nobodyListens } from '../dissemination/scenarios.ts';

/** Scenarios of {@link Flood}. */
export const scenarios: readonly Scenario[] = [...commonScenarios({}), nobodyListens({})];
