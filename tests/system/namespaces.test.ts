/**
 * A classroom on one machine: hosts in network namespaces, `parley lab` on one of them, a browser on each, and the page from the LAN's
 * address over plain http. There is no secure context then, and browsers hide their addresses behind names that mDNS resolves.
 */

import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { announcement, Hosts, whyNoHosts } from '../support/live-hosts.ts';
import { chromiumPath, launchChromium } from '../support/launch-chromium.ts';
import { LiveRun } from '../support/live-run.ts';
import { describeUnless } from '../support/skip.ts';

const parley = fileURLToPath(new URL('../../bin/parley.js', import.meta.url));
const PORT = 9000;
const COURIER = './tests/support/live-nodes.ts#Courier';

const nodes = ['n1', 'n2', 'n3', 'n4'];
const bracha = [
  'n1: { is_sender: true, broadcast_value: over the LAN }',
  ...nodes.slice(1).map((id) => `${id}: { is_sender: false }`),
].join('\n');

describeUnless(whyNoHosts())('three hosts on a LAN', () => {
  let hosts: Hosts;
  const browsers: Browser[] = [];
  const contexts: BrowserContext[] = [];
  beforeAll(async () => {
    hosts = Hosts.make(3);
    const lab = hosts.start(1, process.execPath, [parley, 'lab', COURIER, '--port', String(PORT)]);
    await announcement(lab.stdout!, `http://${hosts.address(1)}:${PORT}/`);
    const chromium = await chromiumPath();
    for (const host of [1, 2, 3]) {
      browsers.push(await launchChromium({ executablePath: hosts.wrapper(host, chromium) }));
    }
    contexts.push(...(await Promise.all(browsers.map((browser) => browser.newContext()))));
  });
  afterAll(async () => {
    await Promise.all(browsers.map((browser) => browser.close()));
    await hosts?.remove();
  });

  test('Bracha delivers in all nodes', async () => {
    const run = new LiveRun({ algorithm: 'bracha', config: bracha }, `${hosts.address(1)}:${PORT}`);
    const [a, b, c] = contexts as [BrowserContext, BrowserContext, BrowserContext];
    const pages = await Promise.all([a, b, c, c].map((one) => run.openTab(recordCandidates, one)));
    expect(await Promise.all(pages.map((page) => page.evaluate(() => isSecureContext)))).toEqual(
      nodes.map(() => false),
    );
    await Promise.all(pages.map((page, at) => run.start(page, nodes[at]!)));
    for (const result of Object.values(await run.results(nodes))) {
      expect(result).toMatchObject({
        status: 'terminated',
        report: { delivered_value: 'over the LAN' },
        dropped: {},
      });
    }
    const addresses = await Promise.all(
      pages.map((page) => page.evaluate(() => window.candidates)),
    );
    // Names alone: that they were resolved on another host is what mDNS had to do.
    for (const found of addresses) {
      expect(found.length).toBeGreaterThan(0);
      for (const address of found) expect(address).toMatch(/^[0-9a-f-]{36}\.local$/);
    }
    expect(run.pageErrors).toEqual([]);
    await Promise.all(pages.map((page) => page.close()));
  });

  // The server is on the first host; whose cable is pulled loses it and its peers at once.
  test.each([
    ['a link that heals by itself', 2_000],
    ['a link that has to be made anew', 12_000],
  ])(
    'a cable is pulled and put back in mid-run: %s; nothing is lost, doubled or out of order',
    async (_, pulledForMs) => {
      const count = 400;
      const ids = ['n1', 'n2', 'n3'];
      const config = ids.map((id) => `${id}: { count: ${count}, pause_ms: 10 }`).join('\n');
      const run = new LiveRun(
        { algorithm: COURIER, config, patienceMs: 90_000 },
        `${hosts.address(1)}:${PORT}`,
      );
      const pages = await Promise.all(contexts.map((one) => run.openTab(undefined, one)));
      await Promise.all(pages.map((page, at) => run.start(page, ids[at]!)));
      await run.said('n1', /^50 from n3$/);
      hosts.cable(3, 'down');
      // Long enough to be what it is called; what follows is waited for.
      await new Promise((go) => setTimeout(go, pulledForMs));
      hosts.cable(3, 'up');
      for (const [id, result] of Object.entries(await run.results(ids))) {
        const received = Object.fromEntries(
          ids.filter((other) => other !== id).map((other) => [other, count]),
        );
        expect(result).toMatchObject({
          status: 'terminated',
          report: { received, wrong: 0, beats: count },
          dropped: {},
        });
      }
      expect(run.pageErrors).toEqual([]);
      await Promise.all(pages.map((page) => page.close()));
    },
    180_000,
  );
});

declare global {
  interface Window {
    /** Addresses that this page offered. */
    candidates: string[];
  }
}

function recordCandidates(): void {
  window.candidates = [];
  const Original = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Original {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      this.addEventListener('icecandidate', ({ candidate }) => {
        const address = candidate?.candidate.split(' ')[4];
        if (address !== undefined) window.candidates.push(address);
      });
    }
  };
}
