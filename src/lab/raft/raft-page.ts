/** The tab of one node of `parley raft`: it starts the worker and passes on what the program that drives the browser asks. */

import type { Answered, Asked, RaftAnswer, RaftJob, RaftRequest } from './raft-worker.ts';

declare global {
  interface Window {
    /** Source of the worker, put there by the driver. */
    parleyRaftWorker: string;
    parleyRaft: {
      start(job: RaftJob): Promise<void>;
      ask(request: RaftRequest): Promise<RaftAnswer>;
    };
  }
}

/** Those who wait for the worker's answers, by number. */
const waiting = new Map<number, (answered: Answered) => void>();
let numbers = 0;
let worker: Worker | undefined;

window.parleyRaft = {
  async start(job) {
    const source = new Blob([window.parleyRaftWorker], { type: 'text/javascript' });
    worker = new Worker(URL.createObjectURL(source));
    worker.onmessage = ({ data }: MessageEvent<Answered>) => {
      waiting.get(data.number)?.(data);
      waiting.delete(data.number);
    };
    await post({ job });
  },
  ask: async (request) => (await post({ request })).answer!,
};

async function post(
  asked: { readonly job: RaftJob } | { readonly request: RaftRequest },
): Promise<Answered> {
  const number = ++numbers;
  const answered = await new Promise<Answered>((resolve) => {
    waiting.set(number, resolve);
    worker!.postMessage({ number, ...asked } satisfies Asked);
  });
  if (answered.problem !== undefined) throw new Error(answered.problem);
  return answered;
}
