import { describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { LogLevel } from '../../../src/core/ports.ts';
import { FakeLab, FakeRun, HOSTILE, longTrace } from './fake-lab.ts';
import { find, findAll, focused, openApp, settle, textOf, type OpenApp } from './open-app.ts';

async function openLab(lab = new FakeLab()): Promise<OpenApp> {
  const opened = await openApp('#/lab/talk', lab);
  opened.app.model!.viewer.goTo(0);
  await settle();
  return opened;
}

const press = async (keys: string): Promise<void> => {
  await userEvent.keyboard(keys);
  await settle();
};

/** Puts the focus where no element wants it. */
const leaveFocus = (): void => (focused() as HTMLElement | null)?.blur();

/** The files that the browser is handed when a button of the log is pressed: their names and texts. */
async function savedBy(button: string): Promise<Readonly<Record<string, string>>> {
  const blobs = new Map<string, Blob>();
  const names = new Map<string, string>();
  const taken = vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    blobs.set(`blob:${blobs.size}`, blob as Blob);
    return `blob:${blobs.size - 1}`;
  });
  const named = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function click(
    this: HTMLAnchorElement,
  ) {
    names.set(this.href, this.download);
  });
  await page.getByRole('button', { name: button, exact: true }).click();
  taken.mockRestore();
  named.mockRestore();
  const files = Array.from(blobs, async ([url, blob]) => [names.get(url)!, await blob.text()]);
  return Object.fromEntries(await Promise.all(files)) as Record<string, string>;
}

