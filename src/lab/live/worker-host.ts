/** What work is done in: a worker of the page, or a sandbox around one. The page speaks to both in the same way. */

/** The page's end of it. */
export interface WorkerHost<To, From> {
  onmessage: (message: From) => void;
  /** It can do no more, and why. */
  onproblem: (text: string) => void;
  /** It has said nothing for so long that some code in it must be in a loop; a problem unless somebody says what it is. */
  onsilence: (text: string) => void;
  post(message: To): void;
  close(): void;
}

/** A worker of this page. Whoever asks it something knows how long an answer may take. */
export function hostOf<To, From>(worker: Worker): WorkerHost<To, From> {
  const host = idleHost<To, From>(
    (message) => worker.postMessage(message),
    () => worker.terminate(),
  );
  worker.onmessage = ({ data }: MessageEvent<From>) => host.onmessage(data);
  worker.onerror = (event) => {
    event.preventDefault();
    host.onproblem(event.message || 'A worker of the page could not be loaded.');
  };
  return host;
}

/** A host that nobody listens to yet. */
export function idleHost<To, From>(
  post: (message: To) => void,
  close: () => void,
): WorkerHost<To, From> {
  const host: WorkerHost<To, From> = {
    onmessage: () => {},
    onproblem: () => {},
    onsilence: (text) => host.onproblem(text),
    post,
    close,
  };
  return host;
}
