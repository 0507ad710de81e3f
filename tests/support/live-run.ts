/** One live run of a test: its tabs, and everything that they reported. */

import { randomUUID } from 'node:crypto';
import type { BrowserContext, Page } from 'playwright';
import type { Faults } from '../../src/core/faults/faults.ts';
import type { FormatName, NodeResult } from '../../src/core/result.ts';
import type { FrameAuth } from '../../src/net/batch.ts';
import type { LinkKind } from '../../src/net/rtc/transport.ts';
import type { PageJob, PageReport } from '../../src/lab/page/page-job.ts';
import { deferred } from './deferred.ts';

/** What is run. */
export interface LiveRunOptions {
  /** Name of a chapter, or `testAlgorithm(…)`. */
  readonly algorithm: string;
  /** YAML. */
  readonly config: string;
  readonly format?: FormatName;
  readonly link?: LinkKind;
  readonly frameAuth?: FrameAuth;
  readonly faults?: Faults;
  /** Whether the nodes are recorded, with their traces. */
  readonly records?: boolean;
  /** Whether trace events are reported; as {@link records} unless given. */
  readonly traces?: boolean;
  /** Nodes that nobody waits for. */
  readonly latecomers?: readonly string[];
  /** Whether tabs of one browser context meet without the server. */
  readonly meetsInTabs?: boolean;
  /** How long a test waits for a report that does not come; {@link PATIENCE_MS} unless given. */
  readonly patienceMs?: number;
}

/** Nothing here takes a tenth of it on an idle machine. */
const PATIENCE_MS = 30_000;

/** Reports shown when a test waited in vain. */
const REPORTS_SHOWN = 40;

/** Gathers the reports of the pages of one run. */
export class LiveRun {
  readonly room = `test-${randomUUID().slice(0, 8)}`;
  readonly runId = randomUUID();
  readonly reports: PageReport[] = [];
  /** Where signaling is, if it is not where the page comes from. */
  signalAuthority: string | undefined;
  /** What no page should do: throw outside of everything. */
  readonly pageErrors: string[] = [];
  readonly #options: LiveRunOptions;
  readonly #authority: string;
  readonly #context: BrowserContext | undefined;
  readonly #watchers = new Set<() => void>();
  readonly #pages: Page[] = [];
  readonly #closers: (() => unknown)[] = [];

  /**
   * @param authority where the server is, e.g. `localhost:9000`
   * @param context where tabs are opened unless another is named; closed with the run
   */
  constructor(options: LiveRunOptions, authority: string, context?: BrowserContext) {
    this.#options = options;
    this.#authority = authority;
    this.#context = context;
  }

  /** Address of the page that runs nodes. */
  get address(): string {
    return `http://${this.#authority}/node.html`;
  }

  /** Opens a tab; `prepare` runs in the page before anything else does. */
  async openTab(prepare?: () => void, context = this.#context!): Promise<Page> {
    const page = await context.newPage();
    await page.exposeBinding('parleyReport', (_source, report: PageReport) => this.take(report));
    page.on('pageerror', (error) => this.pageErrors.push(error.message));
    if (prepare !== undefined) await page.addInitScript(prepare);
    await page.goto(this.address);
    this.#pages.push(page);
    return page;
  }

  /** Brings nodes up in a tab; rejected with what the page said when it cannot. */
  async start(page: Page, ...nodes: string[]): Promise<void> {
    await page.evaluate((job) => window.parleyPage.run(job), this.job(...nodes));
  }

  /** Opens a tab for each node, all at once. */
  async startTabs(nodes: readonly string[], prepare?: () => void): Promise<Page[]> {
    const pages = await Promise.all(nodes.map(() => this.openTab(prepare)));
    await Promise.all(pages.map((page, at) => this.start(page, nodes[at]!)));
    return pages;
  }

  /** Ends what has not ended in all tabs. */
  async stop(status: 'stopped' | 'timeout', why?: string): Promise<void> {
    const open = this.#pages.filter((page) => !page.isClosed());
    await Promise.all(
      open.map((page) =>
        page.evaluate(([how, text]) => window.parleyPage.stop(how, text), [status, why] as const),
      ),
    );
  }

  /** What a page is given to do. */
  job(...nodes: string[]): PageJob {
    const { algorithm, config, format = 'json' } = this.#options;
    const { runId } = this;
    const { link, frameAuth, faults, records = false, traces = records } = this.#options;
    const { latecomers = [], meetsInTabs = false } = this.#options;
    const spec = { runId, algorithm, config, configFile: 'test.yaml', strict: true, format };
    return {
      spec: {
        ...{ ...spec, seed: 7 },
        ...(link === undefined ? {} : { link }),
        ...(frameAuth === undefined ? {} : { frameAuth }),
        ...(faults === undefined ? {} : { faults }),
      },
      nodes,
      room: this.room,
      signalUrl: `ws://${this.signalAuthority ?? this.#authority}/signal`,
      startupDelayMs: 0,
      trace: traces,
      records,
      latecomers,
      meetsInTabs,
    };
  }

  /** Takes a report of a page. */
  take(report: PageReport): void {
    this.reports.push(report);
    for (const look of this.#watchers) look();
  }

  /** Waits until `find` finds something in the reports. */
  async until<T>(what: string, find: (reports: readonly PageReport[]) => T | undefined) {
    const { promise, resolve, reject } = deferred<T>();
    const look = () => {
      const found = find(this.reports);
      if (found !== undefined) resolve(found);
    };
    const { patienceMs = PATIENCE_MS } = this.#options;
    const timer = setTimeout(() => reject(new Error(this.#inVain(what))), patienceMs);
    this.#watchers.add(look);
    look();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#watchers.delete(look);
    }
  }

  /** What a node came to. */
  ended(node: string): Promise<NodeResult> {
    return this.until(`the end of ${node}`, (reports) => {
      for (const one of reports) if (one.kind === 'ended' && one.node === node) return one.result;
      return undefined;
    });
  }

  /** What several nodes came to, by their names. */
  async results(nodes: readonly string[]): Promise<Record<string, NodeResult>> {
    const ends = await Promise.all(nodes.map((node) => this.ended(node)));
    return Object.fromEntries(nodes.map((node, at) => [node, ends[at]!]));
  }

  /** What was recorded of all nodes so far, without a header. */
  get recording(): string {
    return this.reports.map((report) => (report.kind === 'recording' ? report.lines : '')).join('');
  }

  /** The first line that a node logged and that matches. */
  said(node: string, pattern: RegExp): Promise<string> {
    return this.until(`${node} to say ${pattern}`, () =>
      this.lines(node).find((text) => pattern.test(text)),
    );
  }

  /** All lines that a node logged so far. */
  lines(node: string): string[] {
    return this.reports.flatMap((one) =>
      one.kind === 'log' && one.node === node ? [one.text] : [],
    );
  }

  /** Calls `closer` when the run is closed. */
  onClose(closer: () => unknown): void {
    this.#closers.push(closer);
  }

  /** Closes the tabs. */
  async close(): Promise<void> {
    await Promise.all(this.#closers.map((closer) => closer()));
    await this.#context?.close();
  }

  #inVain(what: string): string {
    const last = this.reports.slice(-REPORTS_SHOWN).map((report) => JSON.stringify(report));
    const thrown = this.pageErrors.map((text) => `thrown in a page: ${text}`);
    return [`waited in vain for ${what}; the last reports:`, ...last, ...thrown].join('\n  ');
  }
}
