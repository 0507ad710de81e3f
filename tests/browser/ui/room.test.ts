import { describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { FakeLab, FakeRoom, FakeRun, member } from './fake-lab.ts';
import { find, findAll, openApp, settle, textOf } from './open-app.ts';

async function openRoom(room: FakeRoom): Promise<FakeLab> {
  const lab = new FakeLab();
  lab.room = room;
  await openApp('#/room/AB23CD', lab);
  return lab;
}

describe('the first member', () => {
  test('sees the code, the link as a QR code, and who is there', async () => {
    const room = new FakeRoom(true);
    await openRoom(room);
    expect(find('.code').textContent).toBe('AB23CD');
    expect(findAll('parley-qr').length).toBeGreaterThan(0);
    expect(textOf(find('parley-room').shadowRoot!)).toMatch(/AB23CD/);
    expect(textOf(find('parley-members').shadowRoot!)).toMatch(
      /1 Tab 1 you .*present .*2 Tab 2 .*present/,
    );
  });

  test('chooses, tells the others, and starts', async () => {
    const room = new FakeRoom(true);
    await openRoom(room);
    expect(room.choice).toMatchObject({ algorithm: 'talk', format: 'json' });
    await page.getByRole('combobox', { name: 'Chapter' }).selectOptions('other');
    expect(room.choice).toMatchObject({ algorithm: 'other' });
    await page.getByRole('button', { name: 'Start the run' }).click();
    await settle();
    expect(room.started).toBe(1);
  });

  test('sees at once who has closed the tab', async () => {
    const room = new FakeRoom(true);
    await openRoom(room);
    room.change({
      members: [
        member(1, { me: true, nodes: ['n1'] }),
        member(2, { nodes: ['n2'], present: false }),
      ],
    });
    await settle();
    expect(textOf(find('parley-members >>> li.gone'))).toContain('n2 departed');
  });
});

describe('another member', () => {
  test('is told to wait, and can change nothing', async () => {
    const room = new FakeRoom(false);
    room.choice = { algorithm: 'other', config: 'n1: { speaks: maybe }\n' };
    await openRoom(room);
    expect(textOf(find('parley-room').shadowRoot!)).toContain('Leave this tab open');
    expect(findAll('parley-room >>> .start')).toEqual([]);
    expect(find<HTMLSelectElement>('select.chapter').disabled).toBe(true);
    expect(find<HTMLSelectElement>('select.chapter').value).toBe('other');
    await expect.poll(() => findAll('.cm-content').length).toBe(1);
    expect(find('.cm-content').textContent).toContain('maybe');
    find<HTMLElement>('.cm-content').focus();
    await userEvent.keyboard('x');
    expect(find('.cm-content').textContent).not.toContain('x');
  });

  test('sees the run as soon as it begins', async () => {
    const room = new FakeRoom(false);
    await openRoom(room);
    const run = new FakeRun('room');
    room.change({ run });
    await settle();
    expect(findAll('parley-stage >>> .node')).toHaveLength(2);
    expect(findAll('parley-lab-header >>> .run')).toEqual([]);
  });
});

test('a room is left with its screen', async () => {
  const room = new FakeRoom(true);
  await openRoom(room);
  location.hash = '#/';
  await settle();
  expect(room.left).toBe(true);
});

test('a room that cannot be entered says why', async () => {
  const lab = new FakeLab();
  lab.refusal = 'The signaling server cannot be reached: start it with npm start.';
  await openApp('#/room/AB23CD', lab);
  expect(textOf()).toContain('start it with npm start');
  location.hash = '#/';
  await settle();
  await page.getByRole('button', { name: 'Open a new room' }).click();
  await settle();
  expect(textOf(find('parley-join').shadowRoot!)).toContain('start it with npm start');
});

test('a code is typed or pasted to join', async () => {
  await openApp('#/');
  const field = page.getByRole('textbox', { name: 'Code of the room' });
  await field.fill('x');
  await userEvent.keyboard('{Enter}');
  await settle();
  expect(textOf(find('[role=alert]'))).toContain('at least four');
  await field.fill('http://lab.example/#/room/ab23cd');
  await userEvent.keyboard('{Enter}');
  await settle();
  expect(location.hash).toBe('#/room/AB23CD');
});
