/** Mistakes that are made in Bracha's broadcast. */

import { bug } from '../../core/bug.ts';
import { nodeNames } from '../verdict.ts';
import { Bracha } from './bracha.ts';

const QUORUMS =
  'A ready has a quorum of echoes or f + 1 readies behind it, a delivery 2f + 1 readies';

const seven = {
  config: nodeNames(7)
    .map((id, index) => `${id}: { is_sender: ${index === 0} }`)
    .join('\n'),
};

/** Bugs of {@link Bracha}. */
export const bugs = [
  bug(Bracha, {
    name: 'skip-echo-quorum',
    title: 'One echo is enough',
    story: 'Whoever hears an echo is ready: a single liar makes others ready for what nobody said.',
    replaces: { echoQuorum: () => 1 },
    violates: QUORUMS,
    shows: seven,
    seeds: 20,
  }),
];
