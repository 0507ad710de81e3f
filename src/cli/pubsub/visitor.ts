/** A tab of its own in a room that others have opened, on whichever server: it takes a free place there, and keeps it in a profile. */

import { createHash } from 'node:crypto';
import path from 'node:path';
import { chromium, type BrowserContext } from 'playwright';
import { browserFlags, findBrowser } from '../../../bin/find-browser.js';
import { chatPlaces, chatSizeOf } from '../../lab/pubsub/chat/places.ts';
import { TALK } from '../../lab/pubsub/chat/words.ts';
import type { PubSubJob } from '../../lab/pubsub/pubsub-page.ts';
import { parseRoomAddress, roomAddressText } from '../../net/rooms/room-address.ts';
import { RoomAddressError } from '../../net/rooms/room-address-error.ts';
import { messageOf } from '../../core/errors.ts';
import { EnvironmentError, UsageError } from '../failures.ts';
import { makeFolder } from '../make-folder.ts';
import { tabScript } from '../page/tab-script.ts';
import type { Asked, Served } from './serve.ts';

/** Which room, and who it belongs to. */
export interface VisitOptions {
  readonly dir: string;
  readonly server?: string;
  readonly room?: string;
  /** The members that the room was opened with, and the places beside them. */
  readonly names?: readonly string[];
  readonly others?: readonly string[];
}

/** Milliseconds for the room to answer. */
const PATIENCE_MS = 30_000;

/** A visitor, as the commands ask it. */
export interface Visitor extends Served {
  /** What is asked, in the words of this room. */
  inItsWords(asked: Asked): Asked;
  close(): Promise<void>;
}

/** Goes there. @throws {UsageError} for an address that is none; {@link EnvironmentError} when the room does not let it in */
export async function visit(options: VisitOptions): Promise<Visitor> {
  const { server, address, job, isChat } = readVisit(options);
  const found = await findBrowser();
  if (found === undefined) throw new EnvironmentError('there is no Chromium here');
  // A place belongs to one room of one server: the same code elsewhere is somebody else's.
  const name = createHash('sha256').update(`${server.origin} ${job.room}`).digest('hex');
  const profile = path.resolve(options.dir, 'visits', name.slice(0, 16));
  makeFolder(profile);
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: found.executablePath,
    args: browserFlags(),
    headless: true,
    ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
  });
  try {
    return await enter(context, server, job, isChat);
  } catch (error) {
    await context.close();
    if (error instanceof EnvironmentError) throw error;
    const [why = ''] = messageOf(error).split('\n');
    throw new EnvironmentError(
      `no place in room ${address.code} on ${server.origin}: ${why.replace(/^page\.evaluate: (\w+: )?/, '')}`,
    );
  }
}

async function enter(
  context: BrowserContext,
  server: URL,
  job: PubSubJob,
  isChat: boolean,
): Promise<Visitor> {
  const readers = new Map<number, (message: unknown) => void>();
  await context.exposeFunction('parleyDelivered', (number: number, message: string) =>
    readers.get(number)?.(JSON.parse(message)),
  );
  await context.addInitScript({ content: await tabScript('pubsub', 'pubsub-page.ts') });
  const page = await context.newPage();
  // Of the server's own origin: where it stands, its rooms may be entered from.
  await page
    .goto(new URL('health', server).href, { timeout: PATIENCE_MS })
    .catch((error: unknown) => {
      const [why] = messageOf(error)
        .replace(/^page\.goto: /, '')
        .split(/\n| at http/);
      throw new EnvironmentError(
        `no server answers at ${server.origin} (${why}): start one with 'parley lab' or 'parley signal', or give its address with --server`,
      );
    });
  const id = await page.evaluate((given) => window.parleyPubSub.start(given), job);
  let numbers = 0;
  return {
    plan: { members: [id] },
    tab: (at) => {
      if (at === undefined || at === id) return page;
      throw new UsageError(`this tab is ${id} there: leave --at ${at} out`);
    },
    reader: (take) => {
      const number = ++numbers;
      readers.set(number, take);
      return { number, close: () => void readers.delete(number) };
    },
    inItsWords: (asked) => (isChat ? asChat(asked) : asked),
    close: async () => {
      await page.evaluate(() => window.parleyPubSub.leave()).catch(() => undefined);
      await context.close();
    },
  };
}

function readVisit({ server, room, names, others = [] }: VisitOptions) {
  if (server === undefined || room === undefined) {
    throw new UsageError(
      '--server and --room go together: the address of a signaling server, and CODE or CODE#KEY',
    );
  }
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`--server '${server}' is no address like http://192.168.1.5:8080`);
  }
  let address;
  try {
    address = parseRoomAddress(room.split('/').at(-1) ?? '');
  } catch (error) {
    if (error instanceof RoomAddressError) throw new UsageError(`--room: ${error.message}`);
    throw error;
  }
  const size = chatSizeOf(address.code);
  const isChat = names === undefined && size !== undefined;
  if (!isChat && names === undefined) {
    throw new UsageError(
      `--names is missing: the members that room ${address.code} was opened with, such as --names ann,ben,cem`,
    );
  }
  const job: PubSubJob = {
    ...(isChat ? chatPlaces(size) : { members: names!, others }),
    room: roomAddressText(address),
    server: url.origin,
    durability: 'relaxed',
    visit: { patienceMs: PATIENCE_MS, isClosed: address.access.kind !== 'open' },
  };
  return { server: url, address, job, isChat };
}

/** Topics and messages as the chat of the lab's page has them. */
function asChat(asked: Asked): Asked {
  if (asked.name === 'publish') {
    return { ...asked, topic: `${TALK}/${asked.topic}`, payload: { text: asked.payload } };
  }
  return asked.name === 'subscribe' || asked.name === 'unsubscribe'
    ? { ...asked, topic: `${TALK}/${asked.topic}` }
    : asked;
}
