/** What people read in a search for a counterexample (decision 0059). */

import { plural, printCount } from '../kit/print-number.ts';

/** The words. */
export const WORDS = {
  title: 'Find me a counterexample',
  close: 'Close',
  story: (chapter: string) =>
    `Runs ${chapter} as it is set up with one seed after the other, until something breaks. What is found is made as small as it will go.`,
  yourCode: 'Your changes to the code are searched, in a sandbox.',
  runs: 'Runs at most',
  runsAtMost: 'runs at most',
  withFaults: 'with the faults that the chapter withstands',
  anyOrder: 'messages in any order, however long they take',
  search: 'Search',

  progress: (seeds: number, all: number, failing: number, toShrink: number) => {
    const found =
      failing === 0 ? 'nothing found so far' : `${plural(failing, 'failing run')} found`;
    const small = toShrink === 0 ? '' : `; making ${toShrink === 1 ? 'it' : `${toShrink}`} small`;
    return `${printCount(seeds)} of ${printCount(all)} runs, ${found}${small} …`;
  },
  over: 'Runs that are over',
  stop: 'Stop, and show what was found',

  nothing: (seeds: number, isPartial: boolean) =>
    `${isPartial ? 'Stopped after' : 'All of'} ${plural(seeds, 'run')}: nothing broke. That is no proof: it is ${plural(seeds, 'run')}.`,
  found: (seeds: number, isPartial: boolean) =>
    `Found after ${plural(seeds, 'run')}${isPartial ? ', when it was stopped' : ''}.`,
  stuck: (seeds: readonly number[]) => `With seed ${seeds.join(', ')} a step never came to an end.`,
  run: (detail: string, seed: number, events: number) =>
    `${detail}. Seed ${seed}: ${plural(events, 'event')}, made small:`,
  small: (events: number, nodes: number) =>
    `${plural(events, 'event')} of ${plural(nodes, 'node')}.`,
  more: (choices: number) => `and ${choices} more`,
  play: 'Play it',
  playShortest: 'Play the shortest',
} as const;
