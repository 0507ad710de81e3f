/** Serves the files of one folder, and nothing outside of it. */
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { contentType } from './content-type.ts';
import { PAGE_POLICY_HEADER } from './page-policy.ts';
import { sendText } from './responses.ts';

/** The bundler names assets by their content, so one that was fetched never changes. */
const HASHED_ASSET = /^\/assets\/.*-[\w-]{8,}\.\w+$/;
const IMMUTABLE = 'public, max-age=31536000, immutable';

const PAGE_HEADERS = {
  'Content-Security-Policy': PAGE_POLICY_HEADER,
  'Referrer-Policy': 'no-referrer',
};

interface FoundFile {
  readonly path: string;
  readonly bytes: number;
  /** Changes with the file. */
  readonly tag: string;
}

/**
 * Answers with the file at `pathname` (as it stands in the address, still encoded) below `root`;
 * a folder answers with its `index.html`. False when there is no such file, and nothing was sent.
 */
export async function serveStaticFile(
  root: string,
  pathname: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const file = await findFile(root, pathname);
  if (file === undefined) return false;
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    sendText(response, 405, 'Only GET and HEAD work here.\n', { Allow: 'GET, HEAD' });
    return true;
  }
  const headers = {
    'Cache-Control': HASHED_ASSET.test(pathname) ? IMMUTABLE : 'no-cache',
    // The page's own code is no secret, and a sandboxed frame has no origin of its own to read it from.
    ...(HASHED_ASSET.test(pathname) ? { 'Access-Control-Allow-Origin': '*' } : {}),
    ETag: file.tag,
    'X-Content-Type-Options': 'nosniff',
    ...(file.path.endsWith('index.html') ? PAGE_HEADERS : {}),
  };
  if (request.headers['if-none-match'] === file.tag) {
    response.writeHead(304, headers).end();
    return true;
  }
  response.writeHead(200, {
    ...headers,
    'Content-Type': contentType(extname(file.path)),
    'Content-Length': file.bytes,
  });
  if (request.method === 'HEAD') response.end();
  // A visitor who goes away half way is no error; the streams are closed in any case.
  else await pipeline(createReadStream(file.path), response).catch(() => response.destroy());
  return true;
}

async function findFile(root: string, pathname: string): Promise<FoundFile | undefined> {
  const relative = decodePath(pathname);
  if (relative === undefined) return undefined;
  try {
    // Real paths on both sides: neither `..` nor a symbolic link leads out of the folder.
    const folder = await realpath(root);
    const path = await realpath(join(folder, relative));
    if (!path.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return undefined;
    const found = await stat(path);
    if (!found.isFile()) return undefined;
    const tag = `W/"${found.size.toString(36)}-${Math.trunc(found.mtimeMs).toString(36)}"`;
    return { path, bytes: found.size, tag };
  } catch {
    // Not there, not readable, or a name the system does not allow: the same to a visitor.
    return undefined;
  }
}

function decodePath(pathname: string): string | undefined {
  let path: string;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  // Backslashes are separators on Windows. Hidden files are hidden for a reason (.env, .git).
  if (path.includes('\0') || path.includes('\\') || /(^|\/)\./.test(path)) return undefined;
  return path.endsWith('/') ? `${path}index.html` : path;
}
