/** `parley raft start`: the cluster, and a door for those who ask it things. */

import { randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { findBrowser } from '../../../bin/find-browser.js';
import { messageOf } from '../../core/errors.ts';
import { EnvironmentError, EXIT_STATUS, UsageError } from '../failures.ts';
import { Interrupt } from '../interrupt.ts';
import { Cluster, type ClusterPlan } from './cluster.ts';
import type { RaftStartOptions } from './options.ts';
import { CONTROL_FILE, TOKEN_HEADER, type ControlRequest } from './protocol.ts';

/** In the cluster's folder: what it was made of, the first time. */
const PLAN_FILE = 'cluster.json';

/** Characters of a request: a command of a demo, and nothing that fills the memory. */
const REQUEST_LENGTH_MAX = 1 << 20;

/** Runs until it is told to end; the exit status. */
export async function startCommand(options: RaftStartOptions): Promise<number> {
  const folder = path.resolve(options.dir);
  mkdirSync(folder, { recursive: true });
  const plan = planIn(folder, options);
  const found = await findBrowser().catch((error: unknown) => {
    throw new EnvironmentError(messageOf(error));
  });
  if (found === undefined) throw new EnvironmentError('there is no Chromium here');
  const interrupt = new Interrupt(() => console.log('closing every tab …'));
  const token = randomBytes(16).toString('hex');
  let cluster: Cluster | undefined;
  let server: Server | undefined;
  try {
    cluster = await Cluster.start(plan, folder, found.executablePath).catch((error: unknown) => {
      const first = messageOf(error).split('\n').slice(0, 3).join('\n');
      throw new EnvironmentError(`the cluster in ${options.dir} does not start: ${first}`);
    });
    const stopped = new Promise<void>((stop) => {
      server = doorOf(cluster!, token, stop);
    });
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
    const { port } = server!.address() as AddressInfo;
    writeFileSync(path.join(folder, CONTROL_FILE), JSON.stringify({ port, token }), {
      mode: 0o600,
    });
    const { members, others, machine, storage } = plan;
    const spares = others.length === 0 ? '' : `, and ${others.join(', ')} beside`;
    console.log(`${members.join(', ')}${spares} keep a ${machine} (IndexedDB, ${storage}).`);
    console.log('Ask them from another terminal: parley raft status. Ctrl-C ends them.');
    const died = cluster.ended.then(() => {
      throw new EnvironmentError('the browser has ended; what the nodes know is on its disk');
    });
    await Promise.race([interrupt.received(), stopped, died]);
    // From here on it ends because we want it to.
    died.catch(() => undefined);
    return EXIT_STATUS.ok;
  } finally {
    rmSync(path.join(folder, CONTROL_FILE), { force: true });
    server?.close();
    await cluster?.close();
    interrupt.close();
  }
}

/** As it was made, or as it is made now. @throws {UsageError} when something else is asked for than is there */
function planIn(
  folder: string,
  { nodes, spares, machine, storage }: RaftStartOptions,
): ClusterPlan {
  const names = Array.from({ length: nodes + spares }, (_, i) => `n${i + 1}`);
  const wanted = { members: names.slice(0, nodes), others: names.slice(nodes), machine, storage };
  const file = path.join(folder, PLAN_FILE);
  if (!existsSync(file)) {
    writeFileSync(file, `${JSON.stringify(wanted, null, 2)}\n`);
    return wanted;
  }
  const known = JSON.parse(readFileSync(file, 'utf8')) as ClusterPlan;
  if (known.machine !== machine || known.members.length !== nodes) {
    throw new UsageError(
      `${folder} holds a cluster of ${known.members.length} that keeps a ${known.machine}: start it with ` +
        `--nodes ${known.members.length} --machine ${known.machine}, or another one with another --dir`,
    );
  }
  return { ...wanted, others: known.others };
}

/** Takes requests of those who have the token. */
function doorOf(cluster: Cluster, token: string, stop: () => void): Server {
  return createServer((request, response) => {
    void (async () => {
      response.setHeader('content-type', 'application/json');
      if (!isAllowed(request, token)) {
        response.writeHead(403).end('{"kind":"error","reason":"wrong token"}');
        return;
      }
      const asked = JSON.parse(await textOf(request)) as ControlRequest;
      if (asked.name !== 'stop') {
        response.end(JSON.stringify(await cluster.answer(asked)));
        return;
      }
      response.end('{"kind":"result","value":null}');
      stop();
    })().catch((error: unknown) => {
      response.writeHead(400).end(JSON.stringify({ kind: 'error', reason: messageOf(error) }));
    });
  });
}

function isAllowed({ headers }: IncomingMessage, token: string): boolean {
  const given = Buffer.from(String(headers[TOKEN_HEADER]));
  return given.length === token.length && timingSafeEqual(given, Buffer.from(token));
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  request.setEncoding('utf8');
  for await (const piece of request) {
    text += String(piece);
    if (text.length > REQUEST_LENGTH_MAX) throw new RangeError('the request is too long');
  }
  return text;
}
