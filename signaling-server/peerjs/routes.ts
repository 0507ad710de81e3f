/** The two plain requests of a PeerJS client, which pages of any origin may make. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { FOR_EVERY_PAGE, sendJson, sendText } from '../responses.ts';
import { PEERJS_PATH } from './protocol.ts';
import type { PeerRealm } from './realm.ts';

/** Answers `/peerjs/id` and `/peerjs/peers`; false for every other path. */
export function servePeerRoute(
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  realm: PeerRealm,
  allowDiscovery: boolean,
): boolean {
  if (path !== `${PEERJS_PATH}/id` && path !== `${PEERJS_PATH}/peers`) return false;
  if (request.method === 'OPTIONS') {
    const headers = { ...FOR_EVERY_PAGE, 'Access-Control-Allow-Methods': 'GET, HEAD' };
    response.writeHead(204, headers).end();
  } else if (request.method !== 'GET' && request.method !== 'HEAD') {
    const headers = { ...FOR_EVERY_PAGE, Allow: 'GET, HEAD, OPTIONS' };
    sendText(response, 405, 'Only GET and HEAD work here.\n', headers);
  } else if (path === `${PEERJS_PATH}/id`) {
    // The whole body is the id.
    sendText(response, 200, realm.freshId(), FOR_EVERY_PAGE);
  } else if (allowDiscovery) sendJson(response, 200, realm.ids, FOR_EVERY_PAGE);
  else sendText(response, 401, 'This server does not list its clients.\n', FOR_EVERY_PAGE);
  return true;
}
