/**
 * Members that cannot reach each other directly meet over a TURN server, with credentials that our server makes and coturn checks.
 * Browsers are told to use nothing else, so that a connection proves that it was relayed.
 */

import type { Browser, Page } from 'playwright';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSignalingServer, type SignalingServer } from '../../signaling-server/server.ts';
import { buildPage } from '../../src/cli/page/build-page.ts';
import { SignalingClient } from '../../src/net/signaling/client.ts';
import { signalingUrl, type IceServer } from '../../src/net/signaling/protocol.ts';
import { Coturn, whyNoCoturn } from '../support/coturn.ts';
import { launchChromium } from '../support/launch-chromium.ts';
import { LiveRun } from '../support/live-run.ts';
import { describeUnless } from '../support/skip.ts';

const SECRET = 'a-secret-that-two-servers-share';

describeUnless(whyNoCoturn())('relayed by coturn', () => {
  let coturn: Coturn;
  let browser: Browser;
  const servers: SignalingServer[] = [];
  beforeAll(async () => {
    coturn = await Coturn.start(SECRET);
    browser = await launchChromium({});
  });
  afterAll(async () => {
    await browser?.close();
    for (const server of servers) await server.close();
    await coturn?.stop();
  });

  async function serve(
    turn: { readonly secret?: string; readonly ttlSeconds?: number } = {},
    staticRoot?: string,
  ): Promise<SignalingServer> {
    const ice = { turn: { urls: [coturn.url], secret: SECRET, ttlSeconds: 600, ...turn } };
    const server = await startSignalingServer({
      port: 0,
      host: '127.0.0.1',
      ice,
      ...(staticRoot === undefined ? {} : { staticRoot }),
    });
    servers.push(server);
    return server;
  }

  test('two pages connect with what their members were handed', async () => {
    const server = await serve();
    const [ada, bob] = [await openPage(browser), await openPage(browser)];
    const offer = await ada.evaluate(beginRelayed, await iceServersOf(server, 'member-ada'));
    const answer = await bob.evaluate(answerRelayed, {
      iceServers: await iceServersOf(server, 'member-bob'),
      offer,
    });
    await ada.evaluate(takeAnswer, answer);
    expect(await ada.evaluate(heard)).toBe('from the answering side');
    expect(await bob.evaluate(heard)).toBe('from the offering side');
    for (const page of [ada, bob])
      expect(await page.evaluate(chosenTypes)).toEqual(['relay', 'relay']);
  });

  test.each([
    ['a wrong secret', { secret: 'another-secret' }],
    ['an expired credential', { ttlSeconds: -5 }],
  ])('%s opens nothing', async (_what, turn) => {
    const page = await openPage(browser);
    const iceServers = await iceServersOf(await serve(turn), 'member-eve');
    expect(await page.evaluate(gather, iceServers)).toEqual({ candidates: 0, errors: [401] });
  });

  test('a run of the lab takes them, too', async () => {
    const server = await serve({}, await buildPage({}, () => {}));
    const nodes = ['n1', 'n2', 'n3'];
    const config = nodes.map((id) => `${id}: { is_sender: ${id === 'n1'}, broadcast_value: far }`);
    const run = new LiveRun(
      { algorithm: 'bracha', config: config.join('\n') },
      `localhost:${server.port}`,
      await browser.newContext(),
    );
    const pages = await run.startTabs(nodes, relayedOnly);
    for (const result of Object.values(await run.results(nodes))) {
      expect(result).toMatchObject({ status: 'terminated', report: { delivered_value: 'far' } });
    }
    for (const page of pages) {
      const { types, states } = await page.evaluate(() => ({
        types: window.candidateTypes,
        states: window.connectionStates,
      }));
      expect(new Set(types)).toEqual(new Set(['relay']));
      // Not over the signaling server, which would help out.
      expect(states.filter((state) => state === 'connected')).toHaveLength(nodes.length - 1);
    }
    await run.close();
  });
});

async function openPage(browser: Browser): Promise<Page> {
  return (await browser.newContext()).newPage();
}

