/** Runs edited code: in a worker inside a sandboxed frame, which the page can throw away at any moment. */

import type { FromHunter, ToHunter } from '../explore/hunter.ts';
import type { FromSimulation } from '../run-simulation.ts';
import type { ToSimulation } from '../simulation-worker.ts';
import { idleHost, type WorkerHost } from '../live/worker-host.ts';
import type { EditedCode } from './edited-code.ts';

/** To the worker in the sandbox: first the code, then what is to be done with it. */
export type ToSandbox =
  | { readonly kind: 'code'; readonly code: EditedCode }
  | ToSimulation
  | ToHunter;

/** From it. */
export type FromSandbox = FromSimulation | FromHunter;

/** Without a sign of life for so many milliseconds the code is in a loop, or has eaten the memory that there was. */
const SILENCE_MS = 8000;
/** Until the first one it has to be loaded. */
const START_MS = 20_000;
const SILENCE =
  'The code never yields, or it has used up the memory: it was ended after some seconds of silence. Your text is kept: look for a loop that waits for nothing, or for a list that only grows.';

/** What the frame says. */
interface FrameMessage {
  readonly ready?: true;
  readonly problem?: string;
}

/** A sandbox for `code`. */
export function openSandbox<To extends ToSandbox, From extends FromSandbox>(
  code: EditedCode,
): WorkerHost<To, From> {
  const frame = document.createElement('iframe');
  const { port1: port, port2: theirs } = new MessageChannel();
  let watch: ReturnType<typeof setTimeout> | undefined;
  const post = (message: ToSandbox) => port.postMessage(message);
  const host = idleHost<To, From>(post, () => {
    clearTimeout(watch);
    removeEventListener('message', onFrame);
    port.close();
    frame.remove();
  });
  const waitFor = (ms: number) => {
    clearTimeout(watch);
    watch = setTimeout(() => host.onsilence(SILENCE), ms);
  };
  const onFrame = ({ source, data }: MessageEvent<FrameMessage>) => {
    if (source !== frame.contentWindow) return;
    if (data.problem !== undefined) host.onproblem(String(data.problem));
    else if (data.ready === true) frame.contentWindow!.postMessage(undefined, '*', [theirs]);
  };
  addEventListener('message', onFrame);
  port.onmessage = ({ data }: MessageEvent<From>) => {
    waitFor(SILENCE_MS);
    host.onmessage(data);
  };
  waitFor(START_MS);
  post({ kind: 'code', code });
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.hidden = true;
  frame.title = 'Edited code';
  frame.src = new URL('sandbox.html', document.baseURI).href;
  document.body.append(frame);
  return host;
}
