/** The end of a channel that lives in a worker, asked over the worker's port. */

import type {
  ClosingReport,
  EndView,
  FrameOrder,
  ChannelEnd,
  ReceiveReport,
  SendReport,
} from '../../compliance/channel-end.ts';

/** What the worker is asked. */
export interface Question {
  readonly number: number;
  readonly method: keyof ChannelEnd;
  readonly parameters: readonly unknown[];
}

/** What it answers. */
export interface Answer {
  readonly number: number;
  readonly result: unknown;
}

/** How the worker gets its end: a channel that is transferred to it, or a port. */
export type Handover = { readonly channel: RTCDataChannel } | { readonly port: MessagePort };

/** An end in a worker. */
export class RemoteEnd implements ChannelEnd {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, (result: unknown) => void>();
  #number = 0;

  /** Must be called in the task that made the channel. */
  constructor(handover: Handover) {
    this.#worker = new Worker(new URL('./channel-worker.ts', import.meta.url), { type: 'module' });
    this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      this.#waiting.get(data.number)?.(data.result);
      this.#waiting.delete(data.number);
    };
    this.#worker.postMessage(handover, Object.values(handover) as Transferable[]);
  }

  opened(): Promise<void> {
    return this.#ask('opened');
  }

  sendFrames(order: FrameOrder): Promise<SendReport> {
    return this.#ask('sendFrames', order);
  }

  received(count: number): Promise<ReceiveReport> {
    return this.#ask('received', count);
  }

  trySend(bytes: number): ReturnType<ChannelEnd['trySend']> {
    return this.#ask('trySend', bytes);
  }

  fillAndDrain(): ReturnType<ChannelEnd['fillAndDrain']> {
    return this.#ask('fillAndDrain');
  }

  close(reason: string): Promise<void> {
    return this.#ask('close', reason);
  }

  closed(): Promise<ClosingReport> {
    return this.#ask('closed');
  }

  look(): Promise<EndView> {
    return this.#ask('look');
  }

  terminate(): void {
    this.#worker.terminate();
  }

  #ask<T>(method: keyof ChannelEnd, ...parameters: readonly unknown[]): Promise<T> {
    const number = ++this.#number;
    const question: Question = { number, method, parameters };
    return new Promise((resolve) => {
      this.#waiting.set(number, resolve as (result: unknown) => void);
      this.#worker.postMessage(question);
    });
  }
}
