/** Entry of the worker in which one live node runs. */

import { messageOf } from '../../core/errors.ts';
import { NodeStorage } from '../../storage/indexed-db/node-storage.ts';
import { MemoryStore } from '../../storage/memory.ts';
import { StoredLog } from '../../storage/stored-log.ts';
import { RtcChannel } from '../../net/rtc-channel.ts';
import { PortChannel } from '../../net/port-channel.ts';
import { LiveNode, type LiveStorage } from '../../runtime/live/live-node.ts';
import type { FromWorker, LiveSeat, ToWorker } from '../../runtime/live/worker-protocol.ts';
import { pageChapter } from '../page/page-chapters.ts';
import { planOf, type RunSpec } from '../run-spec.ts';

type Message = ToWorker<RunSpec>;

/** The node, once it is made. The page sends channels only after that: they must be taken in the task in which they come. */
let node: LiveNode | undefined;

globalThis.onmessage = ({ data }: MessageEvent<Message>) => {
  if (data.kind === 'start') void start(data.spec, data.seat, data.startupDelayMs);
  else if (node !== undefined) handle(node, data);
};
report({ kind: 'loaded' });

function handle(live: LiveNode, message: Exclude<Message, { kind: 'start' }>): void {
  switch (message.kind) {
    case 'present':
      live.present(message.node, message.incarnation, message.publicKey);
      return;
    case 'channels': {
      const { node: other, attempt, channels } = message;
      live.connect(other, attempt, (one, events) => new RtcChannel(channels[one], events));
      return;
    }
    case 'ports': {
      const { node: other, attempt, ports } = message;
      live.connect(other, attempt, (one, events) => new PortChannel(ports[one], events));
      return;
    }
    case 'secured':
      live.secured(message.node, message.attempt, message.certificates);
      return;
    case 'carry':
      live.carry(message.to, message.text);
      return;
    case 'farewell':
      live.farewell();
      return;
    case 'hold':
      live.hold(message.isHeld);
      return;
    case 'grab':
      live.grab(message.message, message.deed);
      return;
    case 'cut':
      live.cut(message.from);
      return;
    case 'gone':
      live.gone(message.node, message.why);
      return;
    case 'stop':
      live.stop(message.status, message.why);
  }
}

async function start(spec: RunSpec, seat: LiveSeat, startupDelayMs: number): Promise<void> {
  try {
    const { chapter } = await pageChapter(spec.algorithm);
    const { plan } = planOf(spec, chapter);
    const live = await LiveNode.create(plan, seat, await openStorage(seat), report);
    node = live;
    report({ kind: 'started' });
    setTimeout(() => live.start(), startupDelayMs);
  } catch (error) {
    report({ kind: 'problem', text: messageOf(error) });
  }
}

/** IndexedDB; in memory where a browser refuses it (private windows of some), which is said. */
async function openStorage({ room, id, secretKey }: LiveSeat): Promise<LiveStorage> {
  try {
    // The key is part of the name: another node under the same id in a room of the same code must not find these records.
    const key = Array.from(secretKey.subarray(0, 4), (byte) => byte.toString(16)).join('');
    const storage = await NodeStorage.open(`${room}/${id}/${key}`);
    return { store: (path) => storage.store(path), eventLog: storage.log('events') };
  } catch (error) {
    const text = `nothing will survive a reload: this browser offers no IndexedDB (${messageOf(error)})`;
    report({ kind: 'log', level: 'warn', path: '', text });
    const stores = new Map<string, MemoryStore>();
    return {
      store: (path) => {
        const store = stores.get(path) ?? new MemoryStore();
        stores.set(path, store);
        return store;
      },
      eventLog: new StoredLog(new MemoryStore()),
    };
  }
}

function report(message: FromWorker): void {
  postMessage(message);
}