describe('the keyboard', () => {
  test('steps, jumps, plays and holds', async () => {
    const { app } = await openLab();
    const { viewer } = app.model!;
    leaveFocus();
    await press('{ArrowRight}{ArrowRight}{ArrowLeft}');
    expect(viewer.cursor.step).toBe(1);
    await press('{End}');
    expect(viewer.cursor.step).toBe(13);
    await press('{Home}');
    expect(viewer.cursor.step).toBe(0);
    await press(' ');
    expect(viewer.playing).toBe(true);
    await press(' ');
    expect(viewer.playing).toBe(false);
  });

  test('selects nodes by their digit and nothing by escape', async () => {
    const { app } = await openLab();
    leaveFocus();
    await press('2');
    expect(app.model!.viewer.selection).toEqual({ kind: 'node', node: 'n2' });
    expect(textOf(find('parley-inspector').shadowRoot!)).toContain('n2');
    await press('{Escape}');
    expect(app.model!.viewer.selection).toBeUndefined();
  });

  test('belongs to the field in which one types', async () => {
    const { app } = await openLab();
    find<HTMLInputElement>('parley-lab-header >>> .seed input').focus();
    await press('7');
    expect(app.model!.viewer.selection).toBeUndefined();
    find<HTMLElement>('.cm-content, textarea').focus();
    await press(' ');
    expect(app.model!.viewer.playing).toBe(false);
  });

  test('presses a button that one has walked to, and plays where a click has left the focus', async () => {
    const { app } = await openLab();
    find<HTMLElement>('button[aria-label="Help"]').focus();
    await userEvent.keyboard('{Tab}{Shift>}{Tab}{/Shift}');
    await press(' ');
    expect(find<HTMLDialogElement>('parley-help >>> dialog').open).toBe(true);
    find<HTMLDialogElement>('parley-help >>> dialog').close();
    await page.getByRole('button', { name: 'One event on' }).click();
    await press(' ');
    expect(app.model!.viewer.playing).toBe(true);
  });

  test('walks through nodes and messages on the stage', async () => {
    const { app } = await openLab();
    app.model!.viewer.goTo(5);
    await settle();
    find<HTMLElement>('parley-stage >>> .node').focus();
    await press('{ArrowDown}');
    expect(app.model!.viewer.selection).toEqual({ kind: 'node', node: 'n2' });
    await press('{ArrowDown}');
    expect(app.model!.viewer.selection).toEqual({ kind: 'message', message: 'n1#1', to: 'n2' });
    // The message arrives, and the focus does not fall out of the stage.
    await press('{ArrowRight}');
    expect(focused()?.classList.contains('node')).toBe(true);
  });

  test('opens the filter of events, and help', async () => {
    await openLab();
    leaveFocus();
    await press('/');
    expect(focused()?.getAttribute('aria-label')).toBe('Filter events');
    await press('{Escape}');
    leaveFocus();
    await press('?');
    expect(find<HTMLDialogElement>('parley-help >>> dialog').open).toBe(true);
    await press('{Escape}');
    expect(find<HTMLDialogElement>('parley-help >>> dialog').open).toBe(false);
  });

  test('keeps single characters to itself when they are switched off', async () => {
    const { app } = await openLab();
    leaveFocus();
    await press('?');
    find<HTMLInputElement>('parley-help >>> input').click();
    await press('{Escape}');
    leaveFocus();
    await press('2');
    expect(app.model!.viewer.selection).toBeUndefined();
    await press('{ArrowRight}');
    expect(app.model!.viewer.cursor.step).toBe(1);
  });

  test('turns the tabs', async () => {
    await openLab();
    find<HTMLElement>('#tab-spacetime').focus();
    await press('{ArrowRight}{ArrowRight}{ArrowRight}');
    expect(focused()?.id).toBe('tab-results');
    await press('{ArrowRight}');
    expect(focused()?.id).toBe('tab-events');
    expect(findAll('parley-event-log')).toHaveLength(1);
  });

  test('chooses the node and the level of a log, and follows the cursor there', async () => {
    const lab = new FakeLab();
    const said = (node: string, level: LogLevel, text: string, time: number, sequence: number) =>
      ({ kind: 'log', node, time, sequence, path: 'talk', level, text }) as const;
    lab.events = [
      ...lab.events,
      said('n1', 'debug', 'thinks', 50, 90),
      said('n2', 'warn', `worries ${HOSTILE}`, 51, 90),
      said('n1', 'error', 'fails', 52, 91),
    ];
    const { app } = await openLab(lab);
    const { viewer } = app.model!;
    find<HTMLElement>('#tab-log').click();
    await expect.poll(() => findAll('parley-node-log >>> tbody tr:not(.spacer)').length).toBe(4);
    const rows = () =>
      findAll('parley-node-log >>> tbody tr:not(.spacer)').map((row) =>
        row.textContent.replaceAll(/\s+/g, ' ').trim(),
      );
    expect(rows()[2]).toBe(`15 51.0 n2 warn talk worries ${HOSTILE}`);
    const choose = async (label: string, value: string) => {
      const field = find<HTMLSelectElement>(`parley-node-log >>> select[aria-label="${label}"]`);
      field.value = value;
      field.dispatchEvent(new Event('change'));
      await settle();
    };
    await choose('From which level on', 'warn');
    expect(rows()).toHaveLength(3);
    await choose('From which level on', 'error');
    expect(rows()).toHaveLength(1);
    // Who selects a node wants to hear it.
    viewer.select({ kind: 'node', node: 'n1' });
    await settle();
    expect(rows()).toEqual(['16 52.0 n1 error talk fails']);
    await choose('Whose log', '');
    await choose('From which level on', 'debug');
    viewer.goTo(13);
    await settle();
    find<HTMLElement>('parley-node-log >>> .scroll').focus();
    await press('{ArrowDown}');
    expect(viewer.cursor.step).toBe(14);
    await press('{ArrowDown}{ArrowDown}');
    expect(viewer.cursor.step).toBe(16);
    expect(find('parley-node-log >>> tr[aria-current]').textContent).toContain('fails');
    await choose('Whose log', 'n2');
    await choose('From which level on', 'error');
    expect(textOf(find('parley-node-log').shadowRoot!)).toContain('Nobody has said anything');
    // What is saved is what is listed: the level, the words, and as one file or one of each node.
    await choose('Whose log', '');
    await choose('From which level on', 'warn');
    const [first, last] = [`0.030\twarn\ttalk\t${HOSTILE}\n`, '0.052\terror\ttalk\tfails\n'];
    const worry = `0.051\twarn\ttalk\tworries ${HOSTILE}\n`;
    expect(await savedBy('Save')).toEqual({ 'talk.log': `n1\t${first}n2\t${worry}n1\t${last}` });
    const each = { 'n1.log': first + last, 'n2.log': worry };
    expect(await savedBy('Save a file a node')).toEqual(each);
    await userEvent.fill(find('parley-node-log >>> input'), 'worries');
    await settle();
    expect(await savedBy('Save a file a node')).toEqual({ 'n2.log': worry });
  });

  test('moves the slider of time', async () => {
    const { app } = await openLab();
    find<HTMLElement>('[role=slider]').focus();
    await press('{PageUp}');
    expect(app.model!.viewer.cursor.time).toBe(3);
    await press('{ArrowRight}');
    expect(app.model!.viewer.cursor.step).toBe(5);
    expect(find('[role=slider]').getAttribute('aria-valuetext')).toBe('10.0 ms, event 5');
  });
});

