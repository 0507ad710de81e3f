/** What one does to a run on the stage, what becomes of the future that one leaves, and searches for a counterexample. */

import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { HuntResult } from '../../../src/lab/lab-service.ts';
import { partingOf } from '../../../src/lab/parting.ts';
import { seamBetween } from '../../../src/ui/stage/cut-seam.ts';
import { islandsOf } from '../../../src/ui/stage/layouts.ts';
import type { ParleySpacetime } from '../../../src/ui/timeline/parley-spacetime.ts';
import { FakeLab, trace } from './fake-lab.ts';
import { find, findAll, focused, openApp, settle, textOf } from './open-app.ts';

async function openLab(lab = new FakeLab(), hash = '#/lab/talk') {
  const opened = await openApp(hash, lab);
  const model = opened.app.model!;
  await expect.poll(() => model.run?.phase).toBe('ended');
  model.viewer.pause();
  model.viewer.goTo(5);
  await settle();
  (focused() as HTMLElement | null)?.blur();
  return { ...opened, model };
}

/** The pointer on the stage, at parts of its width and height. */
function stagePointer() {
  const stage = find<SVGElement>('parley-stage >>> svg.figures');
  stage.setPointerCapture = () => {};
  const { left, top, width, height } = stage.getBoundingClientRect();
  return (type: string, x: number, y: number, target: Element = stage, shiftKey = false) =>
    target.dispatchEvent(
      new PointerEvent(type, {
        ...{ clientX: left + width * x, clientY: top + height * y, pointerId: 1, shiftKey },
        ...{ bubbles: true, composed: true, isPrimary: true, button: 0 },
      }),
    );
}

const menuItems = () =>
  findAll('parley-menu >>> [role=menuitem]').map((item) => textOf(item).trim());

test('a press on a message in flight opens its menu, and its deeds happen at that moment', async () => {
  const { lab, model } = await openLab();
  const { left, top, width, height } = find('parley-stage >>> .flight').getBoundingClientRect();
  model.viewer.play();
  const at = { clientX: left + width / 2, clientY: top + height / 2 };
  // While time passes a message is a drawing alone: it is found where it is.
  const stage = find('parley-stage >>> svg.figures');
  stage.dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1, ...at }));
  await settle();
  // Whoever grabs a message holds the time.
  expect(model.viewer.playing).toBe(false);
  expect(menuItems()).toEqual(['Deliver now', 'Drop', 'Delay by 100.0 ms', 'Deliver twice']);
  expect(textOf(focused()!).trim()).toBe('Deliver now');
  await userEvent.keyboard('{ArrowDown}{Enter}');
  await settle();
  expect(lab.repeated.at(-1)!.choices).toEqual([{ message: 'n1#1', to: 'n2', arrives: [] }]);
});

test('a message is flung off the stage, or carried to its receiver', async () => {
  const { lab } = await openLab();
  const point = stagePointer();
  const fling = async (x: number, y: number) => {
    point('pointerdown', 0.5, 0.5, find('parley-stage >>> .flight'));
    point('pointermove', 0.55, 0.45);
    point('pointermove', x, y);
    await settle();
    expect(findAll('parley-stage >>> .grabbed')).toHaveLength(1);
    point('pointerup', x, y);
    await settle();
    expect(findAll('parley-stage >>> .grabbed')).toHaveLength(0);
  };
  await fling(0.5, 0.3);
  expect(lab.repeated).toHaveLength(0);
  await fling(0.5, 0.001);
  expect(lab.repeated.at(-1)!.choices).toEqual([{ message: 'n1#1', to: 'n2', arrives: [] }]);
  await userEvent.keyboard('u');
  await settle();
  const n2 = find('parley-stage >>> .node[aria-label^="n2"]').getBoundingClientRect();
  const stage = find('parley-stage >>> svg.figures').getBoundingClientRect();
  await fling(
    (n2.left + n2.width / 2 - stage.left) / stage.width,
    (n2.top + n2.height / 2 - stage.top) / stage.height,
  );
  expect(lab.repeated.at(-1)!.choices).toEqual([
    { message: 'n1#1', to: 'n2', arrives: [10], stray: true },
  ]);
});