/** What a member is told when it joins. */
async function iceServersOf(server: SignalingServer, member: string): Promise<IceServer[]> {
  const url = signalingUrl(server.urls[0]!);
  const signaling = new SignalingClient({ url, webSocket: WebSocket });
  await signaling.join({ room: 'TURN-ROOM', member, token: 'x'.repeat(16), incarnation: 1 });
  const iceServers = [...signaling.iceServers];
  signaling.close();
  return iceServers;
}

declare global {
  interface Window {
    connection: RTCPeerConnection;
    heard: Promise<string>;
    /** Kinds of addresses that this page offered. */
    candidateTypes: string[];
    /** States that its connections went through. */
    connectionStates: string[];
  }
}

/** Makes an offer with all its candidates. Runs in a page, as do all below. */
async function beginRelayed(iceServers: IceServer[]): Promise<string> {
  window.connection = new RTCPeerConnection({ iceServers, iceTransportPolicy: 'relay' });
  const channel = window.connection.createDataChannel('test', { negotiated: true, id: 0 });
  channel.onopen = () => channel.send('from the offering side');
  window.heard = new Promise((resolve) => (channel.onmessage = ({ data }) => resolve(data)));
  await window.connection.setLocalDescription();
  await new Promise<void>((resolve) => {
    window.connection.onicegatheringstatechange = () =>
      window.connection.iceGatheringState === 'complete' && resolve();
  });
  return window.connection.localDescription!.sdp;
}

async function answerRelayed(from: { iceServers: IceServer[]; offer: string }): Promise<string> {
  const { iceServers, offer } = from;
  window.connection = new RTCPeerConnection({ iceServers, iceTransportPolicy: 'relay' });
  const channel = window.connection.createDataChannel('test', { negotiated: true, id: 0 });
  channel.onopen = () => channel.send('from the answering side');
  window.heard = new Promise((resolve) => (channel.onmessage = ({ data }) => resolve(data)));
  await window.connection.setRemoteDescription({ type: 'offer', sdp: offer });
  await window.connection.setLocalDescription();
  await new Promise<void>((resolve) => {
    window.connection.onicegatheringstatechange = () =>
      window.connection.iceGatheringState === 'complete' && resolve();
  });
  return window.connection.localDescription!.sdp;
}

function takeAnswer(sdp: string): Promise<void> {
  return window.connection.setRemoteDescription({ type: 'answer', sdp });
}

function heard(): Promise<string> {
  return window.heard;
}

/** What kind of addresses the connection uses, this side's and the other's. */
async function chosenTypes(): Promise<string[]> {
  const stats = await window.connection.getStats();
  const entries = [...stats.values()] as Record<string, unknown>[];
  const pair = entries.find(({ type, nominated, state }) => {
    return type === 'candidate-pair' && nominated === true && state === 'succeeded';
  })!;
  const typeOf = (id: unknown) => entries.find((entry) => entry['id'] === id)!['candidateType'];
  return [typeOf(pair['localCandidateId']), typeOf(pair['remoteCandidateId'])] as string[];
}

/** Tries the servers, and counts what they give. */
async function gather(iceServers: IceServer[]): Promise<{ candidates: number; errors: number[] }> {
  const connection = new RTCPeerConnection({ iceServers, iceTransportPolicy: 'relay' });
  const errors = new Set<number>();
  let candidates = 0;
  connection.onicecandidateerror = ({ errorCode }) => errors.add(errorCode);
  connection.createDataChannel('test');
  const complete = new Promise<void>((resolve) => {
    connection.onicecandidate = ({ candidate }) => {
      if (candidate === null) resolve();
      else if (candidate.candidate !== '') candidates++;
    };
  });
  await connection.setLocalDescription();
  await complete;
  connection.close();
  return { candidates, errors: [...errors] };
}

/** Lets every connection of the page use relayed addresses alone. */
function relayedOnly(): void {
  window.candidateTypes = [];
  window.connectionStates = [];
  const Original = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Original {
    constructor(configuration?: RTCConfiguration) {
      super({ ...configuration, iceTransportPolicy: 'relay' });
      this.addEventListener('icecandidate', ({ candidate }) => {
        if (candidate?.type != null) window.candidateTypes.push(candidate.type);
      });
      this.addEventListener('connectionstatechange', () => {
        window.connectionStates.push(this.connectionState);
      });
    }
  };
}