describe('the panels', () => {
  test('share one cursor and one selection', async () => {
    const { app } = await openLab();
    app.model!.viewer.goTo(5);
    await page.getByRole('tab', { name: 'Events' }).click();
    await settle();
    const [row] = findAll('tbody tr.deliver');
    (row as HTMLElement).click();
    await settle();
    expect(app.model!.viewer.cursor).toEqual({ time: 20, step: 6 });
    expect(find('tr[aria-current]').textContent).toContain('receives');
    expect(textOf(find('parley-stage >>> .node.current'))).toContain('n2');
    expect(textOf(find('parley-stage').shadowRoot!)).toContain('n2 receives hello from n1');
    expect(textOf(find('parley-inspector').shadowRoot!)).toContain('n2 receives hello from n1');
  });

  test('mark what changed in a state', async () => {
    const { app } = await openLab();
    app.model!.viewer.select({ kind: 'node', node: 'n2' });
    app.model!.viewer.goTo(7);
    await settle();
    expect(find('td.new').textContent.replaceAll(/\s+/g, ' ')).toContain('1 changed, was 0');
  });

  test('never take what a peer says for markup', async () => {
    const { app } = await openLab();
    for (const step of [5, 11]) {
      for (const tab of ['Events', 'Space-time', 'Results']) {
        await page.getByRole('tab', { name: tab }).click();
        app.model!.viewer.selectEvent(step - 1);
        await settle();
        expect(findAll('img, td b b')).toEqual([]);
      }
    }
    expect((window as { hacked?: boolean }).hacked).toBeUndefined();
    expect(textOf(find('parley-lab').shadowRoot!)).toContain(HOSTILE);
  });

  test('keep a hundred thousand events to the rows in view', async () => {
    const { app } = await openLab();
    const run = new FakeRun('simulated', 1, longTrace(100_000));
    app.model!.viewer.show(run);
    run.end();
    await page.getByRole('tab', { name: 'Events' }).click();
    app.model!.viewer.goTo(80_000);
    await settle();
    expect(findAll('tbody tr').length).toBeLessThan(80);
    expect(find('tr[aria-current] td').textContent).toBe('80000');
    expect(find('table').getAttribute('aria-rowcount')).toBe('100001');
    const began = performance.now();
    for (let step = 1; step <= 20; step++) {
      app.model!.viewer.goTo(step * 4999);
      await settle(1);
    }
    expect(performance.now() - began).toBeLessThan(4000);
  });

  test('show results, what broke first', async () => {
    const lab = new FakeLab();
    lab.finish = (run) => {
      const detail = { invariant: 'Nobody answers', detail: 'n2 did' };
      run.append([{ time: 30, node: 'n2', sequence: 50, kind: 'violation', ...detail }]);
      run.end({ ok: false, violation: detail });
    };
    const { app } = await openLab(lab);
    expect(textOf(find('parley-problem').shadowRoot!)).toContain('Nobody answers');
    await page.getByRole('tab', { name: 'Results' }).click();
    await settle();
    const text = textOf(find('parley-results').shadowRoot!);
    expect(text.indexOf('Nobody answers')).toBeLessThan(text.indexOf('terminated'));
    await page.getByRole('button', { name: 'Show the moment' }).first().click();
    expect(app.model!.viewer.cursor.step).toBe(14);
  });
});

