/** Tabs that close, come back, never come, or come twice. */

import type { Page } from 'playwright';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, expect } from 'vitest';
import type { MemberDescription } from '../../src/net/signaling/protocol.ts';
import { SignalingClient } from '../../src/net/signaling/client.ts';
import { LiveLab, testAlgorithm } from '../support/live-page.ts';
import type { LiveRun } from '../support/live-run.ts';
import { test, testThoroughly } from '../support/often.ts';

const four = 'n1: {}\nn2: {}\nn3: {}\nn4: {}\n';
const three = 'n1: {}\nn2: {}\nn3: {}\n';

let lab: LiveLab;
beforeAll(async () => {
  lab = await LiveLab.open();
});
afterAll(() => lab?.close());

test('a tab is closed in mid-run: the others learn it from the server and end without it', async () => {
  const run = await lab.newRun({ algorithm: testAlgorithm('Vigil'), config: four });
  const pages = await run.startTabs(['n1', 'n2', 'n3', 'n4']);
  const rest = ['n1', 'n2', 'n3'];
  // Every question has arrived, so that none is answered before somebody is gone.
  await run.until('all questions', () => {
    const isAsked = (id: string) => run.lines(id).filter((text) => text === 'holds').length === 3;
    return ['n1', 'n2', 'n3', 'n4'].every(isAsked) || undefined;
  });
  const reportsBefore = run.reports.length;
  await pages[3]!.close();
  await Promise.all(rest.map((id) => run.said(id, /^lost n4: PeerGone$/)));
  for (const [id, result] of Object.entries(await run.results(rest))) {
    const others = rest.filter((other) => other !== id);
    expect(result).toMatchObject({
      status: 'terminated',
      report: { gone: ['n4 PeerGone'], released: others },
      dropped: {},
    });
    // Its departure is part of what they know: the barrier at the end waits for the others alone.
    const later = run.reports.slice(reportsBefore);
    const waited = later.flatMap((one) =>
      one.kind === 'status' && one.node === id && one.status === 'running' ? [one.waitingFor] : [],
    );
    expect(waited).toContainEqual(rest);
  }
  expect(run.pageErrors).toEqual([]);
  await run.close();
});

testThoroughly('a tab crashes in mid-run: the others learn that as well', async () => {
  const run = await lab.newRun({ algorithm: testAlgorithm('Vigil'), config: three });
  const pages = await run.startTabs(['n1', 'n2', 'n3']);
  await Promise.all(['n1', 'n2', 'n3'].map((id) => run.said(id, /keeps vigil/)));
  const crashed = pages[2]!.waitForEvent('crash');
  await Promise.all([crashed, pages[2]!.goto('chrome://crash').catch(() => {})]);
  for (const result of Object.values(await run.results(['n1', 'n2']))) {
    expect(result).toMatchObject({ status: 'terminated', report: { gone: ['n3 PeerGone'] } });
  }
  await run.close();
});

test('a reloaded tab comes back as itself and finds what it stored', async () => {
  const run = await lab.newRun({ algorithm: testAlgorithm('Diary'), config: three });
  const members = await observe(run);
  const pages = await run.startTabs(['n1', 'n2', 'n3']);
  const reloaded = pages[2]!;
  await Promise.all(['n1', 'n2', 'n3'].map((id) => run.said(id, /^load 1, restarted false$/)));
  const before = members.get('n3')!;
  const log = await eventually(
    () => eventLog(reloaded),
    (records) => records.length > 0,
  );

  await reloaded.reload();
  await run.start(reloaded, 'n3');
  const results = await run.results(['n1', 'n2', 'n3']);

  expect(run.lines('n3')).toContain('load 2, restarted true');
  const after = members.get('n3')!;
  expect(after.publicKey).toMatch(/^[0-9a-f]{64}$/);
  expect(after).toEqual({ ...before, incarnation: before.incarnation + 1 });
  const longer = await eventLog(reloaded);
  expect(longer.slice(0, log.length)).toEqual(log);
  expect(longer.length).toBeGreaterThan(log.length);
  expect(results).toMatchObject({
    n1: { status: 'terminated', report: { loads: 1, heard: ['n3 says 2, answers 2'] } },
    n2: { status: 'terminated', report: { loads: 1, heard: ['n3 says 2, answers 2'] } },
    n3: { status: 'terminated', report: { loads: 2, heard: ['n1 1', 'n2 1'] } },
  });
  expect(Object.values(results).map(({ dropped }) => dropped)).toEqual([{}, {}, {}]);
  expect(run.pageErrors).toEqual([]);
  await run.close();
});

