/**
 * Keeps the page for when there is no network. Files that are named by their content come from the cache, for they never change; documents
 * come from the network as long as there is one, so that a new version is seen at once.
 */

/** What this file needs of a service worker; its types and those of a page do not go together in one program. */
interface Scope {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(kind: 'install' | 'activate', listener: (event: Lasting) => void): void;
  addEventListener(
    kind: 'message',
    listener: (event: Lasting & { readonly data: unknown }) => void,
  ): void;
  addEventListener(kind: 'fetch', listener: (event: Fetching) => void): void;
}

interface Lasting {
  waitUntil(work: Promise<unknown>): void;
}

interface Fetching {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

const worker = globalThis as unknown as Scope;
const CACHE = 'parley';
/** Files that are fetched at a time: the page comes first. */
const AT_ONCE = 4;
/** Names every file of the page: the build writes it. */
const LIST = 'files.json';

/** What it says. */
interface FileList {
  /** Files that everybody needs. */
  readonly page: readonly string[];
  /** Large ones, that only some ask for: they are kept once somebody did. */
  readonly rare: readonly string[];
}

worker.addEventListener('install', (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener('message', (event) => {
  if (event.data === 'keep') event.waitUntil(keepAll());
});
worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { scope } = worker.registration;
  if (request.method !== 'GET' || !request.url.startsWith(scope)) return;
  const path = request.url.slice(scope.length).split(/[?#]/)[0]!;
  // Signaling, health and whatever else the server answers is nobody's to keep.
  if (path.startsWith('assets/')) event.respondWith(fromCache(request));
  else if (path === '' || /\.(html|svg|webmanifest)$/.test(path)) {
    event.respondWith(fromNetwork(request));
  }
});

/** Fetches what is not here yet, and forgets what the page no longer has. */
async function keepAll(): Promise<void> {
  const { scope } = worker.registration;
  const list = (await (await fetch(LIST, { cache: 'no-cache' })).json()) as FileList;
  const addresses = (names: readonly string[]) => names.map((name) => new URL(name, scope).href);
  const wanted = new Set(addresses([...list.page, ...list.rare]));
  const cache = await caches.open(CACHE);
  for (const { url } of await cache.keys()) if (!wanted.has(url)) await cache.delete(url);
  const queue = addresses(list.page);
  const fetchSome = async () => {
    for (let url = queue.pop(); url !== undefined; url = queue.pop()) {
      if ((await cache.match(url)) === undefined) await cache.add(url);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, fetchSome));
}

async function fromCache(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request.url);
  if (kept !== undefined) return kept;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request.url, answer.clone());
  return answer;
}

async function fromNetwork(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const [address] = request.url.split(/[?#]/);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(address!, answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(address!);
    if (kept === undefined) throw error;
    return kept;
  }
}
