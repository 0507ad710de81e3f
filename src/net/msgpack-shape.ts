/**
 * The shape of MessagePack, looked at before it is decoded: the decoder makes room for as many items as a header claims, so that five
 * bytes cost a hundred megabytes, and a hundred bytes the tab.
 */

/** Bytes behind the tags 0xc0 to 0xdf that are neither text, bytes, extension, list nor map: numbers, nil, booleans. */
const FIXED: Readonly<Record<number, number>> = {
  ...{ 0xc0: 0, 0xc2: 0, 0xc3: 0, 0xca: 4, 0xcb: 8 },
  ...{ 0xcc: 1, 0xcd: 2, 0xce: 4, 0xcf: 8, 0xd0: 1, 0xd1: 2, 0xd2: 4, 0xd3: 8 },
  // Extensions of 1, 2, 4, 8 and 16 bytes, with their type.
  ...{ 0xd4: 2, 0xd5: 3, 0xd6: 5, 0xd7: 9, 0xd8: 17 },
};

/** Tags that a length follows: its bytes, what each counted thing takes, and what comes besides. */
const COUNTED: Readonly<Record<number, readonly [lengthBytes: number, content: Content]>> = {
  ...{ 0xc4: [1, 'bytes'], 0xc5: [2, 'bytes'], 0xc6: [4, 'bytes'] },
  ...{ 0xc7: [1, 'extension'], 0xc8: [2, 'extension'], 0xc9: [4, 'extension'] },
  ...{ 0xd9: [1, 'bytes'], 0xda: [2, 'bytes'], 0xdb: [4, 'bytes'] },
  ...{ 0xdc: [2, 'list'], 0xdd: [4, 'list'], 0xde: [2, 'map'], 0xdf: [4, 'map'] },
};

type Content = 'bytes' | 'extension' | 'list' | 'map';

/**
 * Makes sure that `bytes` are one value, whole, with nothing behind it.
 * @throws {SyntaxError} when they are not
 */
export function checkShape(bytes: Uint8Array): void {
  let at = 0;
  /** Values still to come: those of every list and map that is open. */
  let open = 1;
  const add = (content: Content, count: number) => {
    if (content === 'list') open += count;
    else if (content === 'map') open += 2 * count;
    else at += count + (content === 'extension' ? 1 : 0);
  };
  while (open > 0) {
    // Each takes a byte at least: claims are refused as soon as they cannot be true.
    if (at + open > bytes.length) throw new SyntaxError('it claims to hold more than it does');
    open--;
    const tag = bytes[at++]!;
    if (tag < 0x80 || tag >= 0xe0) continue;
    if (tag < 0x90) add('map', tag & 0x0f);
    else if (tag < 0xa0) add('list', tag & 0x0f);
    else if (tag < 0xc0) add('bytes', tag & 0x1f);
    else if (tag in FIXED) at += FIXED[tag]!;
    else if (tag in COUNTED) {
      const [lengthBytes, content] = COUNTED[tag]!;
      let count = 0;
      for (let i = 0; i < lengthBytes; i++) count = count * 0x100 + (bytes[at++] ?? 0);
      add(content, count);
    } else throw new SyntaxError(`it holds the byte ${tag}, which begins nothing`);
  }
  if (at !== bytes.length) throw new SyntaxError('it is cut off, or more follows');
}
