/** The pages that hold the nodes of a live run: opens them, gives them their jobs, ends them. */

import type { Browser, BrowserContext, Page } from 'playwright';
import { messageOf } from '../../core/errors.ts';
import type { NodeId } from '../../core/id.ts';
import type { PageJob, PageReport } from '../../lab/page/page-job.ts';
import { NODES_PER_PAGE_MAX } from '../../net/limits.ts';

/** What pages tell about themselves and their nodes. */
export interface PageListener {
  /** What a page reports. */
  report(report: PageReport): void;
  /** Something that nodes cannot go on after: their page crashed, or could not take its job. */
  trouble(nodes: readonly NodeId[], kind: 'departed' | 'failed', text: string): void;
  /** A line that only explains: an error on a page's console. */
  remark(text: string): void;
}

interface NodePage {
  readonly page: Page;
  readonly nodes: readonly NodeId[];
}

/** All pages of one run. */
export class NodePages {
  readonly #pages: readonly NodePage[];
  readonly #listener: PageListener;

  private constructor(pages: readonly NodePage[], listener: PageListener) {
    this.#pages = pages;
    this.#listener = listener;
  }

  /** Opens a page for each group of nodes. */
  static async open(
    browser: Browser,
    address: string,
    groups: readonly (readonly NodeId[])[],
    listener: PageListener,
  ): Promise<NodePages> {
    const context = await browser.newContext();
    await context.exposeBinding('parleyReport', (_source, report: PageReport) =>
      listener.report(report),
    );
    const pages = await Promise.all(
      groups.map(async (nodes) => ({ page: await open(context, address, nodes, listener), nodes })),
    );
    browser.on('disconnected', () => {
      for (const { nodes } of pages) listener.trouble(nodes, 'failed', 'the browser is gone');
    });
    return new NodePages(pages, listener);
  }

  /** Gives each page its nodes. */
  async run(job: Omit<PageJob, 'nodes'>): Promise<void> {
    await Promise.all(
      this.#pages.map(async ({ page, nodes }) => {
        try {
          await page.evaluate((one) => window.parleyPage.run(one), { ...job, nodes });
        } catch (error) {
          this.#listener.trouble(nodes, 'failed', ownMessage(error));
        }
      }),
    );
  }

  /** Ends the nodes that have not ended. */
  async stop(status: 'stopped' | 'timeout', why: string | undefined): Promise<void> {
    await Promise.all(
      this.#pages.map(({ page }) =>
        page
          .evaluate(([how, reason]) => window.parleyPage.stop(how, reason), [status, why] as const)
          // A page that is gone has no nodes to stop.
          .catch(() => {}),
      ),
    );
  }
}

/** The nodes of each page: one with tabs, otherwise as many as a page may hold. */
export function groupsOf(
  nodes: readonly NodeId[],
  usesTabs: boolean,
): readonly (readonly NodeId[])[] {
  const size = usesTabs ? 1 : NODES_PER_PAGE_MAX;
  const count = Math.ceil(nodes.length / size);
  return Array.from({ length: count }, (_, at) => nodes.slice(at * size, (at + 1) * size));
}

async function open(
  context: BrowserContext,
  address: string,
  nodes: readonly NodeId[],
  listener: PageListener,
): Promise<Page> {
  const page = await context.newPage();
  page.on('crash', () => listener.trouble(nodes, 'departed', 'its page crashed'));
  page.on('pageerror', (error) =>
    listener.remark(`in the page of ${nodes.join(', ')}: ${error.message}`),
  );
  await page.goto(address);
  await page.waitForFunction(() => window.parleyPage !== undefined);
  return page;
}

/** What the page threw, without the driver's words before it and the stack behind. */
function ownMessage(error: unknown): string {
  const [first = ''] = messageOf(error).split('\n');
  return first.replace(/^page\.evaluate: (\w*Error: )?/, '');
}
