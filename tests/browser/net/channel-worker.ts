/** Holds one end of a link in a worker and does what the test asks of it. */

import { ChannelLink } from '../../../src/net/channel-link.ts';
import { PortLink } from '../../../src/net/port-link.ts';
import { LocalEnd } from '../../compliance/link-end.ts';
import type { Answer, Handover, Question } from './remote-end.ts';

let end: LocalEnd | undefined;

globalThis.onmessage = async ({ data }: MessageEvent<Handover | Question>) => {
  if ('channel' in data) {
    end = new LocalEnd((events) => new ChannelLink(data.channel, events));
  } else if ('port' in data) {
    end = new LocalEnd((events) => new PortLink(data.port, events));
  } else {
    const method = end![data.method] as (...parameters: readonly unknown[]) => Promise<unknown>;
    const result = await method.apply(end, [...data.parameters]);
    const answer: Answer = { number: data.number, result };
    globalThis.postMessage(answer);
  }
};
