import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { PortInUseError } from '../../../signaling-server/listen.ts';
import { startSignalingServer } from '../../../signaling-server/server.ts';
import { Fixture, joinFrame, joinTab, metric, settle, tab } from './support.ts';

let fixture: Fixture;
beforeEach(() => {
  fixture = new Fixture();
});
afterEach(() => fixture.close());

describe('the end of a socket is announced', () => {
  test('as closed when it was closed', async () => {
    const server = await fixture.server();
    const ada = await joinTab(fixture.client(server));
    const raw = await fixture.raw(server);
    const request = tab({ incarnation: 3 });
    await raw.join(request);
    raw.socket.close();
    const { member } = request;
    expect(await ada.heard.until('left')).toEqual({ member, incarnation: 3, reason: 'closed' });
  });

  test('as lost when it died', async () => {
    const server = await fixture.server();
    const ada = await joinTab(fixture.client(server));
    const raw = await fixture.raw(server);
    await raw.join(tab());
    raw.socket.terminate();
    expect(await ada.heard.until('left')).toMatchObject({ reason: 'lost' });
  });

  test('as lost when it answers no ping', async () => {
    const server = await fixture.server({ limits: { pingIntervalMs: 20 } });
    const dead = await fixture.raw(server, { autoPong: false });
    dead.send(joinFrame(tab()));
    expect(await dead.closed).toBe(1006);
    expect(await metric(server, 'clients_dead_total')).toBe(1);
    expect(await metric(server, 'members')).toBe(0);
  });
});

describe('a ghost', () => {
  test('is told superseded and closed; its late close hurts nobody', async () => {
    const server = await fixture.server();
    const ada = await joinTab(fixture.client(server));
    const ghost = await fixture.raw(server);
    const request = tab();
    await ghost.join(request);
    // It lingers: it reads nothing, and so does not answer the server's close.
    ghost.socket.pause();
    const bob = await joinTab(fixture.client(server), { ...request, incarnation: 2 });
    await settle(bob.signaling, ada);
    ghost.socket.resume();
    expect(await ghost.next('error')).toMatchObject({ code: 'superseded' });
    expect(await ghost.closed).toBe(4001);
    await settle(bob.signaling, ada);
    const { member } = request;
    expect(ada.heard.all('left')).toEqual([{ member, incarnation: 1, reason: 'superseded' }]);
    expect(ada.signaling.members.get(member)?.incarnation).toBe(2);
  });
});

describe('upgrades', () => {
  test('on another path get 404, and 426 waits on ours without one', async () => {
    const server = await fixture.server();
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/other`);
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toContain('404');
    expect((await fetch(`${server.urls[0]}signal`)).status).toBe(426);
  });

  test('on another path go to the fallback, which does not disturb ours', async () => {
    const other = new WebSocketServer({ noServer: true });
    other.on('connection', (socket) => socket.on('message', (data) => socket.send(data)));
    const server = await fixture.server({
      fallbackUpgrade: (request, socket, head) =>
        other.handleUpgrade(request, socket, head, (client) => other.emit('connection', client)),
    });
    const echo = new WebSocket(`ws://127.0.0.1:${server.port}/hot-reload`);
    await once(echo, 'open');
    echo.send('echo');
    expect(String((await once(echo, 'message'))[0])).toBe('echo');
    await fixture.client(server).join(tab());
    const closed = once(echo, 'close');
    await server.close();
    await closed;
  });
});

describe('starting and closing', () => {
  test('a port in use is an error that names the next free one', async () => {
    const first = await fixture.server();
    const starting = startSignalingServer({ port: first.port, host: '127.0.0.1' });
    const error = await starting.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(PortInUseError);
    const { port, nextFreePort, message } = error as PortInUseError;
    expect(port).toBe(first.port);
    expect(nextFreePort).toBeGreaterThan(first.port);
    expect(message).toContain(`Port ${first.port} is in use`);
    expect(message).toContain(String(nextFreePort));
    const second = await fixture.server({ port: nextFreePort! });
    expect(second.port).toBe(nextFreePort);
  });

  test('clients are told to come back, and not that the others left', async () => {
    const server = await fixture.server();
    const [first, second] = [await fixture.raw(server), await fixture.raw(server)];
    await first.join(tab());
    await second.join(tab());
    await first.next('joined');
    await Promise.all([server.close(), server.close()]);
    expect([await first.closed, await second.closed]).toEqual([1001, 1001]);
    expect([...first.messages, ...second.messages]).toEqual([]);
    await expect(fetch(`${server.urls[0]}health`)).rejects.toThrow();
    await fixture.server({ port: server.port });
  });

  test('closing does not wait for those who do not', async () => {
    const server = await fixture.server({
      limits: { closeGraceMs: 30 },
      dynamicRoute: () => true,
    });
    const stubborn = await fixture.raw(server);
    await stubborn.join(tab());
    stubborn.socket.pause();
    const unanswered = fetch(`${server.urls[0]}never`).catch(() => 'cut off');
    await metric(server, 'rooms');
    const silent = connect(server.port, '127.0.0.1');
    silent.on('error', () => {});
    await once(silent, 'connect');
    silent.write('GET / HTTP/1.1\r\n');
    await server.close();
    expect(await unanswered).toBe('cut off');
    silent.destroy();
  });

  test('empty rooms are forgotten in time', async () => {
    const server = await fixture.server({ limits: { pingIntervalMs: 50, emptyRoomGraceMs: 0 } });
    const raw = await fixture.raw(server);
    raw.send(joinFrame(tab()));
    raw.send({ type: 'leave' });
    await raw.closed;
    await vi.waitUntil(async () => (await metric(server, 'rooms')) === 0, { timeout: 30_000 });
  });

  test('the addresses', async () => {
    const everywhere = await startSignalingServer({ port: 0 });
    fixture.later(() => everywhere.close());
    expect(everywhere.urls[0]).toBe(`http://localhost:${everywhere.port}/`);
    for (const url of everywhere.urls) {
      expect((await fetch(`${url}health`)).status).toBe(200);
    }
    const here = await fixture.server();
    expect(here.urls).toEqual([`http://127.0.0.1:${here.port}/`]);
  });

  test('what happened is logged, without tokens', async () => {
    const entries: object[] = [];
    const server = await fixture.server({
      log: (entry) => entries.push(entry),
      limits: { strikes: 1 },
    });
    const raw = await fixture.raw(server);
    const request = tab();
    await raw.join(request);
    raw.send('junk');
    await raw.closed;
    await Promise.all([server.close(), server.close()]);
    expect(entries).toMatchObject([
      { level: 'info', event: 'listening', port: server.port },
      { level: 'warn', event: 'client-struck-out' },
      { level: 'info', event: 'closed' },
    ]);
    expect(JSON.stringify(entries)).not.toContain(request.token);
  });
});
