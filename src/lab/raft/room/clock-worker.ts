/** Entry of the worker that keeps the time of a page: its timers are not those of a hidden page. */

const timers = new Map<number, ReturnType<typeof setTimeout>>();

/** To the worker: set this timer, or forget it where no delay is given. */
export interface ClockOrder {
  readonly number: number;
  readonly delayMs?: number;
}

globalThis.onmessage = ({ data: { number, delayMs } }: MessageEvent<ClockOrder>) => {
  clearTimeout(timers.get(number));
  timers.delete(number);
  if (delayMs === undefined) return;
  const fire = (): void => {
    timers.delete(number);
    postMessage(number);
  };
  timers.set(number, setTimeout(fire, delayMs));
};
