/** `parley raft start`: the cluster, and a door for those who ask it things. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findBrowser } from '../../../bin/find-browser.js';
import { messageOf } from '../../core/errors.ts';
import { openDoor } from '../lab/door.ts';
import { EnvironmentError, EXIT_STATUS, UsageError } from '../failures.ts';
import { Interrupt } from '../interrupt.ts';
import { makeFolder } from '../make-folder.ts';
import { Cluster, type ClusterPlan } from './cluster.ts';
import type { RaftStartOptions } from './options.ts';
import type { ControlRequest } from './protocol.ts';

/** In the cluster's folder: what it was made of, the first time. */
const PLAN_FILE = 'cluster.json';

/** Runs until it is told to end; the exit status. */
export async function startCommand(options: RaftStartOptions): Promise<number> {
  const folder = path.resolve(options.dir);
  makeFolder(folder);
  const plan = planIn(folder, options);
  const found = await findBrowser().catch((error: unknown) => {
    throw new EnvironmentError(messageOf(error));
  });
  if (found === undefined) throw new EnvironmentError('there is no Chromium here');
  const interrupt = new Interrupt(() => console.log('closing every tab …'));
  let cluster: Cluster | undefined;
  let door: { close(): void } | undefined;
  try {
    cluster = await Cluster.start(plan, folder, found.executablePath).catch((error: unknown) => {
      const first = messageOf(error).split('\n').slice(0, 3).join('\n');
      throw new EnvironmentError(`the cluster in ${options.dir} does not start: ${first}`);
    });
    const { promise: stopped, resolve: stop } = deferred();
    door = await openDoor(folder, async (asked, caller) => {
      const request = asked as ControlRequest;
      if (request.name !== 'stop') caller.say(await cluster!.answer(request));
      else {
        caller.say({ kind: 'result', value: null });
        stop();
      }
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
    door?.close();
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

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve!: () => void;
  const promise = new Promise<void>((given) => (resolve = given));
  return { promise, resolve };
}
