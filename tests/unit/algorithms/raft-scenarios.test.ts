/** All 96 scenarios of raftengine: each is tested by its name, or it is said why it cannot be. */

import { expect } from 'vitest';
import { allScenarios, covered } from '../../support/raft-scenarios.ts';
import { testUnless } from '../../support/skip.ts';
import { missingData } from '../../support/transcript-file.ts';
import './raft-scenarios/elections.ts';
import './raft-scenarios/commands.ts';
import './raft-scenarios/members.ts';
import './raft-scenarios/rest.ts';

testUnless(missingData('raft'))('every scenario is covered, and no other', () => {
  const all = allScenarios();
  expect(all).toHaveLength(96);
  expect([...covered].toSorted()).toEqual(all.toSorted());
});
