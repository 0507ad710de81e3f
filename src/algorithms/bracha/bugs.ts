/** Mistakes that are made in Bracha's broadcast. */

import { bug, GOOD_END, type Exhibit } from '../../core/bug.ts';
import type { RunResult } from '../../core/result.ts';
import { nodeNames, type Verdict } from '../verdict.ts';
import { Bracha } from './bracha.ts';

const QUORUMS =
  'A ready has a quorum of echoes or f + 1 readies behind it, a delivery 2f + 1 readies';

/** Seven nodes of which two lie, one of them perhaps the sender. */
const sevenWithLiars: Exhibit = {
  config: nodeNames(7)
    .map((id, index) => `${id}: { is_sender: ${index === 0} }`)
    .join('\n'),
};

/** Four nodes, and the one that speaks tells each of the others what it likes. */
const lyingOrigin: Exhibit = {
  config: nodeNames(4)
    .map((id, index) => `${id}: { is_sender: ${index === 0} }`)
    .join('\n'),
  faults: { byzantine: { n1: { equivocate: 0.3, withhold: 0.4 } } },
  ends: allOrNone,
};

/** Totality (CGR 2011, Module 3.12, BRB5): if one correct node delivers, all do. */
function allOrNone({ nodes }: RunResult): Verdict {
  const correct = Object.entries(nodes).filter(([, { fault }]) => fault === undefined);
  const has = correct.filter(([, { report }]) => report['delivered_value'] !== null);
  if (has.length === 0 || has.length === correct.length) return undefined;
  const names = (some: typeof correct) => some.map(([id]) => id).join(', ');
  const lacking = correct.filter((node) => !has.includes(node));
  return `${names(has)} delivered, and ${names(lacking)} never did`;
}

/** Bugs of {@link Bracha}. */
export const bugs = [
  bug(Bracha, {
    name: 'skip-echo-quorum',
    title: 'One echo is enough',
    story:
      'Whoever hears an echo says ready. Nothing then keeps correct nodes from being ready for what only a liar says.',
    replaces: { echoQuorum: () => 1 },
    violates: QUORUMS,
    shows: sevenWithLiars,
    seeds: 20,
  }),
  bug(Bracha, {
    name: 'echo-majority',
    title: 'A plain majority as echo quorum',
    story:
      'More than n/2 echoes, as among nodes that only crash. Two such quorums may share nobody but liars, who echo one thing to one and another to the other.',
    replaces: { echoQuorum: (n) => Math.floor(n / 2) + 1 },
    violates: QUORUMS,
    shows: sevenWithLiars,
    seeds: 20,
  }),
  bug(Bracha, {
    name: 'count-messages',
    title: 'Messages are counted instead of nodes',
    story:
      'A second copy of an echo counts once more: two nodes that repeat themselves are a quorum.',
    replaces: {
      hear: (words, from, value) => {
        words.set(`${from}, message ${words.size + 1}`, value);
        return true;
      },
    },
    violates: QUORUMS,
    shows: sevenWithLiars,
    seeds: 20,
  }),
  bug(Bracha, {
    name: 'count-any-value',
    title: 'Words are counted, whatever they say',
    story:
      'Five echoes are there, so the value of the fifth is taken for the value of all: the liar has only to speak last.',
    replaces: { supporters: (words) => words.size },
    violates: QUORUMS,
    shows: sevenWithLiars,
    seeds: 50,
  }),
  bug(Bracha, {
    name: 'amplify-one',
    title: 'One ready makes another',
    story:
      'Amplification trusts a single ready. Among f + 1 there is a correct one; a single one may be a liar’s.',
    replaces: { amplification: () => 1 },
    violates: QUORUMS,
    shows: sevenWithLiars,
    seeds: 20,
  }),
  bug(Bracha, {
    name: 'never-amplify',
    title: 'No amplification',
    story:
      'Ready is said for a quorum of echoes alone. A lying origin shows the quorum to some: they deliver, and the others wait for ever.',
    replaces: { amplification: () => Infinity },
    violates: GOOD_END,
    shows: lyingOrigin,
    seeds: 500,
  }),
  bug(Bracha, {
    name: 'deliver-early',
    title: 'f + 1 readies deliver',
    story:
      'What is enough to join in is taken for enough to deliver. Only one of f + 1 need be correct, and others may never hear of it.',
    replaces: { deliveryQuorum: (f) => f + 1 },
    violates: QUORUMS,
    shows: sevenWithLiars,
    seeds: 20,
  }),
  bug(Bracha, {
    name: 'wait-for-all',
    title: 'Echoes of all nodes are awaited',
    story: 'Certainly nobody disagrees then. But a single node that keeps silent stops all others.',
    replaces: { echoQuorum: (n) => n },
    violates: GOOD_END,
    shows: sevenWithLiars,
    seeds: 50,
  }),
];