test('invariants are lights: green until the event that broke one, which a press leads to', async () => {
  const lab = new FakeLab();
  lab.finish = (run) => {
    const detail = { invariant: 'Who is greeted answers', detail: 'n2 did not' };
    run.append([{ time: 30, node: 'n2', sequence: 50, kind: 'violation', ...detail }]);
    run.end({ ok: false, violation: detail });
  };
  const { app } = await openLab(lab);
  const { viewer } = app.model!;
  const said = () => textOf(find('parley-lights').shadowRoot!);
  viewer.goTo(3);
  await settle();
  expect(said()).toContain('✓ all 2 hold');
  viewer.toEnd();
  await settle();
  expect(said()).toContain('✗ 1 of 2 broken');
  viewer.goTo(3);
  viewer.toEnd();
  await settle();
  find<HTMLElement>('parley-lights >>> li button').click();
  const [violation] = viewer.recording.violations;
  expect(viewer.selection).toEqual({ kind: 'event', index: violation });
});

describe('a run', () => {
  test('begins by itself in the simulator, and again with the next seed', async () => {
    const { lab } = await openLab();
    expect(lab.runs.map(({ seed }) => seed)).toEqual([42]);
    await page.getByRole('button', { name: 'Run with the next seed' }).click();
    await settle();
    expect(lab.runs.map(({ seed }) => seed)).toEqual([42, 43]);
  });

  test('is announced at its start and its end, and at nothing between', async () => {
    const lab = new FakeLab();
    lab.finish = () => {};
    await openLab(lab);
    const said = (): string => find('parley-lab >>> div[role=status]').textContent.trim();
    expect(said()).toBe('The run has begun with 2 nodes.');
    lab.runs[0]!.append([
      { time: 31, node: 'n1', sequence: 60, kind: 'timer', path: 'talk', name: 'x' },
    ]);
    await settle();
    expect(said()).toBe('The run has begun with 2 nodes.');
    lab.runs[0]!.end();
    await settle();
    expect(said()).toBe('The run has ended: 2 messages, all ended well.');
  });

  test('is not begun with errors in the configuration, which are listed and underlined', async () => {
    const lab = new FakeLab();
    const place = { line: 1, column: 7, endLine: 1, endColumn: 13 };
    lab.diagnostics = [{ message: 'unknown key speaks', severity: 'error', ...place }];
    await openLab(lab);
    expect(lab.runs).toHaveLength(0);
    expect(textOf(find('parley-diagnostics >>> ul'))).toContain('line 1 unknown key speaks');
    expect(textOf(find('parley-problem').shadowRoot!)).toContain('has an error');
    await expect
      .poll(() => findAll('.cm-lintRange-error').map((mark) => mark.textContent))
      .toEqual(['speaks']);
  });

  test('that could not be made says why', async () => {
    const lab = new FakeLab();
    lab.events = [];
    lab.finish = (run) => run.fail('The worker could not be loaded.');
    await openLab(lab);
    expect(textOf(find('parley-problem').shadowRoot!)).toContain('The worker could not be loaded.');
  });

  test('in workers is followed, and can be left and taken up again', async () => {
    const lab = new FakeLab();
    lab.finish = () => {};
    const { app } = await openApp('#/lab/talk?place=workers', lab);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await settle();
    expect(lab.runs[0]!.place).toBe('workers');
    expect(app.model!.viewer.following).toBe(true);
    await page.getByRole('button', { name: 'To the start' }).click();
    expect(app.model!.viewer.following).toBe(false);
    await page.getByRole('button', { name: 'Live', exact: true }).click();
    expect(app.model!.viewer.following).toBe(true);
    await page.getByRole('button', { name: 'Stop' }).click();
    expect(lab.runs[0]!.stopped).toBe(true);
  });

  test('takes the file that is chosen, edited or reset', async () => {
    const { app, lab } = await openLab();
    const files = page.getByRole('combobox', { name: 'File' });
    await files.selectOptions('Three nodes');
    await settle();
    expect(app.model!.setup.config).toContain('n3');
    app.model!.change({ config: 'n1: {}\n' });
    await settle();
    await expect.poll(() => lab.configs.at(-1)).toBe('n1: {}\n');
    await page.getByRole('button', { name: 'Reset' }).click();
    expect(app.model!.setup.config).toContain('n3');
  });
});

test('what somebody is about to open is prepared: the first card, one that is pointed at, and what an address asks for', async () => {
  const { lab } = await openApp('#/');
  expect(lab.prepared).toEqual(['talk']);
  const [, second] = findAll('.card');
  second!.dispatchEvent(new PointerEvent('pointerenter'));
  expect(lab.prepared).toEqual(['talk', 'other']);
  location.hash = '#/lab/unheard-of';
  await settle();
  location.hash = '#/lab/talk?place=workers';
  await settle();
  expect(lab.prepared).toHaveLength(2);
  location.hash = '#/lab/other';
  await settle();
  expect(lab.prepared).toHaveLength(3);
});

