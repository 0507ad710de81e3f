/** Simulates edited code: in a worker inside a sandboxed frame, which the page can throw away at any moment. */

import type { SimulationHost } from '../simulate.ts';
import type { FromSimulation, SimulationOrder } from '../run-simulation.ts';
import type { EditedCode } from './edited-code.ts';

/** To the worker in the sandbox. */
export type ToSandbox =
  | ({ readonly kind: 'run'; readonly code: EditedCode } & SimulationOrder)
  | { readonly kind: 'stop' };

/** Without a sign of life for so many milliseconds the code is in a loop. */
const SILENCE_MS = 8000;

/** What the frame says. */
interface FrameMessage {
  readonly ready?: true;
  readonly problem?: string;
}

/** A sandbox for `code`. */
export function openSandbox(code: EditedCode): SimulationHost {
  const frame = document.createElement('iframe');
  const { port1: port, port2: theirs } = new MessageChannel();
  let watch: ReturnType<typeof setTimeout> | undefined;
  const host: SimulationHost = {
    onmessage: () => {},
    onproblem: () => {},
    post(message) {
      port.postMessage(message.kind === 'run' ? { ...message, code } : message);
    },
    close() {
      clearTimeout(watch);
      removeEventListener('message', onFrame);
      port.close();
      frame.remove();
    },
  };
  const hear = () => {
    clearTimeout(watch);
    watch = setTimeout(
      () => host.onproblem('The code never yields: it was ended after some seconds of silence.'),
      SILENCE_MS,
    );
  };
  const onFrame = ({ source, data }: MessageEvent<FrameMessage>) => {
    if (source !== frame.contentWindow) return;
    if (data.problem !== undefined) host.onproblem(String(data.problem));
    else if (data.ready === true) frame.contentWindow!.postMessage(undefined, '*', [theirs]);
  };
  addEventListener('message', onFrame);
  port.onmessage = ({ data }: MessageEvent<FromSimulation>) => {
    hear();
    host.onmessage(data);
  };
  hear();
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.hidden = true;
  frame.title = 'Edited code';
  frame.src = new URL('sandbox.html', document.baseURI).href;
  document.body.append(frame);
  return host;
}
