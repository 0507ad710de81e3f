/** A worker with one live node of a test's, which needs no built page. */

import { PortChannel } from '../../../src/net/port-channel.ts';
import { RtcChannel } from '../../../src/net/rtc-channel.ts';
import { LiveNode } from '../../../src/runtime/live/live-node.ts';
import type { FromWorker, ToWorker } from '../../../src/runtime/live/worker-protocol.ts';
import { MemoryStore } from '../../../src/storage/memory.ts';
import { StoredLog } from '../../../src/storage/stored-log.ts';
import { planOf } from '../../support/simulate.ts';
import { Chatter } from './chatter.ts';

let node: LiveNode | undefined;

const report = (message: FromWorker) => postMessage(message);

globalThis.onmessage = async ({ data }: MessageEvent<ToWorker<{ readonly nodes: number }>>) => {
  if (data.kind === 'start') {
    const plan = planOf(Chatter, { nodes: data.spec.nodes });
    const storage = { store: () => new MemoryStore(), eventLog: new StoredLog(new MemoryStore()) };
    node = await LiveNode.create(plan, data.seat, storage, report);
    report({ kind: 'started' });
    node.start();
  } else if (data.kind === 'present') node!.present(data.node, data.incarnation, data.publicKey);
  else if (data.kind === 'channels') {
    const { channels } = data;
    node!.connect(data.node, data.attempt, (one, events) => new RtcChannel(channels[one], events));
  } else if (data.kind === 'ports') {
    const { ports } = data;
    node!.connect(data.node, data.attempt, (one, events) => new PortChannel(ports[one], events));
  } else if (data.kind === 'secured') node!.secured(data.node, data.attempt, data.certificates);
  else if (data.kind === 'gone') node!.gone(data.node, data.why);
  else if (data.kind === 'stop') node!.stop(data.status, data.why);
};
report({ kind: 'loaded' });
