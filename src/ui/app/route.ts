/** The address of a screen: what stands behind the `#`. */

/** Which screen. */
export type Route =
  | { readonly screen: 'home' }
  | { readonly screen: 'lab'; readonly name: string; readonly query: URLSearchParams }
  /** A room by its address as it stands in links: `7KQ2MX`, or `7KQ2MX,KEY` when it is closed. */
  | { readonly screen: 'room'; readonly address: string }
  /** The same room, as the screen at the front of a class shows it. */
  | { readonly screen: 'present'; readonly address: string }
  /** The run of a link, by all that stands behind `#/run/`. */
  | { readonly screen: 'run'; readonly link: string }
  /** The applications, one of them by its name, or one in the cluster of a code. */
  | { readonly screen: 'apps'; readonly code: string | undefined }
  /** Where traces and logs are opened. */
  | { readonly screen: 'open' }
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
    return { screen: 'room', address: name };
  }
  if (screen === 'present' && name !== undefined && parts.length === 2) {
    return { screen: 'present', address: name };
  }
  if (screen === 'run' && name !== undefined && parts.length === 2) {
    return { screen: 'run', link: name };
  }
  if (screen === 'open' && parts.length === 1) return { screen: 'open' };
  if (screen === 'apps' && parts.length <= 2) return { screen: 'apps', code: name };
  return { screen: 'unknown', hash };
}

/** Address of the screen that opens traces. */
export const OPEN_LINK = '#/open';

/** Address of the applications, or of the cluster of one. */
export function appsLink(code?: string): string {
  return code === undefined ? '#/apps' : `#/apps/${encodeURIComponent(code).replace('%2C', ',')}`;
}

/** Address of a chapter's lab. */
export function labLink(name: string, query: Readonly<Record<string, string>> = {}): string {
  const search = new URLSearchParams(query).toString();
  return `#/lab/${encodeURIComponent(name)}${search === '' ? '' : `?${search}`}`;
}

/** Address of a room: the hash of its link. */
export function roomHash(link: string): string {
  return `#/room/${roomAddressIn(link)}`;
}

/** Address of the screen at the front of a class. */
export function presenterHash(link: string): string {
  return `#/present/${roomAddressIn(link)}`;
}

/** The address in what somebody typed or pasted: a code, a code with its key, or a link to a room; with a comma where people write `#`. */
export function roomAddressIn(text: string): string {
  const [, behind] = text.split('#/room/');
  const address = behind === undefined ? text : decode(behind.split(/[?/]/)[0] ?? '');
  return address.replaceAll(/\s+/g, '').replace('#', ',');
}

/** The code alone of a room's address, for people. */
export function codeOf(address: string): string {
  return address.split(',')[0] ?? address;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
