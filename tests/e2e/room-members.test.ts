/** Members of a room in real tabs: who watches, who is sent away, who takes over, and two tabs that want to be the same one. */

import type { BrowserContext } from 'playwright';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { LiveLab } from '../support/live-page.ts';
import { presentIn, RoomTab } from '../support/room-tabs.ts';
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

/** A room with so many tabs, in the order of joining. */
async function room(tabs: number): Promise<{ tabs: readonly RoomTab[]; link: string }> {
  const where = await context();
  const first = await RoomTab.open(where, origin());
  const { link } = await first.create();
  const all = [first];
  for (let number = 2; number <= tabs; number++) {
    const next = await RoomTab.open(where, origin());
    await next.join(link);
    await first.until((shown) => presentIn(shown) === number);
    all.push(next);
  }
  return { tabs: all, link };
}

const ENDLESS = {
  algorithm: 'pingpong',
  config: 'n1: { initiator: true, max_rounds: 1000000 }\nn2: { initiator: false }\n',
};

test('an observer holds no node, and sees the events of the others', async () => {
  const { tabs, link } = await room(2);
  const watcher = await RoomTab.open(await context(), origin());
  await watcher.join(link, { isObserver: true });
  await tabs[0]!.until(({ members }) => members[2]?.role === 'observer');
  await tabs[0]!.do('propose', ENDLESS);
  await tabs[0]!.do('start');
  const shown = await watcher.until(
    ({ run }) => (run?.counts['n1 deliver'] ?? 0) > 50 && (run?.counts['n2 deliver'] ?? 0) > 50,
  );
  expect(shown.members[2]).toMatchObject({ me: true, nodes: [] });
  // They came over the link, and not through signaling.
  expect(shown.members[0]).toMatchObject({ isHub: true, way: 'direct' });
});

testThoroughly('a browser without WebRTC watches, through the server', async () => {
  const { tabs, link } = await room(2);
  const where = await context();
  await where.addInitScript(() => {
    for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection']) {
      Reflect.deleteProperty(window, name);
    }
  });
  const watcher = await RoomTab.open(where, origin());
  const { notices } = await watcher.join(link);
  expect(notices.map(({ text }) => text).join()).toMatch(/no WebRTC/);
  await tabs[0]!.until(({ members }) => members[2]?.role === 'observer');
  await tabs[0]!.do('propose', ENDLESS);
  await tabs[0]!.do('start');
  const shown = await watcher.until(({ run }) => (run?.counts['n2 deliver'] ?? 0) > 20);
  expect(shown.members[0]).toMatchObject({ isHub: true, way: 'relay' });
});

test('a member that is sent away leaves, and cannot come back as it is', async () => {
  const { tabs, link } = await room(2);
  const [first, second] = tabs as [RoomTab, RoomTab];
  const { members } = await first.shown();
  await first.do('kick', members[1]!.member);
  const gone = await second.until(({ ending }) => ending !== null);
  expect(gone.ending).toMatchObject({ kind: 'kicked' });
  await second.join(link);
  await second.until(({ ending }) => ending?.kind === 'kicked');
  await first.do('kick', members[1]!.member, false);
  await second.join(link);
  await second.until(({ members: all }) => all.some(({ role }) => role === 'creator'));
  expect((await second.shown()).ending).toBe(null);
});

testThoroughly('when the director’s tab is closed, the next member directs', async () => {
  const { tabs } = await room(3);
  const [first, second, third] = tabs as [RoomTab, RoomTab, RoomTab];
  await third.until(({ members }) => members[0]?.isHub === true);
  await first.page.close();
  await second.until(({ mayManage }) => mayManage);
  await second.do('propose', ENDLESS);
  await second.do('start');
  const shown = await third.until(({ run }) => (run?.counts['n1 deliver'] ?? 0) > 10);
  expect(shown.members[1]).toMatchObject({ isHub: true, nodes: ['n1'] });
  expect(shown.members[2]).toMatchObject({ me: true, nodes: ['n2'] });
});

testThoroughly(
  'a copy of a tab takes its place; the first takes it back, or joins as someone new',
  async () => {
    const { tabs, link } = await room(2);
    const [first, second] = tabs as [RoomTab, RoomTab];
    // What “duplicate this tab” does: another tab with the same session storage.
    const stored = await second.page.evaluate(() =>
      JSON.stringify(Object.fromEntries(Object.entries(sessionStorage))),
    );
    const copy = await RoomTab.open(second.page.context(), origin());
    await copy.page.evaluate((text) => Object.assign(sessionStorage, JSON.parse(text)), stored);
    await copy.join(link);
    const superseded = await second.until(({ ending }) => ending !== null);
    expect(superseded.ending).toMatchObject({ kind: 'superseded' });
    await second.join(link);
    await copy.until(({ ending }) => ending?.kind === 'superseded');
    expect(presentIn(await first.until((shown) => presentIn(shown) === 2))).toBe(2);
    await copy.join(link, { asNew: true });
    const shown = await first.until((now) => presentIn(now) === 3);
    expect(shown.members).toHaveLength(3);
  },
);

testThoroughly('tabs of one browser meet without a server, and say so', async () => {
  const where = await context();
  // As on a page that was put on some web server.
  await where.routeWebSocket(/\/signal$/, (socket) => socket.close());
  const first = await RoomTab.open(where, origin());
  const second = await RoomTab.open(where, origin());
  const { link, reach, notices } = await first.create();
  expect(reach).toBe('browser');
  expect(notices.map(({ text }) => text).join()).toMatch(/only tabs of this browser/);
  await second.join(link);
  await first.until((shown) => presentIn(shown) === 2);
  await first.do('propose', { ...ENDLESS, config: ENDLESS.config.replace('1000000', '20') });
  await first.do('start');
  const ended = await second.until(({ run }) => run?.phase === 'ended');
  expect(ended.run!.statuses).toEqual({ n1: 'terminated', n2: 'terminated' });
});
