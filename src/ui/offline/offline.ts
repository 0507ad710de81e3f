/** The page works without a network once it was here, where browsers allow that: over https, and on this machine. */

/** So long after it has begun, the page has better things to do, in milliseconds; and who leaves before did not want to keep it. */
const REST_MS = 15_000;

/** Keeps the page's files in this browser, in its own time. */
export function keepForOffline(): void {
  if (!import.meta.env.PROD || !isSecureContext || !('serviceWorker' in navigator)) return;
  setTimeout(() => {
    const address = new URL('service-worker.js', document.baseURI);
    navigator.serviceWorker
      .register(address)
      .then(() => navigator.serviceWorker.ready)
      .then(({ active }) => active?.postMessage('keep'))
      // Without it the page needs its server, as pages do.
      .catch(() => {});
  }, REST_MS);
}
