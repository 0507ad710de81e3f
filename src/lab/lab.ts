/** The application without pixels, for a page: chapters, runs and rooms. */

import { ConfigError } from '../core/config/config-error.ts';
import { loadConfig } from '../core/config/load-config.ts';
import { toHex } from '../net/hex.ts';
import { SignalingClient } from '../net/signaling/client.ts';
import type { ChapterEntry, Diagnostic, LabService, RunRequest } from './lab-service.ts';
import { pageChapter, pageChapterNames, pageConfig } from './page-chapters.ts';
import { Room } from './room.ts';
import { runInWorkers } from './run-in-workers.ts';
import type { RunSpec } from './run-spec.ts';
import { simulate } from './simulate.ts';

/** Letters and digits that nobody mistakes for one another. */
const CODE_ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_LENGTH = 6;

/** What `<parley-app>` works with. */
export function createLab(): LabService {
  return {
    chapters: async () => Promise.all((await pageChapterNames()).map(entryOf)),
    checkConfig: async (algorithm, config) => diagnose(algorithm, config),
    simulate: (request) =>
      simulate(specOf(request), request.latencyMs, request.timeoutSeconds * 1000),
    runInWorkers: (request) => runInWorkers(specOf(request), request.timeoutSeconds * 1000),
    createRoom: () => enter(newCode()),
    joinRoom: (code) => enter(code.trim().toUpperCase()),
  };
}

async function entryOf(reference: string): Promise<ChapterEntry> {
  const { chapter } = await pageChapter(reference);
  const { title, summary, scenarios, view, algorithm } = chapter;
  const messages = [...messageTypes(algorithm.definition)];
  return {
    name: reference,
    title,
    summary,
    config: pageConfig(reference) ?? scenarios[0]?.config ?? '',
    scenarios: scenarios.map(({ name, story, config, latencyMs, timeoutSeconds }) => ({
      name,
      story,
      config,
      ...(latencyMs === undefined ? {} : { latencyMs }),
      ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    })),
    messageTypes: messages,
    ...(view === undefined ? {} : { view }),
  };
}

type AnyDefinition = Awaited<ReturnType<typeof pageChapter>>['chapter']['algorithm']['definition'];

/** Messages of an algorithm and of the layers below it, in the order of their records. */
function* messageTypes({ messages, children }: AnyDefinition): Iterable<string> {
  yield* Object.keys(messages);
  for (const child of Object.values(children)) yield* messageTypes(child.definition);
}

async function diagnose(algorithm: string, config: string): Promise<readonly Diagnostic[]> {
  const { chapter } = await pageChapter(algorithm);
  const problems = (() => {
    try {
      return loadConfig(config, chapter.algorithm.definition, { file: 'configuration' }).warnings;
    } catch (error) {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    }
  })();
  return problems.map(({ severity, message, suggestion, line, column, endLine, endColumn }) => ({
    severity,
    message: suggestion === undefined ? message : `${message} (did you mean '${suggestion}'?)`,
    line,
    column,
    endLine: endLine ?? line,
    endColumn: endColumn ?? column + 1,
  }));
}

function specOf({ algorithm, config, seed, format }: RunRequest): RunSpec {
  const runId = toHex(crypto.getRandomValues(new Uint8Array(8)));
  return { runId, algorithm, config, configFile: 'configuration', strict: false, format, seed };
}

function newCode(): string {
  // 30 letters divide 240: bytes above it are drawn again, so that every code is as likely.
  let code = '';
  while (code.length < CODE_LENGTH) {
    const byte = crypto.getRandomValues(new Uint8Array(1))[0]!;
    if (byte < 240) code += CODE_ALPHABET[byte % CODE_ALPHABET.length]!;
  }
  return code;
}

async function enter(code: string): Promise<Room> {
  const { protocol, host, pathname } = location;
  const url = `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/signal`;
  const link = `${await originForOthers()}${pathname}#/room/${code}`;
  return Room.enter(code, link, new SignalingClient({ url }));
}

/** Where other devices reach this page: `localhost` means something else to each of them, so the server is asked for its address. */
async function originForOthers(): Promise<string> {
  const { hostname, origin } = location;
  if (!['localhost', '127.0.0.1', '[::1]'].includes(hostname)) return origin;
  try {
    const answer = (await (await fetch('health')).json()) as { readonly urls?: readonly string[] };
    const origins = (answer.urls ?? []).map((url) => new URL(url));
    return origins.find((url) => url.hostname !== 'localhost')?.origin ?? origin;
  } catch {
    // A page from elsewhere than our server: its own address is the best that is known.
    return origin;
  }
}
