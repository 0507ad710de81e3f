/** Tabs of a room, as people open them: through the lab page's own buttons and links. */

import type { BrowserContext, Page } from 'playwright';
import type { CreateRoomOptions, JoinRoomOptions, RoomSession } from '../../src/lab/lab-service.ts';

/** Problems that a page reported on its console; a test that ends well has none. */
export const consoleProblems = new WeakMap<Page, string[]>();

/** Opens a page and listens to its console. */
export async function openTab(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  const problems: string[] = [];
  consoleProblems.set(page, problems);
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.goto(url);
  return page;
}

/** Opens a new room in a first tab and joins it with further ones through its link. */
export async function openRoom(
  context: BrowserContext,
  origin: string,
  tabs: number,
): Promise<readonly Page[]> {
  const first = await openTab(context, `${origin}/`);
  await first.getByRole('button', { name: 'Open a new room' }).click();
  await first.waitForURL(/#\/room\/[A-Z0-9]{6}$/);
  const pages = [first];
  for (let number = 2; number <= tabs; number++) {
    pages.push(await openTab(context, first.url()));
    // Nodes are given in the order of joining: the next tab waits until this one is in.
    await first.bringToFront();
    await first.getByText(`Tab ${number}`, { exact: true }).waitFor();
  }
  return pages;
}

/** Replaces the configuration in the editor. */
export async function writeConfig(page: Page, yaml: string): Promise<void> {
  const editor = page.getByRole('textbox', { name: /configuration/i }).first();
  await editor.click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(yaml);
}

/** What a tab shows of its room, as plain data. */
export type ShownRoom = Pick<
  RoomSession,
  | 'code'
  | 'address'
  | 'link'
  | 'access'
  | 'reach'
  | 'members'
  | 'mayDirect'
  | 'mayManage'
  | 'notices'
  | 'connection'
> & {
  readonly problem: string | null;
  readonly ending: RoomSession['ending'] | null;
  readonly run: null | {
    readonly phase: string;
    readonly problem: string | null;
    readonly seats: readonly (readonly [node: string, member: string])[];
    readonly isHeld: boolean;
    readonly hiddenEvents: number;
    /** How many events of each kind there are of each node, e.g. `n1 deliver`. */
    readonly counts: Readonly<Record<string, number>>;
    readonly faults: readonly string[];
    readonly statuses: Readonly<Record<string, string>>;
  };
};

/** What people do in a room. */
type Deeds = Pick<
  RoomSession,
  'propose' | 'start' | 'hold' | 'cut' | 'kill' | 'kick' | 'grant' | 'setName' | 'observe' | 'leave'
>;

/** A tab in a room without the room's screen: through the service that the screen uses as well. */
export class RoomTab {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  /** Opens the lab's first page. */
  static async open(context: BrowserContext, origin: string): Promise<RoomTab> {
    const page = await openTab(context, `${origin}/`);
    await page.locator('parley-app').getByRole('heading').first().waitFor();
    return new RoomTab(page);
  }

  /** Opens a room and enters it. */
  async create(options: Omit<CreateRoomOptions, 'signal' | 'onProgress'> = {}): Promise<ShownRoom> {
    await this.page.evaluate(async (wanted) => {
      const { service } = document.querySelector('parley-app')!;
      Object.assign(window, { parleyRoom: await service!.createRoom(wanted) });
    }, options);
    return this.shown();
  }

  /** Enters a room; rejects with what a person would read. */
  async join(
    address: string,
    options: Omit<JoinRoomOptions, 'signal' | 'onProgress'> = {},
  ): Promise<ShownRoom> {
    await this.page.evaluate(
      async ({ where, wanted }) => {
        const { service } = document.querySelector('parley-app')!;
        Object.assign(window, { parleyRoom: await service!.joinRoom(where, wanted) });
      },
      { where: address, wanted: options },
    );
    return this.shown();
  }

  /** Does something in the room. */
  async do<K extends keyof Deeds>(deed: K, ...args: Parameters<Deeds[K]>): Promise<void> {
    await this.page.evaluate(
      ({ name, given }) => {
        const { parleyRoom } = window as unknown as {
          parleyRoom: Record<string, (...values: unknown[]) => void>;
        };
        parleyRoom[name]!(...given);
      },
      { name: deed, given: [...args] },
    );
  }

  /** Ends what is going on in the run, everywhere if this tab may. */
  async stop(): Promise<void> {
    await this.page.evaluate(() => {
      (window as unknown as { parleyRoom: RoomSession }).parleyRoom.run?.stop();
    });
  }

  /** What is shown now. */
  async shown(): Promise<ShownRoom> {
    return this.page.evaluate(() => {
      const { parleyRoom: room } = window as unknown as { parleyRoom: RoomSession };
      const { run } = room;
      const counts: Record<string, number> = {};
      const faults: string[] = [];
      for (const event of run?.events ?? []) {
        const name = `${event.node} ${event.kind}`;
        counts[name] = (counts[name] ?? 0) + 1;
        if (event.kind === 'fault') faults.push(`${event.node} ${event.fault}: ${event.detail}`);
      }
      const statuses = Object.entries(run?.result?.nodes ?? {}).map(([id, { status }]) => [
        id,
        status,
      ]);
      const { code, address, link, access, reach, members, mayDirect, mayManage } = room;
      return {
        ...{ code, address, link, access, reach, members, mayDirect, mayManage },
        ...{ notices: room.notices, connection: room.connection },
        problem: room.problem ?? null,
        ending: room.ending ?? null,
        run:
          run === undefined
            ? null
            : {
                ...{ phase: run.phase, problem: run.problem ?? null, seats: [...run.seats] },
                ...{ isHeld: run.isHeld, hiddenEvents: run.hiddenEvents, counts, faults },
                statuses: Object.fromEntries(statuses) as Record<string, string>,
              },
      };
    });
  }

  /** Waits until what is shown fulfils a condition; the last state is part of the error when it does not. */
  async until(condition: (room: ShownRoom) => boolean): Promise<ShownRoom> {
    let room = await this.shown();
    const lastMs = Date.now() + UNTIL_MS;
    while (!condition(room)) {
      if (Date.now() > lastMs) {
        throw new Error(
          `${String(condition)} did not become true: ${JSON.stringify(room, null, 1)}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
      room = await this.shown();
    }
    return room;
  }
}

/** Patience of {@link RoomTab.until}. */
const UNTIL_MS = 30_000;

/** How many tabs are present in what a tab shows. */
export function presentIn({ members }: ShownRoom): number {
  return members.filter(({ present }) => present).length;
}
