/** Runs of a room in real tabs: several nodes a tab, and what directors do to them. */

import type { BrowserContext } from 'playwright';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { LiveLab, testAlgorithm } from '../support/live-page.ts';
import { presentIn, RoomTab, type ShownRoom } from '../support/room-tabs.ts';
import { test, testThoroughly } from '../support/often.ts';

let lab: LiveLab;
beforeAll(async () => {
  lab = await LiveLab.open();
});
afterAll(() => lab.close());

const origin = () => `http://${lab.authority}`;

async function context(): Promise<BrowserContext> {
  const made = await lab.browser.newContext();
  onTestFinished(() => made.close());
  return made;
}

/** Two nodes that send each other something again and again. */
const ENDLESS = {
  algorithm: testAlgorithm('Courier'),
  config: 'n1: { count: 100000 }\nn2: { count: 100000 }\n',
  timeoutSeconds: 100,
};

async function pair(): Promise<readonly [RoomTab, RoomTab]> {
  const where = await context();
  const first = await RoomTab.open(where, origin());
  const second = await RoomTab.open(where, origin());
  const { link } = await first.create();
  await second.join(link);
  await first.until((room) => presentIn(room) === 2);
  return [first, second];
}

async function playing(): Promise<readonly [RoomTab, RoomTab]> {
  const [first, second] = await pair();
  await first.do('propose', ENDLESS);
  await first.do('start');
  await second.until((room) => delivered(room) > 20);
  return [first, second];
}

function delivered({ run }: ShownRoom): number {
  return (run?.counts['n1 deliver'] ?? 0) + (run?.counts['n2 deliver'] ?? 0);
}

/** Fulfilled when nothing is delivered any more: the same number is seen again and again. */
async function rests(tab: RoomTab): Promise<number> {
  let seen = -1;
  let same = 0;
  await tab.until((room) => {
    same = delivered(room) === seen ? same + 1 : 0;
    seen = delivered(room);
    return same > 20;
  });
  return seen;
}

testThoroughly('two tabs run five nodes, spread evenly', async () => {
  const [first, second] = await pair();
  const nodes = ['n1', 'n2', 'n3', 'n4', 'n5'];
  const config = nodes.map((id) => `${id}: { start_node: ${id === 'n1'} }`).join('\n');
  await first.do('propose', { algorithm: 'echo', config });
  await first.do('start');
  const { run, members } = await second.until((room) => room.run?.phase === 'ended');
  expect(Object.values(run!.statuses)).toEqual(nodes.map(() => 'terminated'));
  expect(members.map(({ nodes: own }) => own)).toEqual([
    ['n1', 'n3', 'n5'],
    ['n2', 'n4'],
  ]);
  expect(run!.hiddenEvents).toBe(0);
});

test('a cut stops what is said between two groups, and healing lets it on', async () => {
  const [first, second] = await playing();
  await first.do('cut', [['n1'], ['n2']]);
  const resting = await rests(second);
  const { run } = await second.shown();
  expect(run!.faults.join()).toMatch(/n1 partition: cut off from n2/);
  expect(run!.faults.join()).toMatch(/n2 partition: cut off from n1/);
  await first.do('cut', []);
  await second.until((room) => delivered(room) > resting + 20);
});

testThoroughly('what is held rests, and goes on when it is released', async () => {
  const [first, second] = await playing();
  await first.do('hold', true);
  await second.until(({ run }) => run?.isHeld === true);
  const resting = await rests(second);
  await first.do('hold', false);
  await second.until((room) => delivered(room) > resting + 20);
  await first.stop();
  const ended = await second.until(({ run }) => run?.phase === 'ended');
  expect(ended.run!.statuses).toEqual({ n1: 'stopped', n2: 'stopped' });
});

testThoroughly(
  'a node that is killed is gone at once, and the others go on without it',
  async () => {
    const [first, second] = await playing();
    await first.do('kill', 'n2');
    const killed = await second.until(({ run }) =>
      run!.faults.some((fault) => /n2 crash/.test(fault)),
    );
    const sent = killed.run!.counts['n1 send']!;
    await second.until(({ run }) => run!.counts['n1 send']! > sent + 50);
    await first.stop();
    const ended = await second.until(({ run }) => run?.phase === 'ended');
    expect(ended.run!.statuses).toEqual({ n1: 'stopped', n2: 'failed' });
    // Its tab is still there.
    expect(presentIn(await first.shown())).toBe(2);
  },
);
