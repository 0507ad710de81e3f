/** Entry of a worker of the page that looks for counterexamples in one of its chapters. */

import { pageChapter } from '../page/page-chapters.ts';
import { Hunter, type ToHunter } from './hunter.ts';

const hunter = new Hunter(
  async (algorithm) => (await pageChapter(algorithm)).chapter,
  (message) => postMessage(message),
);

globalThis.onmessage = ({ data }: MessageEvent<ToHunter>) => hunter.hear(data);
