import { expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { sidesOf } from '../../../src/ui/stage/cut-line.ts';
import { FakeLab, FakeRun, trace } from './fake-lab.ts';
import { find, findAll, focused, openApp, settle, textOf } from './open-app.ts';

async function openLab() {
  const opened = await openApp('#/lab/talk', new FakeLab());
  const model = opened.app.model!;
  await expect.poll(() => model.run?.phase).toBe('ended');
  model.viewer.pause();
  model.viewer.goTo(5);
  await settle();
  return { ...opened, model };
}

const acts = () => findAll('aside.right parley-acts >>> button').map((one) => textOf(one).trim());
const act = (name: RegExp) =>
  (findAll('aside.right parley-acts >>> button') as HTMLElement[])
    .find((one) => name.test(textOf(one)))!
    .click();

test('what can happen next is a list, and what is chosen happens now', async () => {
  const { lab, model } = await openLab();
  expect(acts()).toEqual(['hello n1 → n2 in 10.0 ms']);
  act(/hello/);
  await settle();
  expect(lab.repeated.at(-1)!.choices).toEqual([
    { message: 'n1#1', to: 'n2', arrives: [10], stray: true },
  ]);
  // The cursor stays where it was, over the new run.
  expect(model.viewer.cursor.time).toBe(10);
  expect(textOf(find('parley-changes').shadowRoot!)).toContain('n1#1 reaches n2 at 10 ms');
  const branch = model.run;
  await userEvent.keyboard('b');
  await settle();
  expect(model.run).not.toBe(branch);
  expect(textOf(find('parley-changes').shadowRoot!)).toContain('As it was set up');
  await userEvent.keyboard('b');
  expect(model.run).toBe(branch);
  await userEvent.keyboard('u');
  await settle();
  expect(lab.repeated.at(-1)).not.toHaveProperty('choices');
});

test('nodes and messages suffer by button and by key', async () => {
  const { lab, model } = await openLab();
  (focused() as HTMLElement | null)?.blur();
  await userEvent.keyboard('2k');
  await settle();
  expect(lab.repeated.at(-1)!.choices).toEqual([{ crash: 'n2', at: 10 }]);
  await userEvent.keyboard('p');
  await settle();
  expect(lab.repeated.at(-1)!.faults).toEqual({
    partitions: [{ groups: [['n2'], ['n1']], at: 10 }],
  });
  model.viewer.select({ kind: 'message', message: 'n1#1', to: 'n2' });
  await settle();
  await userEvent.keyboard('x');
  await settle();
  expect(lab.repeated.at(-1)!.choices).toContainEqual({ message: 'n1#1', to: 'n2', arrives: [] });
  const heal = (findAll('parley-changes >>> button') as HTMLElement[]).find(
    (one) => textOf(one).trim() === 'Heal it now',
  )!;
  model.viewer.goTo(8);
  await settle();
  heal.click();
  expect(lab.repeated.at(-1)!.faults!.partitions![0]).toMatchObject({ at: 10, for: 10 });
  model.viewer.goTo(13);
  await settle();
  expect(textOf(find('parley-acts').shadowRoot!)).toContain('not on its way at this moment');
});

test('a line drawn across the stage cuts the network', async () => {
  const { lab } = await openLab();
  const stage = find<SVGElement>('parley-stage >>> svg.figures');
  const { left, top, width, height } = stage.getBoundingClientRect();
  const fire = (type: string, x: number, y: number, shiftKey = false) =>
    stage.dispatchEvent(
      new PointerEvent(type, {
        ...{ clientX: left + width * x, clientY: top + height * y, pointerId: 1, shiftKey },
        ...{ bubbles: true, isPrimary: true },
      }),
    );
  stage.setPointerCapture = () => {};
  fire('pointerdown', 0.5, 0.05);
  fire('pointermove', 0.5, 0.95);
  await settle();
  expect(findAll('parley-stage >>> .cut')).toHaveLength(1);
  fire('pointerup', 0.5, 0.95);
  await settle();
  expect(findAll('parley-stage >>> .cut')).toHaveLength(0);
  expect(lab.repeated.at(-1)!.faults!.partitions).toEqual([{ groups: [['n2'], ['n1']], at: 10 }]);
  const before = lab.repeated.length;
  fire('pointerdown', 0.05, 0.5);
  fire('pointermove', 0.06, 0.5);
  fire('pointerup', 0.06, 0.5);
  expect(lab.repeated).toHaveLength(before);
});

test('sides are left and right along the line; a line beside all nodes cuts nothing', () => {
  const places = new Map([
    ['up', { x: 50, y: 0 }],
    ['down', { x: 50, y: 100 }],
  ]);
  const line = (from: number, y: number, to: number) => ({
    ...{ from: { x: from, y }, to: { x: to, y } },
    isOneWay: false,
  });
  expect(sidesOf(line(0, 50, 100), places)).toEqual([['up'], ['down']]);
  expect(sidesOf(line(100, 50, 0), places)).toEqual([['down'], ['up']]);
  expect(sidesOf(line(0, 500, 100), places)).toBeUndefined();
  expect(sidesOf(line(0, 50, 5), places)).toBeUndefined();
});

test('a run is shared as a link', async () => {
  await openLab();
  find<HTMLElement>('parley-lab-header >>> .share').click();
  await expect
    .poll(() => find<HTMLInputElement>('parley-share >>> input').value)
    .toBe('http://lab.example/#/run/1.42');
});

test('a long run that is made anew says how far it is, and Escape leads back to the one before', async () => {
  const { lab, model } = await openLab();
  (focused() as HTMLElement | null)?.blur();
  const before = model.run;
  const begun: FakeRun[] = [];
  lab.repeat = (linked) => {
    const run = new FakeRun('simulated', linked.seed, trace().slice(0, 2));
    run.linked = linked;
    begun.push(run);
    return run;
  };
  await userEvent.keyboard('2k');
  await settle();
  expect(find<HTMLProgressElement>('parley-stage >>> .anew progress').value).toBe(0);
  begun[0]!.append(trace().slice(2, 3));
  await settle();
  const { value } = find<HTMLProgressElement>('parley-stage >>> .anew progress');
  expect(value).toBe(model.viewer.caughtUp);
  await expect
    .poll(() => getComputedStyle(find('parley-stage >>> .anew')).visibility)
    .toBe('visible');
  // A second deed in a hurry does not change what one comes back to.
  await userEvent.keyboard('f');
  await settle();
  expect(begun[0]!.stopped).toBe(true);
  await userEvent.keyboard('{Escape}');
  await settle();
  expect(begun[1]!.stopped).toBe(true);
  expect(model.run).toBe(before);
  expect([model.viewer.isCatchingUp, model.viewer.cursor.step]).toEqual([false, 5]);
  expect(model.branches.done).toEqual([]);
  // What was selected stays so until the next press.
  expect(model.viewer.selection).toEqual({ kind: 'node', node: 'n2' });
  await userEvent.keyboard('p');
  await settle();
  find<HTMLButtonElement>('parley-stage >>> .anew button').click();
  await settle();
  expect(model.run).toBe(before);
});
