/** Where this page can be reached. */

/** Where other devices reach this page: `localhost` means something else to each of them, so the server is asked for its address. */
export async function originForOthers(): Promise<string> {
  const { hostname, origin } = location;
  if (!['localhost', '127.0.0.1', '[::1]'].includes(hostname)) return origin;
  try {
    const answer = (await (await fetch('health')).json()) as { readonly urls?: readonly string[] };
    const origins = (answer.urls ?? []).map((url) => new URL(url));
    return origins.find((url) => url.hostname !== 'localhost')?.origin ?? origin;
  } catch {
    // A page from elsewhere than our server: its own address is the best that is known.
    return origin;
  }
}

/** Where links lead that others open. */
export async function labForOthers(): Promise<string> {
  return `${await originForOthers()}${location.pathname}`;
}