test('a node suffers from its menu: it is slowed down, stands still, or lies', async () => {
  const { lab } = await openLab();
  const node = () => find<SVGElement>('parley-stage >>> .node[aria-label^="n2"]');
  const choose = async (name: RegExp) => {
    node().dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }));
    await settle();
    const items = findAll('parley-menu >>> [role=menuitem]') as HTMLElement[];
    items.find((item) => name.test(textOf(item)))!.click();
    await settle();
  };
  await choose(/Slow down/);
  expect(lab.repeated.at(-1)!.faults).toEqual({
    nodes: { n2: { latency: 50, at: 10, for: 100 } },
  });
  await choose(/equivocate/);
  expect(lab.repeated.at(-1)!.faults).toMatchObject({ byzantine: { n2: ['equivocate'] } });
  await choose(/Stand still/);
  expect(lab.repeated.at(-1)!.choices).toEqual([{ pause: 'n2', at: 10, for: 100 }]);
  const done = textOf(find('parley-changes').shadowRoot!);
  expect(done).toContain('n2 lies: equivocate');
  expect(done).toContain('all that n2 sends and hears takes 50 ms, from 10 ms for 100 ms');
});

test('a cut stands as a line on the stage, one way with an arrow head, and is rubbed out', async () => {
  const { lab, model } = await openLab();
  const point = stagePointer();
  point('pointerdown', 0.5, 0.95);
  point('pointermove', 0.5, 0.05, undefined, true);
  point('pointerup', 0.5, 0.05, undefined, true);
  await settle();
  expect(lab.repeated.at(-1)!.faults!.partitions).toEqual([
    { groups: [['n1'], ['n2']], at: 10, one_way: true },
  ]);
  expect(findAll('parley-stage >>> .seam .way')).toHaveLength(1);
  model.viewer.goTo(8);
  await settle();
  find('parley-stage >>> .seam').dispatchEvent(new MouseEvent('click', { bubbles: true }));
  await settle();
  expect(lab.repeated.at(-1)!.faults!.partitions).toMatchObject([{ at: 10, for: 10 }]);
  expect(findAll('parley-stage >>> .seam')).toHaveLength(0);
});

test('a fork is another future of the same past; what was left is a ghost, and stands side by side', async () => {
  const lab = new FakeLab();
  const { model } = await openLab(lab);
  // In the other future nobody answers.
  const end = { node: 'n1', sequence: 4, kind: 'status', status: 'timeout' } as const;
  lab.events = [...trace().filter(({ time }) => time < 20), { time: 40, ...end }];
  await userEvent.keyboard('f');
  await settle();
  expect(lab.repeated.at(-1)!.fork).toEqual({ atMs: 10, seed: 43 });
  await expect.poll(() => model.branches.parting).toEqual({ index: 5, timeMs: 20 });
  model.viewer.seek(20);
  await settle();
  expect(find<ParleySpacetime>('parley-spacetime').drawn.ghosts).toHaveLength(2);
  await userEvent.keyboard('g');
  await settle();
  expect(find<ParleySpacetime>('parley-spacetime').drawn.ghosts).toHaveLength(0);
  await userEvent.keyboard('c');
  await settle();
  const compare = textOf(find('parley-compare').shadowRoot!);
  expect(compare).toContain('5 events are the same');
  expect(compare).toMatch(/in the run before: n2 receives hello/);
  expect(findAll('parley-compare >>> parley-spacetime')).toHaveLength(2);
  find<HTMLElement>('parley-compare >>> .parting button').click();
  await settle();
  await userEvent.keyboard('b');
  await settle();
  model.viewer.goTo(13);
  await settle();
  expect(textOf(find('parley-compare').shadowRoot!)).toMatch(/n1 heard\s+1\s+0/);
});

test('where runs part', () => {
  const events = trace();
  expect(partingOf(events, trace(), true)).toBeUndefined();
  expect(partingOf(events, trace().slice(0, 5), false)).toBeUndefined();
  expect(partingOf(events, trace().slice(0, 5), true)).toEqual({ index: 5, timeMs: 20 });
  const other = trace().map((event) =>
    event.kind === 'state' && event.time === 20 ? { ...event, state: { heard: 7 } } : event,
  );
  expect(partingOf(events, other, true)).toEqual({ index: 6, timeMs: 20 });
});

