/** Every field of a fault plan, in every spelling. */

import { describe, expect, test } from 'vitest';
import { FAULT_KINDS } from '../../../../src/core/faults/kinds.ts';
import { resolveFaults } from '../../../../src/core/faults/resolve.ts';
import { FOUR, planOf } from './support.ts';

describe('times and shares', () => {
  test.each([
    ['20', { kind: 'constant', value: 20 }],
    ['20ms', { kind: 'constant', value: 20 }],
    ['1.5s', { kind: 'constant', value: 1500 }],
    ['2m', { kind: 'constant', value: 120_000 }],
    ['5-50', { kind: 'uniform', min: 5, max: 50 }],
    ['5 - 50ms', { kind: 'uniform', min: 5, max: 50 }],
    ['1-2s', { kind: 'uniform', min: 1000, max: 2000 }],
    ['500ms-2s', { kind: 'uniform', min: 500, max: 2000 }],
    ['7-7', { kind: 'constant', value: 7 }],
    ['{ constant: 3 }', { kind: 'constant', value: 3 }],
    ['{ uniform: [1, 9] }', { kind: 'uniform', min: 1, max: 9 }],
    ['{ min: 1, max: 9 }', { kind: 'uniform', min: 1, max: 9 }],
    ['{ exponential: 1s }', { kind: 'exponential', mean: 1000, min: 0, max: 86_400_000 }],
    ['{ exponential: 30, min: 5, max: 2s }', { kind: 'exponential', mean: 30, min: 5, max: 2000 }],
    [
      '{ normal: 50, deviation: 10, min: 1 }',
      { kind: 'normal', mean: 50, deviation: 10, min: 1, max: 86_400_000 },
    ],
  ])('latency: %s', (text, latency) => {
    expect(planOf(`latency: ${text}`).latency).toEqual(latency);
  });

  test.each([
    ['0.1', 0.1],
    ['10%', 0.1],
    ['"0.5"', 0.5],
    ['100%', 1],
    ['0', 0],
  ])('loss: %s', (text, loss) => expect(planOf(`loss: ${text}`).rules[0]!.loss).toBe(loss));

  test.each([
    ['1000', 1000],
    ['64kB/s', 64_000],
    ['1.5 MB/s', 1_500_000],
    ['100B', 100],
  ])('bandwidth: %s', (text, rate) => {
    expect(planOf(`bandwidth: ${text}`).rules[0]!.bytesPerSecond).toBe(rate);
  });

  test('reordering has a time, 100 ms unless given', () => {
    expect(planOf('reordering: 10%').rules[0]).toMatchObject({ reordering: 0.1, lateMs: 100 });
    expect(planOf('reordering: { share: 0.2, within: 1s }').rules[0]).toMatchObject({
      reordering: 0.2,
      lateMs: 1000,
    });
  });
});

describe('links', () => {
  const covered = (link: string) => {
    const rule = planOf(`links: { "${link}": { loss: 1 } }`).rules[1]!;
    return FOUR.flatMap((from) =>
      FOUR.filter((to) => from !== to && rule.covers(from, to)).map((to) => `${from}${to}`),
    );
  };
  const from1 = ['n1n2', 'n1n3', 'n1n4'];

  test.each([
    ['n1->n2', ['n1n2']],
    ['n1<->n2', ['n1n2', 'n2n1']],
    ['n1 -> n2', ['n1n2']],
    ['n1->*', from1],
    ['n1->', from1],
    ['*->n1', ['n2n1', 'n3n1', 'n4n1']],
    ['->n1', ['n2n1', 'n3n1', 'n4n1']],
  ])('%s', (link, links) => expect(covered(link)).toEqual(links));

  test('a pattern may stand for a part of a name', () => {
    const nodes = ['eu-1', 'eu-2', 'us-1'];
    const { covers } = planOf('links: { eu-*->us-*: { loss: 1 } }', nodes).rules[1]!;
    expect(covers('eu-2', 'us-1')).toBe(true);
    expect(covers('us-1', 'eu-1')).toBe(false);
    expect(covers('eu-1', 'eu-2')).toBe(false);
  });

  test('a node’s rule is about every link to and from it, and stands before those of links', () => {
    const { rules } = planOf('{ links: { n1->n2: { loss: 1 } }, nodes: { n3: { latency: 9 } } }');
    expect(rules.map(({ name }) => name)).toEqual(['all', 'nodes.n3', 'links.n1->n2']);
    expect(rules[1]!.covers('n3', 'n1')).toBe(true);
    expect(rules[1]!.covers('n1', 'n3')).toBe(true);
    expect(rules[1]!.covers('n1', 'n2')).toBe(false);
  });

  test('a rule may hold for a time, or for times drawn at a rate', () => {
    const { rules } = planOf(`
links:
  n1->n2: { loss: 1, at: 1s, for: 2s }
  n2->n1: { loss: 1, every: 5s, for: 10-20 }
`);
    const second = { kind: 'constant', value: 2000 };
    expect(rules[1]!.schedule).toEqual({ kind: 'once', atMs: 1000, forMs: second });
    expect(rules[2]!.schedule).toMatchObject({ kind: 'often', everyMs: 5000 });
  });
});

