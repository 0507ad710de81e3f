/** The address of a screen: what stands behind the `#`. */

/** Which screen. */
export type Route =
  | { readonly screen: 'home' }
  | { readonly screen: 'lab'; readonly name: string; readonly query: URLSearchParams }
  | { readonly screen: 'room'; readonly code: string }
  | { readonly screen: 'unknown'; readonly hash: string };

/** Reads an address. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const parts = path.split('/').filter(Boolean).map(decode);
  const [screen, name] = parts;
  if (screen === undefined) return { screen: 'home' };
  if (screen === 'lab' && name !== undefined && parts.length === 2) {
    return { screen: 'lab', name, query: new URLSearchParams(query) };
  }
  if (screen === 'room' && name !== undefined && parts.length === 2) {
    return { screen: 'room', code: name };
  }
  return { screen: 'unknown', hash };
}

/** Address of a chapter's lab. */
export function labLink(name: string, query: Readonly<Record<string, string>> = {}): string {
  const search = new URLSearchParams(query).toString();
  return `#/lab/${encodeURIComponent(name)}${search === '' ? '' : `?${search}`}`;
}

/** Address of a room. */
export function roomLink(code: string): string {
  return `#/room/${encodeURIComponent(code)}`;
}

/** The code in what somebody typed or pasted: a code, or a link to a room. */
export function roomCodeIn(text: string): string {
  const [, behind] = text.split('#/room/');
  const code = behind === undefined ? text : decode(behind.split(/[?/]/)[0] ?? '');
  return code.trim().replaceAll(/\s+/g, '');
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
