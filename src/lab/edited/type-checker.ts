/** The page's end of the worker that checks types: it is loaded with progress, and asked one thing at a time. */

import type { Diagnostic, TypeChecker, TypeLoading, TypeQuestion } from '../lab-service.ts';
import type { FromTypes, ToTypes } from './type-worker.ts';
// oxlint-disable-next-line import/default -- Vite makes the address of a bundled worker of it
import address from './type-worker.ts?worker&url';

/** A question that takes longer is given up, in milliseconds; a whole chapter takes one or two seconds the first time. */
const ANSWER_MS = 30_000;

/**
 * Loads the worker.
 *
 * @throws by rejection, with a message for people; and when `signal` says so
 */
export async function openTypeChecker({ signal, onProgress }: TypeLoading): Promise<TypeChecker> {
  const url = new URL(address, import.meta.url);
  // Through the browser's cache: the worker finds it there, and the way to it can be watched.
  if (!import.meta.env.DEV) await fetchWatched(url, signal, onProgress);
  const worker = new Worker(url, { type: 'module' });
  try {
    await begun(worker, signal);
  } catch (error) {
    worker.terminate();
    throw error;
  }
  return new PageTypeChecker(worker);
}

async function fetchWatched(
  url: URL,
  signal: AbortSignal,
  onProgress: TypeLoading['onProgress'],
): Promise<void> {
  const answer = await fetch(url, { signal });
  if (!answer.ok || answer.body === null) {
    throw new Error('The type checker could not be loaded: is the lab’s server still there?');
  }
  // What is compressed on its way is larger here than its length says.
  const isPacked = answer.headers.has('Content-Encoding');
  const length = isPacked ? 0 : Number(answer.headers.get('Content-Length') ?? 0);
  const reader = answer.body.getReader();
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    bytes += value.length;
    onProgress(bytes, length >= bytes ? length : undefined);
  }
}

function begun(worker: Worker, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    worker.addEventListener('message', () => resolve(), { once: true });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      reject(new Error(`The type checker did not start: ${event.message || 'it is not there'}.`));
    });
  });
}

class PageTypeChecker implements TypeChecker {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, (answer: FromTypes | undefined) => void>();
  #count = 0;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.addEventListener('message', ({ data }: MessageEvent<FromTypes>) => {
      if (data.kind !== 'ready') this.#waiting.get(data.id)?.(data);
    });
  }

  async check(question: TypeQuestion): Promise<readonly Diagnostic[] | undefined> {
    const answer = await this.#ask((id) => ({ kind: 'check', id, ...placeOf(question) }));
    return answer?.kind === 'checked' ? answer.diagnostics : undefined;
  }

  async describe(
    question: TypeQuestion,
    line: number,
    column: number,
  ): Promise<string | undefined> {
    const answer = await this.#ask((id) => {
      return { kind: 'describe', id, line, column, ...placeOf(question) };
    });
    return answer?.kind === 'described' ? answer.text : undefined;
  }

  #ask(questionOf: (id: number) => ToTypes): Promise<FromTypes | undefined> {
    const id = ++this.#count;
    return new Promise((resolve) => {
      const end = (answer: FromTypes | undefined) => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        resolve(answer);
      };
      const timer = setTimeout(() => end(undefined), ANSWER_MS);
      this.#waiting.set(id, end);
      this.#worker.postMessage(questionOf(id));
    });
  }
}

/** Where a chapter's files stand for imports. A module of the user's own has a path for a name. */
function placeOf({ chapter, files, file }: TypeQuestion): Pick<ToTypes, 'own' | 'path'> {
  const folder = `/src/algorithms/${chapter.replaceAll(/[^\w-]+/g, '_')}`;
  const scripts = files.filter(({ name }) => name.endsWith('.ts'));
  const own = Object.fromEntries(scripts.map(({ name, text }) => [`${folder}/${name}`, text]));
  return { own, path: `${folder}/${file}` };
}