describe('partitions', () => {
  const cuts = (text: string) => {
    const { parting } = planOf(`partitions: [${text}]`).partitions[0]!;
    if (parting.kind !== 'cut') throw new Error('a fixed partition was meant');
    return FOUR.flatMap((from) =>
      FOUR.filter((to) => from !== to && parting.cuts(from, to)).map((to) => `${from}${to}`),
    );
  };

  test('groups are cut off from each other; whoever is in none reaches all', () => {
    const both = ['n1n2', 'n1n3', 'n2n1', 'n3n1'];
    expect(cuts('{ groups: [[n1], [n2, n3]] }')).toEqual(both);
    expect(cuts('{ groups: [n1, [n2, n3]] }')).toEqual(both);
    expect(cuts('{ groups: [[n1], [n2, n3]], one_way: true }')).toEqual(['n1n2', 'n1n3']);
  });

  test('isolated nodes reach each other and nobody else', () => {
    expect(cuts('{ isolate: n1 }')).toEqual(['n1n2', 'n1n3', 'n1n4', 'n2n1', 'n3n1', 'n4n1']);
    expect(cuts('{ isolate: [n1, n2, n3], one_way: true }')).toEqual(['n1n4', 'n2n4', 'n3n4']);
  });

  test('single links are cut one way or both', () => {
    expect(cuts('{ cut: n1->n2 }')).toEqual(['n1n2']);
    expect(cuts('{ cut: [n1<->n2, n3->n4] }')).toEqual(['n1n2', 'n2n1', 'n3n4']);
  });

  test('splits are drawn later', () => {
    const { partitions } = planOf('partitions: [{ split: halves, every: 5s, for: 1s }]');
    expect(partitions[0]!.parting).toEqual({ kind: 'split', how: 'halves', oneWay: false });
  });
});

describe('nodes', () => {
  test('crash, with a disk that keeps everything unless told otherwise', () => {
    const { crashes } = planOf(`
disk: { sync: 1-5 }
crashes:
  - { node: n1, at: 1s }
  - { nodes: [n2, n3], at: 1s, for: 500ms, disk: torn }
  - { every: 10s, for: 1s, disk: amnesia }
`);
    expect(crashes).toMatchObject([
      { nodes: ['n1'], disk: 'kept', schedule: { kind: 'once', atMs: 1000 } },
      { nodes: ['n2', 'n3'], disk: 'torn' },
      { nodes: FOUR, disk: 'amnesia', schedule: { kind: 'often', everyMs: 10_000 } },
    ]);
  });

  test('stand still', () => {
    expect(planOf('pauses: [{ node: n2, at: 5, for: 10 }]').pauses).toMatchObject([
      { nodes: ['n2'], schedule: { kind: 'once', atMs: 5 } },
    ]);
  });

  test('have wrong clocks', () => {
    const { clocks } = planOf(
      'clocks: { n1: { offset: -2s, drift: -1% }, n2: { offset: 5, at: 1s } }',
    );
    expect(clocks.get('n1')).toEqual({ offsetMs: -2000, drift: -0.01, atMs: 0 });
    expect(clocks.get('n2')).toEqual({ offsetMs: 5, drift: 0, atMs: 1000 });
  });

  test('lie, by one word, a list, or in full', () => {
    const { byzantine } = planOf(`
byzantine:
  n1: forge
  n2: [replay, withhold]
  n3: { delay: 5-10, equivocate: { share: 50%, to: [n1], types: echo }, corrupt: true, forge: 0.25 }
`);
    expect(byzantine.get('n1')!.forge).toMatchObject({
      share: 0.5,
      to: new Set(['n2', 'n3', 'n4']),
    });
    // Half of the others, rounded up.
    expect(byzantine.get('n2')!.withhold!.to.size).toBe(2);
    expect(byzantine.get('n3')).toMatchObject({
      delay: { share: 1, by: { kind: 'uniform', min: 5, max: 10 } },
      equivocate: { share: 0.5, to: new Set(['n1']), types: new Set(['echo']) },
      corrupt: { share: 0.5 },
      forge: { share: 0.25 },
    });
  });

  test('a delay that liars cause may be given with the share that it concerns', () => {
    const { byzantine } = planOf('byzantine: { n1: { delay: { share: 10%, by: 1s } } }');
    expect(byzantine.get('n1')!.delay).toMatchObject({
      share: 0.1,
      by: { kind: 'constant', value: 1000 },
    });
  });

  test('have twins, heard by whom one says', () => {
    const drawn = planOf('twins: n2').twins.get('n2')!;
    for (const id of ['n1', 'n3', 'n4']) {
      expect(drawn.first.has(id) || drawn.second.has(id), id).toBe(true);
    }
    const { twins } = planOf('twins: { n2: { first: [n1], second: [n3, n4] } }');
    expect(twins.get('n2')).toEqual({ first: new Set(['n1']), second: new Set(['n3', 'n4']) });
  });
});

