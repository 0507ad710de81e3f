/** Where in a file of a `FileStore` a value stands: for those who want to damage it. */

/** The last byte of the value under `key`, as it was written last. */
export function placeOfValue(file: Uint8Array, key: string): number {
  const text = new TextEncoder().encode(key);
  // In the canonical encoding bytes follow their key: a tag, their length as LEB128, and then themselves.
  for (let at = file.length - text.length; at >= 0; at--) {
    if (!text.every((byte, i) => file[at + i] === byte)) continue;
    let place = at + text.length + 1;
    let [length, shift] = [0, 0];
    for (; (file[place]! & 0x80) !== 0; shift += 7) length |= (file[place++]! & 0x7f) << shift;
    return place + (length | (file[place]! << shift));
  }
  throw new RangeError(`the file holds no '${key}'`);
}