test('the home page lists chapters and remembers runs', async () => {
  await openApp('#/lab/talk?seed=7');
  await settle();
  location.hash = '#/';
  await settle();
  expect(findAll('.card a').map((card) => card.textContent)).toEqual(['Talk', 'Other']);
  expect(textOf(find('table.runs'))).toContain('seed 7');
  find<HTMLAnchorElement>('table.runs a').click();
  await settle();
  expect(find<HTMLInputElement>('parley-lab-header >>> .seed input').value).toBe('7');
});

test('an address that leads nowhere says so and leads home', async () => {
  await openApp('#/lab/unheard-of');
  expect(textOf()).toContain('There is no such chapter');
  expect(findAll('a[href="#/"]')).toHaveLength(2);
});

describe('the palette', () => {
  test('finds commands, nodes, bugs and chapters by their words, from wherever one types', async () => {
    const { app } = await openLab();
    const { model } = app;
    find<HTMLElement>('.cm-content, textarea').focus();
    await press('{Control>}k{/Control}');
    expect(find<HTMLDialogElement>('parley-palette >>> dialog').open).toBe(true);
    await press('to the end{Enter}');
    expect(model!.viewer.cursor.step).toBe(13);
    expect(find<HTMLDialogElement>('parley-palette >>> dialog').open).toBe(false);
    leaveFocus();
    await press('{Control>}k{/Control}');
    await press('select node');
    const options = () => findAll('parley-palette >>> li[aria-selected]').map((li) => textOf(li));
    expect(options().map((one) => one.trim())).toEqual([
      'Select n1 node',
      'Select n2 node',
      'Previous event of the selected node Shift ←',
      'Next event of the selected node Shift →',
      'Crash the selected node K',
      'Partition: cut the selected node off from the others P',
    ]);
    await press('{ArrowDown}{Enter}');
    expect(model!.viewer.selection).toEqual({ kind: 'node', node: 'n2' });
    leaveFocus();
    await press('{Control>}k{/Control}');
    await press('nothing of the kind');
    expect(textOf(find('parley-palette').shadowRoot!)).toContain('Nothing here is called that.');
    await press('{Escape}');
    await press('{Control>}k{/Control}');
    await press('break{Enter}');
    expect(model!.setup.breaks).toEqual(['mumble']);
  });

  test('opens another chapter', async () => {
    const { app } = await openLab();
    leaveFocus();
    await press('{Control>}k{/Control}');
    await press('other{Enter}');
    await expect.poll(() => app.model!.chapter.name).toBe('other');
  });
});

test('the lower panel is as high as one makes it, with keys and with the mouse; a double click puts it back', async () => {
  await openLab();
  const line = find<HTMLElement>('.splitter');
  const height = () => find<HTMLElement>('#panel').getBoundingClientRect().height;
  const before = height();
  line.focus();
  await press('{ArrowUp}{ArrowUp}');
  expect(height()).toBeCloseTo(before + 0.08 * innerHeight, 0);
  expect(line.getAttribute('aria-valuenow')).toBe(
    String(Math.round((height() / innerHeight) * 100)),
  );
  await press('{End}');
  expect(height()).toBeCloseTo(0.7 * innerHeight, 0);
  const { left, top } = line.getBoundingClientRect();
  const at = (clientY: number) => ({ clientX: left + 9, clientY, pointerId: 1, bubbles: true });
  line.setPointerCapture = () => {};
  line.dispatchEvent(new PointerEvent('pointerdown', at(top)));
  line.dispatchEvent(new PointerEvent('pointermove', at(top + 90)));
  line.dispatchEvent(new PointerEvent('lostpointercapture', at(top + 90)));
  await settle();
  expect(height()).toBeCloseTo(0.7 * innerHeight - 90, 0);
  expect(Number(localStorage.getItem('parley.panel-height'))).toBeGreaterThan(0);
  line.dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
  await settle();
  expect(height()).toBe(before);
  expect(localStorage.getItem('parley.panel-height')).toBeNull();
});
