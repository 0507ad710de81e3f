import { expect, test } from 'vitest';
import { LocalHub } from '../../../src/net/signaling/hub.ts';
import { joinTab, tab } from './support.ts';

test('a hub that closes closes its signalings, and nobody hears that others left', async () => {
  const hub = new LocalHub();
  const tabs = [await joinTab(hub.connect()), await joinTab(hub.connect())];
  hub.close();
  await new Promise(setImmediate);
  for (const { signaling, heard } of tabs) {
    expect(signaling.state).toBe('closed');
    expect(heard.all('left')).toEqual([]);
  }
  const late = hub.connect();
  expect(late.state).toBe('closed');
  await expect(late.join(tab())).rejects.toMatchObject({ code: 'wrong-state' });
});

test('delivery is never within the call that sends', async () => {
  const hub = new LocalHub();
  const [ada, bob] = [await joinTab(hub.connect()), await joinTab(hub.connect())];
  bob.signaling.signal(ada.request.member, 1);
  expect(ada.heard.all('signal')).toEqual([]);
  await ada.heard.until('signal');
  hub.close();
});