test('a seam keeps the first side to its left, and there is none through a knot', () => {
  const size = { width: 100, height: 100 };
  const places = new Map([
    ['a', { x: 20, y: 50 }],
    ['b', { x: 80, y: 50 }],
    ['c', { x: 50, y: 50 }],
  ]);
  const seam = seamBetween(['a'], ['b', 'c'], places, size)!;
  expect(seam.from).toEqual({ x: 35, y: 90 });
  expect(seam.to).toEqual({ x: 35, y: 10 });
  expect(seamBetween(['a', 'b'], ['c'], places, size)).toBeUndefined();
});

test('islands are the sides of a cut, or whoever knows one another', () => {
  const link = (from: string, to: string) => ({ from, to, directed: false });
  const ids = ['a', 'b', 'c', 'd'];
  const links = [link('a', 'b'), link('c', 'd')];
  expect(islandsOf({ ids, links, cut: [] })).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
  expect(islandsOf({ ids, links, cut: [['b'], ['c']] })).toEqual([['b'], ['c'], ['a', 'd']]);
});

const FOUND: HuntResult = {
  ...{ seeds: 120, stuck: [], isPartial: false },
  found: [
    {
      ...{ seed: 7, property: 'Who is greeted answers', detail: 'n2 is silent' },
      ...{ events: 40, smallEvents: 9, nodes: ['n1', 'n2'], choices: ['n1#1 to n2 is lost'] },
      link: `http://lab.example/#/run/${btoa(JSON.stringify({ seed: 7, config: '', timeoutMs: 1000 }))}`,
    },
  ],
};

test('a search shows how far it is, can be stopped, and plays the shortest run that it finds', async () => {
  const { lab, model } = await openLab();
  lab.openLink = async (link) => {
    const { link: _link, ...linked } = { link, ...JSON.parse(atob(link.split('/run/')[1]!)) };
    return {
      ...{ linked, chapter: 'talk', hasChanged: false },
      start: () => lab.simulate({ ...lab.requests[0]!, seed: 7 }),
    };
  };
  await userEvent.keyboard('m');
  await settle();
  const press = async (name: string) => {
    const buttons = findAll('parley-hunt >>> button') as HTMLElement[];
    buttons.find((one) => textOf(one).trim() === name)!.click();
    await settle();
  };
  await press('Search');
  const { request, options, finish } = lab.hunts[0]!;
  // The chapter says what it withstands, and nothing else is planned.
  expect(request.faults).toEqual({ comment: 'loss: 5%\n' });
  expect(options).toMatchObject({ seeds: 10_000, anyOrder: false });
  options.onProgress({ seeds: 1200, failing: 1, toShrink: 0 });
  await settle();
  expect(textOf(find('parley-hunt').shadowRoot!)).toMatch(/of 10.000 runs, 1 failing run found/);
  await press('Stop, and show what was found');
  expect(options.signal.aborted).toBe(true);
  finish(FOUND);
  await settle();
  expect(textOf(find('parley-hunt').shadowRoot!)).toContain('n1#1 to n2 is lost');
  await press('Play the shortest');
  await expect.poll(() => model.run?.seed).toBe(7);
  await expect.poll(() => model.viewer.playing).toBe(true);
  expect(location.hash).toContain('#/run/');
});

test('a search that cannot be says why', async () => {
  const lab = new FakeLab();
  await openLab(lab);
  lab.hunt = () => Promise.reject(new Error('A worker of the search could not be loaded.'));
  await userEvent.keyboard('m');
  (findAll('parley-hunt >>> button.primary') as HTMLElement[])[0]!.click();
  await settle(8);
  expect(textOf(find('parley-hunt >>> [role=alert]'))).toContain('could not be loaded');
});

