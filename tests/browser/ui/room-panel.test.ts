/** What the panel of a room shows and lets one do, beyond being there. */

import { describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { FakeLab, FakeRoom, FakeRun, member } from './fake-lab.ts';
import { find, findAll, openApp, settle, textOf } from './open-app.ts';

async function openRoom(room: FakeRoom, lab = new FakeLab()): Promise<FakeLab> {
  lab.room = room;
  await openApp('#/room/AB23CD', lab);
  return lab;
}

const panel = () => textOf(find('parley-room').shadowRoot!);
const members = () => textOf(find('parley-members').shadowRoot!);
const button = (name: string) => page.getByRole('button', { name, exact: true });

describe('members', () => {
  test('bear their name as text, whatever it says, and what one knows of them', async () => {
    const room = new FakeRoom(true);
    await openRoom(room);
    const name = '<img src=x onerror=alert(1)>';
    const hostile = member(2, { name, role: 'observer', way: 'relay', fingerprint: 'AB12 CD34' });
    room.change({ members: [room.members[0]!, hostile] });
    await settle();
    expect(members()).toContain(`${name} observer`);
    expect(members()).toContain('relayed');
    expect(members()).toContain('AB12 CD34');
    expect(findAll('parley-members >>> img')).toEqual([]);
  });

  test('are sent away, let in, and given the right to direct by whoever manages', async () => {
    const room = new FakeRoom(true);
    await openRoom(room);
    await button('let direct: Tab 2').click();
    await button('send away: Tab 2').click();
    room.change({ members: [room.members[0]!, member(2, { isKicked: true, mayDirect: true })] });
    await settle();
    await button('let in: Tab 2').click();
    await button('take back: Tab 2').click();
    expect(room.asked).toEqual([
      ['grant', 'm2', true],
      ['kick', 'm2', true],
      ['kick', 'm2', false],
      ['grant', 'm2', false],
    ]);
  });

  test('who does not manage can do nothing to others', async () => {
    await openRoom(new FakeRoom(false));
    expect(findAll('parley-members >>> button')).toEqual([]);
  });

  test('one names oneself, and may only watch', async () => {
    const room = new FakeRoom(false);
    await openRoom(room);
    await page.getByRole('textbox', { name: 'Your name in rooms' }).fill('Ada');
    await userEvent.keyboard('{Tab}');
    await page.getByRole('checkbox', { name: 'only watch' }).click();
    expect(room.asked).toEqual([
      ['setName', 'Ada'],
      ['observe', true],
    ]);
  });
});

describe('a run is directed', () => {
  async function running(isCreator = true): Promise<{ room: FakeRoom; run: FakeRun }> {
    const room = new FakeRoom(isCreator);
    await openRoom(room);
    const run = new FakeRun('room');
    room.change({ run });
    await settle();
    return { room, run };
  }

  test('deliveries are held and released', async () => {
    const { room, run } = await running();
    // The inspector has them too.
    const directions = page.getByRole('complementary', { name: 'Room' });
    await directions.getByRole('button', { name: 'Hold deliveries' }).click();
    run.isHeld = true;
    room.change({});
    await settle();
    expect(textOf(find('parley-directions').shadowRoot!)).toContain('held back in all tabs');
    await directions.getByRole('button', { name: 'Release deliveries' }).click();
    expect(room.asked).toEqual([
      ['hold', true],
      ['hold', false],
    ]);
  });

  test('its network is cut around the chosen nodes, said, and healed', async () => {
    const { room, run } = await running();
    expect(button('Cut off').element()).toHaveProperty('disabled', true);
    await page.getByRole('checkbox', { name: 'n2' }).click();
    await button('Cut off').click();
    run.cut = [['n2'], ['n1']];
    room.change({});
    await settle();
    expect(textOf(find('parley-directions').shadowRoot!)).toContain('The network is cut: n2 ⫽ n1');
    await button('Heal').click();
    expect(room.asked).toEqual([
      ['cut', [['n2'], ['n1']]],
      ['cut', []],
    ]);
  });

  test('one node is killed, and the run is ended', async () => {
    const { room, run } = await running();
    await page.getByRole('checkbox', { name: 'n1' }).click();
    await button('Kill').click();
    await button('End the run').click();
    expect(room.asked).toEqual([['kill', 'n1']]);
    expect(run.stopped).toBe(true);
  });

  test('only by those who may; what is not shown is counted for everybody', async () => {
    const { room, run } = await running(false);
    run.hiddenEvents = 12;
    room.change({});
    await settle();
    expect(findAll('parley-directions >>> button')).toEqual([]);
    expect(textOf(find('parley-directions').shadowRoot!)).toContain('12 events of other tabs');
  });
});

describe('this tab is out of the room', () => {
  test('because a copy of it took its place: it takes over, or joins as someone new', async () => {
    const room = new FakeRoom(true);
    const lab = await openRoom(room);
    room.change({ ending: { kind: 'superseded', text: 'A copy of this tab continues there.' } });
    await settle();
    expect(panel()).toContain('A copy of this tab continues there.');
    await button('Join as someone new').click();
    await settle();
    expect(lab.joined.at(-1)).toEqual([room.link, { asNew: true }]);
    await button('Take over here').click();
    await settle();
    expect(lab.joined.at(-1)).toEqual([room.link, {}]);
  });

  test('because it was sent away: it says so and offers no way back', async () => {
    const room = new FakeRoom(false);
    await openRoom(room);
    room.change({ ending: { kind: 'kicked', text: 'You were sent away.' } });
    await settle();
    expect(panel()).toContain('You were sent away.');
    expect(findAll('parley-room >>> .back button')).toEqual([]);
  });
});

test('what people should know is said, and taken away', async () => {
  const room = new FakeRoom(true);
  await openRoom(room);
  room.change({ notices: [{ id: 7, severity: 'warning', text: 'The clock of Tab 2 is off.' }] });
  await settle();
  await button('Dismiss: The clock of Tab 2 is off.').click();
  expect(room.asked).toEqual([['dismiss', 7]]);
});

describe('closed rooms', () => {
  test('are opened with a key at one click more', async () => {
    const { lab } = await openApp('#/');
    await page.getByRole('combobox', { name: 'Who may come in' }).selectOptions('key');
    await button('Open a new room').click();
    await settle();
    expect(lab.created).toEqual([{ access: 'key' }]);
  });

  test('are opened with a passphrase that is long enough', async () => {
    const { lab } = await openApp('#/');
    await page.getByRole('combobox', { name: 'Who may come in' }).selectOptions('passphrase');
    await page.getByRole('textbox', { name: /Passphrase/ }).fill('short');
    await button('Open a new room').click();
    expect(textOf(find('[role=alert]'))).toContain('at least 8');
    await page.getByRole('textbox', { name: /Passphrase/ }).fill('four words are better');
    await button('Open a new room').click();
    await settle();
    expect(lab.created).toEqual([{ access: 'passphrase', passphrase: 'four words are better' }]);
  });

  test('ask for their passphrase, say that it is wrong, and let one in', async () => {
    const lab = new FakeLab();
    lab.passphrase = 'open sesame';
    await openApp('#/room/AB23CD,passphrase', lab);
    const field = page.getByLabelText('Passphrase of the room');
    await field.fill('open says me');
    await userEvent.keyboard('{Enter}');
    await settle();
    expect(textOf(find('parley-entry').shadowRoot!)).toContain('not the one of this room');
    await field.fill('open sesame');
    await userEvent.keyboard('{Enter}');
    await settle();
    expect(find('.code').textContent).toBe('AB23CD');
    expect(lab.joined.map(([address]) => address)).toEqual(
      Array.from({ length: 3 }, () => 'AB23CD,passphrase'),
    );
  });

  test('show that their key is being made, and give up when they are told to', async () => {
    const lab = new FakeLab();
    lab.passphrase = 'open sesame';
    lab.stretching = new Promise(() => {});
    await openApp('#/room/AB23CD,passphrase', lab);
    await page.getByLabelText('Passphrase of the room').fill('open sesame');
    await userEvent.keyboard('{Enter}');
    await settle();
    expect(find<HTMLProgressElement>('progress').value).toBe(0.5);
    await button('Cancel').click();
    expect(lab.joined.at(-1)![1].signal?.aborted).toBe(true);
  });

  test('have their key in the address of a pasted link', async () => {
    await openApp('#/');
    const field = page.getByRole('textbox', { name: 'Code of the room' });
    await field.fill('ab23cd#0W3GE1R7');
    await userEvent.keyboard('{Enter}');
    await settle();
    expect(location.hash).toBe('#/room/AB23CD,0W3GE1R7');
  });
});
