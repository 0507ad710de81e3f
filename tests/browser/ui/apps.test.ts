/** The applications over a cluster of one in this page: what is shown, what is refused and how it is said, and whether everybody can use it. */

import axe from 'axe-core';
import { expect, onTestFinished, test } from 'vitest';
import { page } from 'vitest/browser';
import { Rounds } from '../../../src/lab/averaging/rounds.ts';
import { createPubSub } from '../../../src/lab/pubsub/create-pubsub.ts';
import { createRaft } from '../../../src/lab/raft/create-raft.ts';
import { demos } from '../../../src/lab/raft/demos/demos.ts';
import { MemoryNetwork } from '../../../src/net/parcels/memory-network.ts';
import { MemoryStore } from '../../../src/storage/memory.ts';
import { APP_LETTERS, readAppCode, type AppName } from '../../../src/ui/apps/app-code.ts';
import { AppSession } from '../../../src/ui/apps/app-session.ts';
import { ChatSession } from '../../../src/ui/apps/chat/chat-session.ts';
import { VectorsSession } from '../../../src/ui/apps/vectors/vectors-session.ts';
import { money, centsOf } from '../../../src/ui/apps/money.ts';
import '../../../src/ui/apps/parley-app-page.ts';
import type { PlaceSession } from '../../../src/ui/apps/place-session.ts';
import '../../../src/ui/kit/theme.css';
import { find, findAll, openApp, settle } from './open-app.ts';

async function problems(): Promise<string[]> {
  const { violations } = await axe.run(document.body, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
  );
}

/** Shows a session as the page does. */
function openPage(session: PlaceSession): void {
  document.documentElement.lang = 'en';
  const main = document.createElement('main');
  const element = document.createElement('parley-app-page');
  element.session = session;
  main.append(element);
  document.body.append(main);
  onTestFinished(() => {
    session.leave();
    main.remove();
    delete document.documentElement.dataset['theme'];
  });
}

async function openDemo(demo: AppName): Promise<AppSession> {
  const [letter] = Object.entries(APP_LETTERS).find(([, name]) => name === demo)!;
  const session = new AppSession(readAppCode(`${letter}1-TEST`)!);
  const raft = await createRaft<unknown, unknown, unknown, unknown, unknown>({
    ...{ id: 'n1', members: ['n1'], machine: demos[demo]! },
    ...{ network: new MemoryNetwork(), store: new MemoryStore() },
    settings: { election_timeout: 50, heartbeat_interval: 20 },
  });
  session.join(raft);
  openPage(session);
  await expect.poll(() => session.status!.role).toBe('leader');
  await settle();
  return session;
}

/** Fills a form of the page and sends it. */
async function send(form: string, values: Readonly<Record<string, string>>): Promise<void> {
  const found = find<HTMLFormElement>(`[aria-labelledby=${form}] form`);
  for (const [name, value] of Object.entries(values)) {
    const field = found.elements.namedItem(name) as HTMLInputElement;
    field.value = value;
    field.dispatchEvent(new Event('change'));
  }
  found.requestSubmit();
  await settle(8);
}

const text = (selector: string): string =>
  (findAll(selector)[0]?.textContent ?? '').replaceAll(/\s+/g, ' ');
const alert = (): string => text('[role=alert]').trim();

async function everybodyCanUseIt(): Promise<void> {
  for (const theme of ['light', 'dark', 'projector']) {
    document.documentElement.dataset['theme'] = theme;
    await settle();
    expect(await problems(), theme).toEqual([]);
  }
}

test('entries are written, and one that is missing its key is not', async () => {
  await openDemo('key-value');
  await send('write', { value: 'red' });
  await expect.poll(alert).toBe("Write the entry's key.");
  await send('write', { key: 'colour', value: 'red' });
  await send('write', { key: 'colour', value: 'blue <b>' });
  await expect.poll(() => text('[aria-labelledby=entries] tbody')).toContain('colour blue <b> 2');
  await everybodyCanUseIt();
  find('[aria-label="Delete colour"]').click();
  await settle(8);
  await expect.poll(() => text('[aria-labelledby=entries]')).toContain('There is none yet');
});