test('the first run plays at once, and silence passes quickly', async () => {
  const lab = new FakeLab();
  lab.events = [
    ...trace().filter(({ time }) => time <= 20),
    ...trace()
      .filter(({ time }) => time === 30)
      .map((event) => ({ ...event, time: 100_000 })),
  ];
  const { app } = await openApp('#/lab/talk', lab);
  await expect.poll(() => app.model!.viewer.cursor.time).toBeGreaterThan(0);
});

const said = (): string => find('parley-announcer >>> div[role=status]').textContent.trim();

test('by keyboard alone: what is chosen by its number has the focus, Enter asks for its menu, and all of it is said', async () => {
  const { model } = await openLab();
  find<SVGElement>('parley-stage >>> .node').focus();
  await userEvent.keyboard('2');
  await settle();
  expect(focused()).toBe(find('parley-stage >>> .node[aria-label^="n2"]'));
  await userEvent.keyboard('{Enter}');
  await settle();
  expect(textOf(focused()!).trim()).toBe('Crash');
  await userEvent.keyboard('{Enter}');
  await settle();
  expect(said()).toMatch(/^Your branch: n2 crashes at 10 ms for good\. The run has ended: /);
  expect(focused()!.closest('.node')!.ariaLabel).toMatch(/^n2/);
  await userEvent.keyboard('u');
  await settle();
  expect(said()).toMatch(/^Taken back\. /);
  await userEvent.keyboard('{ArrowRight}');
  await settle();
  expect(said()).toBe('Event 6: n2 receives hello from n1');
  // Time that passes is not read out, nor is the slider of time, which speaks for itself.
  model.viewer.seek(25);
  await settle();
  expect(said()).toBe('Event 6: n2 receives hello from n1');
});

test('who leads from now on is said while time passes', async () => {
  const { model } = await openLab();
  model.viewer.toStart();
  model.viewer.setSpeed(1);
  await settle();
  expect(said()).not.toBe('n1 is now sender');
  model.viewer.play();
  await expect.poll(said).toBe('n1 is now sender');
});

test('the diagram stays where it was when a deed makes the run anew', async () => {
  const { model } = await openLab();
  const diagram = find<ParleySpacetime>('parley-spacetime');
  model.viewer.goTo(8);
  await settle();
  for (let i = 0; i < 4; i++) diagram.zoomBy(-1);
  await settle();
  const before = diagram.shownSpan;
  expect(before.from).toBeGreaterThan(0);
  await userEvent.keyboard('2k');
  await expect.poll(() => model.branches.done.length).toBe(1);
  await expect.poll(() => model.viewer.isCatchingUp).toBe(false);
  await settle();
  expect(diagram.shownSpan).toEqual(before);
});

test('the focus is not lost with what had it: another view, another screen', async () => {
  await openLab();
  await userEvent.keyboard('/');
  await expect.poll(() => focused()?.ariaLabel).toBe('Filter events');
  find<HTMLElement>('parley-event-log >>> .scroll').focus();
  await userEvent.keyboard(']');
  await settle();
  expect(textOf(focused()!).trim()).toBe('Log');
  location.hash = '#/';
  await expect.poll(() => focused()?.localName).toBe('h1');
  expect(focused()).toBe(find('parley-home >>> h1'));
  // Whoever goes on from there by keyboard is not held back by what comes late.
  find<HTMLElement>('parley-home >>> nav button').focus();
  await settle();
  expect(focused()!.localName).toBe('button');
});

test('a live run shows at once what is done to a node from its menu, which holds nothing up', async () => {
  const lab = new FakeLab();
  lab.finish = () => {};
  const { app } = await openApp('#/lab/talk?place=workers', lab);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await settle();
  const killed: string[] = [];
  const held = { isHeld: false, heldSinceMs: undefined, cut: [], isOneWay: false };
  const nothing = { hold: () => {}, cutInto: () => {}, grab: () => {} };
  lab.runs[0]!.hands = { ...held, ...nothing, kill: (node) => killed.push(node) };
  find('parley-stage >>> .node').dispatchEvent(
    new MouseEvent('contextmenu', { bubbles: true, cancelable: true }),
  );
  await page.getByRole('menuitem', { name: 'Kill' }).click();
  expect(killed).toEqual(['n1']);
  expect(app.model!.viewer.following).toBe(true);
});
