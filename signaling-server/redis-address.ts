/** Whether a text says where a Redis is, e.g. `redis://localhost:6379/0`, or `rediss://…` with TLS. */
export function isRedisAddress(text: string): boolean {
  const address = URL.canParse(text) ? new URL(text) : undefined;
  if (address?.protocol !== 'redis:' && address?.protocol !== 'rediss:') return false;
  return address.hostname !== '' && /^(\/\d*)?$/.test(address.pathname);
}