test('counters count', async () => {
  await openDemo('counters');
  await send('new', { name: 'sheep' });
  for (let i = 0; i < 3; i++) {
    find('[aria-label="+1: sheep"]').click();
    await settle();
  }
  await expect.poll(() => text('.big')).toBe('3');
  await everybodyCanUseIt();
  find('[aria-label="Reset: sheep"]').click();
  await settle();
  await expect.poll(() => text('.big')).toBe('0');
});

test('the bank moves money, says what it refuses, and explains a balance', async () => {
  await openDemo('bank');
  await send('open', { account: 'ann', owner: 'Ann' });
  await send('open', { account: 'ben', owner: 'Ben' });
  await send('move', { to: 'ann', amount: '12.50' });
  await send('move', { from: 'ann', to: 'ben', amount: '2,5' });
  await send('move', { from: 'ben', to: 'ann', amount: '3' });
  await expect.poll(alert).toBe('Ben has only 250 cents.');
  await send('move', { from: 'ben', to: 'ann', amount: '-3' });
  await expect.poll(alert).toBe('Write an amount like 12 or 12.50, without a sign.');
  find('[aria-label="Statement of ann"]').click();
  await settle();
  await expect
    .poll(() => text('[aria-labelledby=statement] tbody'))
    .toMatch(/to ben −2\.50 10\.00 .*deposit/);
  await expect.poll(() => text('[aria-labelledby=accounts] tbody')).toContain('All together 12.50');
  await everybodyCanUseIt();
});

test('lots are offered, bid for and sold', async () => {
  const session = await openDemo('auction');
  await send('offer', { title: 'Lamp' });
  await expect.poll(alert).toBe('Write your name above first: everybody sees who offers.');
  await send('me', { me: 'Ann' });
  await send('offer', { title: 'Lamp', seconds: '1000' });
  const [[id]] = Object.entries(session.ask<Record<string, unknown>>({ of: 'lots' })!) as [
    [string, unknown],
  ];
  await session.do({ do: 'bid', lot: id, bidder: 'Ben', cents: 500 });
  await settle();
  await expect
    .poll(() => text('.cards'))
    .toMatch(/Lamp offered by Ann, closes in \d+ s 5\.00 best bid of Ben, 1 bid/);
  await everybodyCanUseIt();
  await session.do({ do: 'tick', at: Date.now() + 2_000_000 });
  await settle();
  await expect.poll(() => text('.cards')).toMatch(/offered by Ann, sold 5\.00 went to Ben/);
});

test('a chat says who is heard, shows markup as text, and goes on in a minority', async () => {
  localStorage.clear();
  sessionStorage.clear();
  const network = new MemoryNetwork();
  const start = (id: string) =>
    createPubSub({
      ...{ id, members: ['p1', 'p2', 'p3'], network },
      security: { encryption: false, signing: false, authentication: false },
      settings: { registry_timeout: 5000 },
    });
  const [mine, ...others] = await Promise.all(['p1', 'p2', 'p3'].map(start));
  onTestFinished(() => others.forEach((other) => other.kill()));
  openPage(ChatSession.over(readAppCode('T3-TEST')!, mine!));
  await expect.poll(() => text('.topics')).toContain('# general');
  const bold = { text: '<b>hello</b>' };
  await others[0]!.publish('people/p2', { name: 'Ben <i>' }, { retain: true });
  await others[0]!.publish('talk/general', bold);
  await expect.poll(() => text('.lines')).toContain('<b>hello</b>');
  await expect.poll(() => text('.lines')).toContain('Ben <i>');
  const field = find<HTMLTextAreaElement>('#say');
  const say = (words: string): void => {
    field.value = words;
    field.dispatchEvent(new Event('input'));
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
  };
  say('good morning');
  await expect.poll(() => text('.lines')).toContain('good morning');
  expect(text('[aria-labelledby=people]')).toContain('not encrypted');
  await everybodyCanUseIt();
  network.cut((from, to) => (from === 'p1') !== (to === 'p1'));
  await expect.poll(() => text('.notice'), { timeout: 20_000 }).toContain('1 of 3 heard');
  say('alone');
  await expect.poll(() => text('.mark.waits')).toBe('waits for Ben <i> and p3');
  find<HTMLInputElement>('input[name=topic]').value = 'Lonely';
  find<HTMLFormElement>('.topics form').requestSubmit();
  await expect.poll(alert).toMatch(/^Only 1 of 3 are heard, and 2 have to agree/);
  await everybodyCanUseIt();
  network.cut();
  await expect.poll(() => findAll('.notice').length, { timeout: 20_000 }).toBe(0);
  await expect.poll(() => findAll('.mark.waits').length, { timeout: 20_000 }).toBe(0);
  // Of a long text without a space nothing stands out of the page of a phone.
  await page.viewport(360, 740);
  say('x'.repeat(300));
  await expect.poll(() => text('.lines')).toContain('xxxx');
  expect(document.documentElement.scrollWidth).toBe(360);
  await everybodyCanUseIt();
});