describe('nodes that the seed draws', () => {
  const liars = (who: string, n: number, seed = 1) => {
    const nodes = Array.from({ length: n }, (_, i) => `n${i + 1}`);
    return [...resolveFaults({ byzantine: { [who]: 'forge' } }, nodes, seed).byzantine.keys()];
  };

  test('are as many as one says, fewer than half, or fewer than a third', () => {
    expect(liars('any 2', 5)).toHaveLength(2);
    const sizes = (who: string) => [1, 2, 3, 4, 5, 6, 7].map((n) => liars(who, n).length);
    expect(sizes('any minority')).toEqual([0, 0, 1, 1, 2, 2, 3]);
    expect(sizes('any third')).toEqual([0, 0, 0, 1, 1, 1, 2]);
  });

  test('are the same for the same seed, and with some seed each of them', () => {
    expect(liars('any 1', 4, 7)).toEqual(liars('any 1', 4, 7));
    const seen = new Set(Array.from({ length: 50 }, (_, seed) => liars('any 1', 4, seed)[0]));
    expect(new Set(seen)).toEqual(new Set(FOUR));
  });
});

describe('the whole', () => {
  test('nothing is a plan of nothing', () => {
    for (const text of ['', '{}', '# nothing']) {
      expect(planOf(text)).toMatchObject({ kinds: [], expected: [], healMs: Infinity });
    }
  });

  test('knows which faults it plans', () => {
    const plan = planOf(`
loss: 1%
duplication: 1%
reordering: 1%
bandwidth: 1000
disk: { sync: 5 }
partitions: [{ isolate: n1 }]
crashes: [{ node: n2, at: 1, for: 1, disk: torn }, { node: n3, at: 5, for: 1, disk: unsynced },
          { node: n3, at: 9, for: 1, disk: amnesia }, { node: n3, at: 19, for: 1, disk: damaged },
          { node: n3, at: 29, for: 1, disk: full }, { node: n3, at: 39, for: 1, disk: refused }]
pauses: [{ node: n1, at: 1, for: 1 }]
clocks: { n1: { drift: 1% } }
byzantine: { n4: [equivocate, forge, replay, withhold, delay, corrupt] }
twins: [n1]
expect: fired
`);
    expect(plan.kinds).toEqual(FAULT_KINDS);
    expect(plan.expected).toEqual(FAULT_KINDS);
  });

  test('a share of nothing plans nothing', () => {
    expect(
      planOf('{ loss: 0, byzantine: { n1: { forge: 0 } }, clocks: { n1: { offset: 0 } } }').kinds,
    ).toEqual([]);
  });

  test('a crash without an end comes to one when all is healed', () => {
    expect(planOf('crashes: [{ node: n1, at: 1 }]').kinds).toEqual(['crash']);
    expect(planOf('{ crashes: [{ node: n1, at: 1 }], heal: 5s }').kinds).toEqual([
      'crash',
      'restart',
    ]);
  });

  test('expectations may be a list', () => {
    expect(planOf('{ loss: 1%, duplication: 1%, expect: loss }').expected).toEqual(['loss']);
    expect(planOf('{ loss: 1%, duplication: 1%, expect: [loss] }').expected).toEqual(['loss']);
  });
});
