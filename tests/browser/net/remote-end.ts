/** The end of a link that lives in a worker, asked over the worker's port. */

import type {
  ClosingReport,
  EndView,
  FrameOrder,
  LinkEnd,
  ReceiveReport,
  SendReport,
} from '../../compliance/link-end.ts';

/** What the worker is asked. */
export interface Question {
  readonly number: number;
  readonly method: keyof LinkEnd;
  readonly parameters: readonly unknown[];
}

/** What it answers. */
export interface Answer {
  readonly number: number;
  readonly result: unknown;
}

/** How the worker gets its link: a channel that is transferred to it, or a port. */
export type Handover = { readonly channel: RTCDataChannel } | { readonly port: MessagePort };

/** An end in a worker. */
export class RemoteEnd implements LinkEnd {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, (result: unknown) => void>();
  #number = 0;

  /** Must be called in the task that made the channel. */
  constructor(handover: Handover) {
    this.#worker = new Worker(new URL('./link-worker.ts', import.meta.url), { type: 'module' });
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

  trySend(bytes: number): ReturnType<LinkEnd['trySend']> {
    return this.#ask('trySend', bytes);
  }

  fillAndDrain(): ReturnType<LinkEnd['fillAndDrain']> {
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

  #ask<T>(method: keyof LinkEnd, ...parameters: readonly unknown[]): Promise<T> {
    const number = ++this.#number;
    const question: Question = { number, method, parameters };
    return new Promise((resolve) => {
      this.#waiting.set(number, resolve as (result: unknown) => void);
      this.#worker.postMessage(question);
    });
  }
}
