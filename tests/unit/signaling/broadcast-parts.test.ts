/** The pulse of a socket, and the channels that tabs hear. */

import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  newTabId,
  SocketChannel,
  TabBus,
  type BusMessage,
} from '../../../src/net/signaling/broadcast-signaling-bus.ts';
import { Pulse } from '../../../src/net/signaling/pulse.ts';

afterEach(() => void vi.useRealTimers());

describe('a pulse', () => {
  const start = () => {
    vi.useFakeTimers();
    const diary: string[] = [];
    const pulse = new Pulse({
      pingMs: 1000,
      missesMax: 3,
      ping: () => diary.push('ping'),
      dead: () => diary.push('dead'),
    });
    return { pulse, diary };
  };

  test('asks as long as there are answers, however late', () => {
    const { pulse, diary } = start();
    for (let round = 0; round < 10; round++) {
      vi.advanceTimersByTime(3000);
      pulse.heard();
    }
    expect(diary).toEqual(Array.from({ length: 30 }, () => 'ping'));
    pulse.stop();
  });

  test('ends after so many questions without an answer, once', () => {
    const { diary } = start();
    vi.advanceTimersByTime(100_000);
    expect(diary).toEqual(['ping', 'ping', 'ping', 'dead']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('that is stopped says nothing', () => {
    const { pulse, diary } = start();
    pulse.stop();
    vi.advanceTimersByTime(100_000);
    expect(diary).toEqual([]);
  });
});

describe('the channels of tabs', () => {
  test('carry what tabs say, to the one that says it too, and nothing else', async () => {
    const [name, tab] = [newTabId(), newTabId()];
    const heard: BusMessage[][] = [[], []];
    const [ours, theirs] = await new Promise<TabBus[]>((resolve) => {
      const buses = heard.map((messages) => {
        return new TabBus(name, (message) => {
          messages.push(message);
          if (message.say === 'gone') buses[0]!.post({ say: 'who', tab });
          if (heard.every((all) => all.length === 4)) resolve(buses);
        });
      });
      const stranger = new BroadcastChannel(`parley/tabs/1/${name}`);
      const junk = [null, 7, 'open', {}, { say: 'open' }, { say: 'open', socket: '../x' }];
      for (const message of [...junk, { say: 'host', tab: 5 }, { say: 'down' }]) {
        stranger.postMessage(message);
      }
      stranger.postMessage({ say: 'host', tab, more: 'is ignored' });
      stranger.postMessage({ say: 'gone', tab });
      stranger.close();
    });
    const expected = ['host', 'gone', 'who', 'who'].map((say) => ({ say, tab }));
    expect(heard).toEqual([expected, expected]);
    ours!.close();
    theirs!.close();
    theirs!.post({ say: 'gone', tab });
  });

  test('of one socket carry what its two ends say', async () => {
    const [name, socket, host] = [newTabId(), newTabId(), newTabId()];
    const ends: SocketChannel[] = [];
    const heard = await new Promise((resolve) => {
      ends.push(new SocketChannel(name, socket, () => expect.unreachable('it hears itself')));
      ends.push(new SocketChannel(name, socket, resolve));
      const stranger = new BroadcastChannel(`parley/tabs/1/${name}/${socket}`);
      stranger.postMessage({ say: 'up', host: 'nobody', frame: '{}' });
      stranger.postMessage({ say: 'end', host, code: 'x' });
      stranger.close();
      ends[0]!.post({ say: 'up', host, frame: '{}' });
    });
    expect(heard).toEqual({ say: 'up', host, frame: '{}' });
    for (const end of ends) end.close();
    ends[0]!.post({ say: 'up', host, frame: '{}' });
  });
});
