/** Who is in a room is found over the links, by records of Kademlia, when the signaling server is gone: by whom it knew, and by whom it never saw. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSignalingServer } from '../../../signaling-server/server.ts';
import { LiveLab } from '../../support/live-page.ts';

const HERE = ['n1', 'n2', 'n3'];
/** In another browser: what is broadcast in one is not heard in the other. */
const FAR = ['n4', 'n5', 'n6'];
const LATECOMER = 'n7';
const IN_ROOM = ['n2', 'n5', LATECOMER];
const config = [...HERE, ...FAR, LATECOMER]
  .map((id) => {
    const rooms = IN_ROOM.includes(id) ? ', rooms: [autumn]' : '';
    return `${id}: { k: 3, room_refresh: 1, bootnodes: [${id === 'n1' ? 'n4' : 'n1'}]${rooms} }\n`;
  })
  .join('');

/** For a busy machine. */
const PATIENCE_MS = 90_000;

let lab: LiveLab;
beforeAll(async () => {
  lab = await LiveLab.open();
});
afterAll(() => lab?.close());

test(
  'a newcomer finds the members of a room that only nodes can name, and they find it',
  async () => {
    const server = await startSignalingServer({ port: 0, host: '127.0.0.1' });
    const run = await lab.newRun({
      ...{ algorithm: 'kademlia', config, patienceMs: PATIENCE_MS, traces: true },
      ...{ latecomers: [LATECOMER], meetsInTabs: true },
    });
    run.signalAuthority = `localhost:${server.port}`;
    const elsewhere = await lab.browser.newContext();
    run.onClose(() => elsewhere.close());
    const [here, far] = [await run.openTab(), await run.openTab(undefined, elsewhere)];
    await Promise.all([run.start(here, ...HERE), run.start(far, ...FAR)]);
    /** Members of the room that a node shows as found, last. */
    const found = (id: string): readonly string[] => {
      const states = run.reports.flatMap((one) =>
        one.kind === 'trace'
          ? one.events.flatMap((event) =>
              event.kind === 'state' && event.node === id && event.path === 'kademlia'
                ? [event.state as { readonly rooms?: Readonly<Record<string, string[]>> }]
                : [],
            )
          : [],
      );
      return (states.at(-1)?.rooms?.['autumn'] ?? []).toSorted();
    };
    const everybodyFinds = (ids: readonly string[]) => () =>
      ids.every((id) => found(id).join() === ids.filter((other) => other !== id).join()) ||
      undefined;
    await run.until('n2 and n5 to find each other', everybodyFinds(['n2', 'n5']));

    await server.close();
    await run.until('everybody to miss the server', (reports) => {
      const missing = new Set(reports.flatMap((one) => (one.kind === 'problem' ? [one.node] : [])));
      return [...HERE, ...FAR].every((id) => missing.has(id)) || undefined;
    });
    await run.start(await run.openTab(), LATECOMER);
    await run.until('all three to find one another', everybodyFinds(IN_ROOM));
    await run.stop('stopped');
    expect(run.pageErrors).toEqual([]);
    await run.close();
  },
  3 * PATIENCE_MS,
);
