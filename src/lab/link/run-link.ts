/**
 * The link of a run: what it takes to run it again, compressed, in the fragment of the lab's address. A fragment is never sent to a
 * server. `#/run/1.…`: the number is the version of what follows, which is base64url of raw DEFLATE of JSON.
 */

import { messageOf } from '../../core/errors.ts';
import { fromBase64, toBase64 } from '../../net/base64.ts';
import { LinkError, readLinkedRun, type LinkedRun } from './linked-run.ts';

/** Raised when older readers would misunderstand newer links. */
export const LINK_VERSION = 1;

/** Letters of a link that are read: browsers and chats carry less. */
export const LINK_LENGTH_MAX = 256 * 1024;

/** Bytes that a link may unfold to: the largest configuration with the largest source. */
const UNFOLDED_BYTES_MAX = 4 * 1024 * 1024;

/** Where links lead unless somebody says otherwise: the lab on this machine. */
export const LAB_ADDRESS = 'http://localhost:9000/';

const ROUTE = '#/run/';

/** True for a text that looks like a link of a run, whether or not it can be read. */
export function isRunLink(text: string): boolean {
  return text.includes(ROUTE) || /^\d{1,9}\.[\w-]{16,}$/.test(text.trim());
}

/** Writes a link. @param lab the address of a lab, without a fragment */
export async function writeRunLink(run: LinkedRun, lab: string = LAB_ADDRESS): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(run));
  const folded = await through(bytes, new CompressionStream('deflate-raw'), Infinity);
  const text = toBase64(folded).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  return `${lab}${ROUTE}${LINK_VERSION}.${text}`;
}

/**
 * Reads a link: a whole address, its fragment, or what stands behind `#/run/`. Line ends and spaces in it, as mail programs make them,
 * are left out.
 *
 * @throws {LinkError} with what is wrong
 */
export async function readRunLink(link: string): Promise<LinkedRun> {
  if (link.length > LINK_LENGTH_MAX) {
    throw new LinkError(`the link has ${link.length} letters; at most ${LINK_LENGTH_MAX} are read`);
  }
  const bare = link.replaceAll(/\s+/g, '');
  const at = bare.indexOf(ROUTE);
  const payload = at < 0 ? bare : bare.slice(at + ROUTE.length);
  const [, version, text] = /^(\d{1,9})\.([\w-]+)$/.exec(payload) ?? [];
  if (version === undefined || text === undefined) {
    throw new LinkError(`this is no link of a run: it looks like …${ROUTE}${LINK_VERSION}.…`);
  }
  if (Number(version) !== LINK_VERSION) {
    const advice =
      Number(version) > LINK_VERSION
        ? 'a newer Parley made it; update this one'
        : 'no Parley makes such links any more';
    throw new LinkError(
      `the link is of version ${version}, and this reads ${LINK_VERSION}: ${advice}`,
    );
  }
  return readLinkedRun(parseJson(await unfold(text)));
}

async function unfold(text: string): Promise<string> {
  try {
    const folded = fromBase64(text.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = await through(folded, new DecompressionStream('deflate-raw'), UNFOLDED_BYTES_MAX);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof LinkError) throw error;
    throw new LinkError(
      'the link is damaged: a part of it is missing or was changed. Copy it whole, or ask for it again',
      { cause: error },
    );
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LinkError(`the link is damaged: ${messageOf(error)}`, { cause: error });
  }
}

/** All that comes out of a stream into which these bytes go. @throws {LinkError} when it is too much */
async function through(
  bytes: Uint8Array,
  stream: CompressionStream | DecompressionStream,
  bytesMax: number,
): Promise<Uint8Array> {
  const writer = stream.writable.getWriter();
  // What goes wrong with the writing shows at the reading end, too.
  const written = writer.write(bytes as Uint8Array<ArrayBuffer>).then(() => writer.close());
  written.catch(() => {});
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = stream.readable.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const chunk = next.value as Uint8Array;
    length += chunk.length;
    if (length > bytesMax) {
      void reader.cancel().catch(() => {});
      throw new LinkError(`the link unfolds to more than ${bytesMax} bytes`);
    }
    chunks.push(chunk);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
