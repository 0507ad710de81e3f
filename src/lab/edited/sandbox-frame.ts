/**
 * Entry of the frame that holds edited code. The frame is sandboxed: its origin is nobody's. Its worker is made of a text, for a worker's
 * file must come from the origin of whoever makes it.
 */

// oxlint-disable-next-line import/default -- Vite makes the address of a bundled worker of it
import workerAddress from './sandbox-worker.ts?worker&url';

/**
 * Scripts come from the folder of this one alone. The page itself cannot say so: it does not know its address, and in a frame without an
 * origin `'self'` means nothing.
 */
function closeTheWorld(): void {
  const policy = document.createElement('meta');
  policy.httpEquiv = 'Content-Security-Policy';
  const folder = new URL('.', import.meta.url).href;
  policy.content = `script-src ${folder} blob: 'unsafe-eval'`;
  document.head.append(policy);
}

addEventListener('message', ({ source, ports }) => {
  if (source !== parent) return;
  const address = new URL(workerAddress, import.meta.url).href;
  // A port that comes before the code is there waits.
  const text = `onmessage = ({ ports: [port] }) => { self.port = port; };
    import(${JSON.stringify(address)}).catch((error) => setTimeout(() => { throw error; }));`;
  const worker = new Worker(URL.createObjectURL(new Blob([text], { type: 'text/javascript' })));
  const [port] = ports;
  worker.onerror = (event) => {
    event.preventDefault();
    const reason = event.message || 'it could not be loaded';
    parent.postMessage({ problem: `The worker of the edited code failed: ${reason}` }, '*');
  };
  worker.postMessage(undefined, [port!]);
});

closeTheWorld();
// The parent sends the port when somebody is here to take it.
parent.postMessage({ ready: true }, '*');
