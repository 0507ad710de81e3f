import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { signalingUrl } from '../../../src/net/signaling/protocol.ts';
import { Fixture, joinFrame, joinTab, metric, newKey, settle, tab } from './support.ts';

let fixture: Fixture;
beforeEach(() => {
  fixture = new Fixture();
});
afterEach(() => fixture.close());

describe('a key', () => {
  test('that is not proven in time holds no seat, and its socket does not stay', async () => {
    const request = tab({ node: 'n1', ...newKey() });
    const server = await fixture.server({ limits: { joinDeadlineMs: 200, membersPerRoom: 1 } });
    const idle = await fixture.raw(server);
    idle.send(joinFrame(request));
    await idle.next('challenge');
    // The room has one seat, and it is free.
    await joinTab(fixture.client(server), { node: 'n1' });
    expect(await idle.closed).toBe(1013);
  });

  test('is proven once a connection: a proof that was seen does not work again', async () => {
    const server = await fixture.server();
    const ada = await joinTab(fixture.client(server));
    const request = tab(newKey());
    const honest = await fixture.raw(server);
    honest.send(joinFrame(request));
    const signature = await honest.prove(request);
    await honest.next('welcome');
    const replaying = await fixture.raw(server);
    replaying.send(joinFrame({ ...request, incarnation: 2 }));
    await replaying.next('challenge');
    replaying.send({ type: 'prove', signature });
    expect(await replaying.next('error')).toMatchObject({
      code: 'bad-proof',
      message: expect.stringContaining('was not proven'),
    });
    expect(await replaying.closed).toBe(1008);
    await settle(ada.signaling, ada);
    expect(ada.heard.all('left')).toEqual([]);
    expect(ada.signaling.members.get(request.member)?.incarnation).toBe(1);
    expect(await metric(server, 'proofs_refused_total')).toBe(1);
  });

  test('keeps the place of a member whose connection broke, and its node', async () => {
    const server = await fixture.server();
    const ada = await joinTab(fixture.client(server));
    const request = tab({ node: 'n1', ...newKey() });
    const raw = await fixture.raw(server);
    await raw.join(request);
    raw.socket.terminate();
    await ada.heard.until('left');
    const thief = fixture.client(server);
    for (const change of [{}, newKey()]) {
      await expect(thief.join(tab({ node: 'n1', ...change }))).rejects.toMatchObject({
        code: 'node-taken',
        message: expect.stringContaining('bound to another key'),
      });
    }
    const back = await joinTab(fixture.client(server), { ...request, incarnation: 2 });
    expect(back.signaling.you).toMatchObject({ node: 'n1', order: 1 });
    // Who leaves for good gives it up.
    back.signaling.close();
    await ada.heard.until('left', ({ reason }) => reason === 'left');
    await thief.join(tab({ node: 'n1', ...newKey() }));
  });

  test('may be required', async () => {
    const server = await fixture.server({ requireKey: true });
    await expect(fixture.client(server).join(tab())).rejects.toMatchObject({
      code: 'key-required',
    });
    await joinTab(fixture.client(server), newKey());
  });
});

describe('codes cannot be found by trying', () => {
  const limits = { joinTokens: 99, joinTokensPerSecond: 0, missedRoomTokens: 32 };

  test('whether one asks for rooms or makes them, and over however many connections', async () => {
    for (const create of [false, true]) {
      const server = await fixture.server({ limits });
      const answers: string[] = [];
      for (let index = 0; index < 6; index++) {
        const raw = await fixture.raw(server);
        raw.send(joinFrame(tab({ room: `GUESS-${index}`, create })));
        const type = create && index < 4 ? 'welcome' : 'error';
        const answer = await raw.next(type);
        answers.push(answer.type === 'error' ? answer.code : answer.type);
      }
      const miss = create ? 'welcome' : 'unknown-room';
      expect(answers).toEqual([miss, miss, miss, miss, 'rate-limited', 'rate-limited']);
      expect(await metric(server, 'joins_refused_total')).toBe(2);
    }
  });

  test('and the refusal tells nothing of the room', async () => {
    const server = await fixture.server({ limits: { ...limits, joinTokens: 33 } });
    await joinTab(fixture.client(server), { room: 'REAL-ROOM' });
    await expect(
      fixture.client(server).join(tab({ room: 'GUESS-1', create: false })),
    ).rejects.toMatchObject({ code: 'unknown-room' });
    for (const room of ['REAL-ROOM', 'GUESS-2']) {
      const refused = fixture.client(server).join(tab({ room, create: false }));
      await expect(refused).rejects.toMatchObject({ code: 'rate-limited' });
      await expect(refused).rejects.toThrow('try again in a minute');
    }
  });

  test('while those who know theirs go on, a class at once', async () => {
    const server = await fixture.server({ limits });
    await Promise.all(
      Array.from({ length: 40 }, () => joinTab(fixture.client(server), { room: 'REAL-ROOM' })),
    );
    expect(await metric(server, 'joins_refused_total')).toBe(0);
  });

  test('addresses are told apart behind a proxy, and only there', async () => {
    const behind = await fixture.server({ limits: { ...limits, joinTokens: 0 }, proxies: 1 });
    const open = await fixture.server({ limits: { ...limits, joinTokens: 0 } });
    const code = async (port: number, from: string, room: string): Promise<string> => {
      const socket = new WebSocket(signalingUrl(`http://127.0.0.1:${port}`), {
        headers: { 'X-Forwarded-For': from },
      });
      fixture.later(() => socket.terminate());
      await once(socket, 'open');
      socket.send(JSON.stringify(joinFrame(tab({ room, create: false }))));
      const [data] = (await once(socket, 'message')) as [Buffer];
      return (JSON.parse(data.toString()) as { code: string }).code;
    };
    expect(await code(behind.port, '192.0.2.1', 'GUESS-1')).toBe('unknown-room');
    expect(await code(behind.port, '192.0.2.1', 'GUESS-2')).toBe('rate-limited');
    expect(await code(behind.port, '192.0.2.2', 'GUESS-3')).toBe('unknown-room');
    expect(await code(open.port, '192.0.2.1', 'GUESS-1')).toBe('unknown-room');
    expect(await code(open.port, '192.0.2.2', 'GUESS-2')).toBe('rate-limited');
  });
});