test('numbers converge on screen, and what is none is refused', async () => {
  const network = new MemoryNetwork();
  const clock = {
    now: () => performance.now(),
    after: (delayMs: number, callback: () => void) => {
      const timer = setTimeout(callback, delayMs / 4);
      return { cancel: () => clearTimeout(timer) };
    },
  };
  const session = VectorsSession.over(readAppCode('V3-TEST')!, {
    ...{ id: 'n1', network, clock, others: ['n2'] },
  });
  openPage(session);
  const other = new Rounds({
    ...{ id: 'n2', network, clock, others: () => ['n1'], changed: () => {} },
    numbers: [20, 0, 0],
  });
  onTestFinished(() => other.stop());
  await settle();
  const [first, second, third] = findAll('input[name=number]') as HTMLInputElement[];
  first!.value = 'many';
  find<HTMLFormElement>('form.numbers').requestSubmit();
  await expect.poll(alert).toMatch(/^Write a number like/);
  for (const field of [first!, second!, third!]) field.value = '10';
  find<HTMLSelectElement>('select[name=kind]').value = 'gossip_average';
  find<HTMLFormElement>('form.numbers').requestSubmit();
  await expect.poll(() => text('#round')).toMatch(/gossip_average/);
  await expect
    .poll(() => text('tbody'), { timeout: 20_000 })
    .toMatch(/n1 \(you\) ?10 10 10 ?15 5 5 ?n2 ?20 0 0 ?15 5 5/);
  await expect.poll(() => findAll('.plot canvas').length).toBe(3);
  await everybodyCanUseIt();
});

test('the choice of applications is there for everybody, and a code that is none is said', async () => {
  await openApp('#/apps');
  await expect
    .poll(() => findAll('parley-apps .cards > li, .cards form').length)
    .toBeGreaterThan(0);
  await everybodyCanUseIt();
  await send('join', { code: 'nonsense' });
  await expect.poll(alert).toMatch(/^A code has a letter and a digit/);
  location.hash = '#/apps/chat';
  await expect.poll(() => findAll('.cards > li').length).toBe(1);
  await expect.poll(() => text('main h1')).toBe('Chat without a server');
  await everybodyCanUseIt();
  location.hash = '#/apps/nonsense';
  await expect.poll(() => text('main h1')).toBe('There is no such cluster');
  await everybodyCanUseIt();
});

test('codes and money are read as people write them', () => {
  expect(readAppCode(' a3-7kq2mx ')).toMatchObject({
    app: 'auction',
    members: 3,
    code: 'A3-7KQ2MX',
  });
  const closed = readAppCode('t3-7kq2mx, EMWBD8YED8HZ5S0N40C41FS3E1FT');
  expect(closed).toMatchObject({ app: 'chat', isClosed: true });
  expect(closed!.room).toBe('T3-7KQ2MX#EMWBD8YED8HZ5S0N40C41FS3E1FT');
  expect(readAppCode('T3-7KQ2MX,EMWBD8YED8HZ5S0N40C41FS3E1FF')).toBeUndefined();
  for (const bad of ['', 'A3', 'A4-7KQ2MX', 'X3-7KQ2MX', 'A3-7K', 'A3-7KQ2MX/..']) {
    expect(readAppCode(bad), bad).toBeUndefined();
  }
  expect(['12', '12.5', '12,50', '0.05'].map(centsOf)).toEqual([1200, 1250, 1250, 5]);
  expect([1250, 5, -250].map(money)).toEqual(['12.50', '0.05', '−2.50']);
});
