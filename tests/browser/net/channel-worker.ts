/** Holds one end of a channel in a worker and does what the test asks of it. */

import { RtcChannel } from '../../../src/net/rtc-channel.ts';
import { PortChannel } from '../../../src/net/port-channel.ts';
import { LocalEnd } from '../../compliance/channel-end.ts';
import type { Answer, Handover, Question } from './remote-end.ts';

let end: LocalEnd | undefined;

globalThis.onmessage = async ({ data }: MessageEvent<Handover | Question>) => {
  if ('channel' in data) {
    end = new LocalEnd((events) => new RtcChannel(data.channel, events));
  } else if ('port' in data) {
    end = new LocalEnd((events) => new PortChannel(data.port, events));
  } else {
    const method = end![data.method] as (...parameters: readonly unknown[]) => Promise<unknown>;
    const result = await method.apply(end, [...data.parameters]);
    const answer: Answer = { number: data.number, result };
    globalThis.postMessage(answer);
  }
};
