/** Mistakes that were made in Raft: by libraries, by papers before they were read well, by everybody once. */

import type { Bug } from '../../core/bug.ts';
import { clientBugs } from './bugs/clients.ts';
import { electionBugs } from './bugs/elections.ts';
import { logBugs } from './bugs/log.ts';
import { memberBugs } from './bugs/members.ts';

/** Bugs of Raft, in the order in which the chapter is read. */
export const bugs: readonly Bug[] = [...electionBugs, ...logBugs, ...memberBugs, ...clientBugs];