testThoroughly('a node that never starts is named when time is over', async () => {
  const run = await lab.newRun({ algorithm: testAlgorithm('Vigil'), config: three });
  await run.startTabs(['n1', 'n2']);
  await Promise.all(['n1', 'n2'].map((id) => waitsForOnly(run, id, ['n3'])));
  await run.stop('timeout');
  for (const result of Object.values(await run.results(['n1', 'n2']))) {
    expect(result).toMatchObject({
      status: 'timeout',
      error: 'time is over; it was waiting for n3 (never came)',
      report: { gone: [], released: [] },
    });
  }
  await run.close();
});

testThoroughly(
  'a node id that is taken is refused with what to do, and its holder goes on',
  async () => {
    const run = await lab.newRun({ algorithm: testAlgorithm('Vigil'), config: three });
    await run.startTabs(['n1', 'n2']);
    const second = await run.openTab();
    await expect(run.start(second, 'n1')).rejects.toThrow(
      new RegExp(`Node n1 is already held in room ${run.room} by member \\w+\\. Close that tab`),
    );
    // The refused tab is free for another node, and the room is whole.
    await run.start(second, 'n3');
    await Promise.all(['n1', 'n2', 'n3'].map((id) => run.said(id, /keeps vigil/)));
    await run.close();
  },
);

/** Members of the room by node, as they are announced to everybody. */
async function observe(run: LiveRun): Promise<ReadonlyMap<string, MemberDescription>> {
  const members = new Map<string, MemberDescription>();
  const client = new SignalingClient({ url: run.job().signalUrl, webSocket: WebSocket });
  client.on('joined', (member) => {
    if (member.node !== undefined) members.set(member.node, member);
  });
  await client.join({
    room: run.room,
    member: 'observer',
    token: 'token-of-the-observer',
    incarnation: 1,
  });
  run.onClose(() => client.close());
  return members;
}

/** The records of the page's one node in its event log. */
function eventLog(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const node = sessionStorage.key(0)!.replace(/^parley\//, '');
    const names = (await indexedDB.databases()).map(({ name }) => name!);
    const name = names.find((one) => one.startsWith(`parley/${node}/`))!;
    const settled = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error!);
      });
    const database = await settled(indexedDB.open(name));
    const range = IDBKeyRange.bound(['log/events', 'record/'], ['log/events', 'record0']);
    const values = database.transaction('values').objectStore('values');
    const lines = (await settled(values.getAll(range))) as Uint8Array[];
    database.close();
    return lines.map((bytes) => new TextDecoder().decode(bytes));
  });
}

/** Asks a page again until it has what is looked for: nothing reports what stands in its storage. */
async function eventually<T>(ask: () => Promise<T>, isThere: (value: T) => boolean): Promise<T> {
  return expect
    .poll(ask, { timeout: 20_000, interval: 50 })
    .toSatisfy(isThere)
    .then(() => ask());
}

/** Whom a node waited for when it said so last. */
function waitedFor(run: LiveRun, id: string): readonly string[] {
  const last = run.reports.findLast((one) => one.kind === 'status' && one.node === id);
  return last?.kind === 'status' ? last.waitingFor : [];
}

async function waitsForOnly(run: LiveRun, id: string, nodes: readonly string[]): Promise<void> {
  await run.until(`${id} to wait for ${nodes.join()} alone`, () => {
    const isSo = waitedFor(run, id).join() === nodes.join();
    return isSo || undefined;
  });
}
