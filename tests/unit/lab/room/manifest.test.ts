/** Manifests: run as they are, or refused with a reason for people. */

import { describe, expect, test } from 'vitest';
import { algorithmHash } from '../../../../src/lab/room/algorithm-hash.ts';
import { findChapter, type FoundChapter } from '../../../../src/lab/chapters.ts';
import { checkManifest, type ManifestCheck } from '../../../../src/lab/room/manifest.ts';
import type { Manifest } from '../../../../src/lab/room/messages.ts';

const find = (algorithm: string) =>
  findChapter(algorithm, {
    pingpong: () => import('../../../../src/algorithms/pingpong/index.ts'),
    echo: () => import('../../../../src/algorithms/echo/index.ts'),
  });
const hashOf = ({ chapter }: FoundChapter) =>
  algorithmHash(chapter.algorithm.definition, undefined);

const key = (letter: string) => letter.repeat(64);
const check: ManifestCheck = {
  ...{ self: 'me', key: key('a'), find, hashOf },
  keyOf: (member) => ({ you: key('b') })[member],
};

async function manifest(change: Partial<Manifest> = {}): Promise<Manifest> {
  return {
    spec: {
      ...{ runId: 'abcdef', algorithm: 'pingpong', configFile: 'configuration', strict: false },
      ...{ format: 'json', seed: 1, frameAuth: 'signature' },
      config: 'n1: { initiator: true }\nn2: { initiator: false }\n',
    },
    algorithmHash: hashOf(await find('pingpong')),
    startedAtMs: 0,
    timeoutSeconds: 30,
    seats: [
      { node: 'n1', member: 'me', key: key('a') },
      { node: 'n2', member: 'you', key: key('b') },
    ],
    ...change,
  };
}

const refusal = async (change: Partial<Manifest>) => checkManifest(await manifest(change), check);

describe('a manifest', () => {
  test('that fits is run', async () => {
    const { plan } = await checkManifest(await manifest(), check);
    expect(plan.nodes.map(({ id }) => id)).toEqual(['n1', 'n2']);
  });

  test('of another algorithm of the same name is refused', async () => {
    await expect(refusal({ algorithmHash: key('0') })).rejects.toThrow(/not the same here/);
  });

  test('of an algorithm that this page does not have is refused with the nearest name', async () => {
    const { spec } = await manifest();
    const other = { ...spec, algorithm: 'pingpongg' };
    await expect(refusal({ spec: other })).rejects.toThrow(/does not know.*pingpong/s);
  });

  test('with a configuration that is wrong is refused', async () => {
    const { spec } = await manifest();
    await expect(refusal({ spec: { ...spec, config: 'n1: 5' } })).rejects.toThrow(/cannot be made/);
  });

  test('with other keys than are known here is refused', async () => {
    const { seats } = await manifest();
    const [mine, yours] = seats as [Manifest['seats'][0], Manifest['seats'][0]];
    await expect(refusal({ seats: [{ ...mine, key: key('c') }, yours] })).rejects.toThrow(
      /another key for this tab/,
    );
    await expect(refusal({ seats: [mine, { ...yours, key: key('c') }] })).rejects.toThrow(
      /another key for the tab that runs n2/,
    );
    // Nobody has seen this member before: its key is taken from the manifest.
    await checkManifest(await manifest({ seats: [mine, { ...yours, member: 'new' }] }), check);
  });

  test('with another key than the configuration pins is refused', async () => {
    const { spec } = await manifest();
    const config = `n1: { initiator: true, public_key: ${key('d')} }\nn2: { initiator: false }\n`;
    await expect(refusal({ spec: { ...spec, config } })).rejects.toThrow(/public_key/);
  });

  test('whose seats do not fit its nodes is refused', async () => {
    const { seats } = await manifest();
    for (const wrong of [
      seats.slice(1),
      [seats[0]!, seats[0]!],
      [...seats, { ...seats[0]!, node: 'n3' }],
    ]) {
      await expect(refusal({ seats: wrong })).rejects.toThrow(/one seat/);
    }
  });

  test('that gives a page too many nodes, or a node too many links, is refused', async () => {
    const { spec } = await manifest();
    const run = (count: number, memberOf: (at: number) => string) => {
      const ids = Array.from({ length: count }, (_, at) => `n${at + 1}`);
      const config = ids.map((id) => `${id}: { start_node: false }`).join('\n');
      return {
        spec: { ...spec, algorithm: 'echo', config },
        seats: ids.map((node, at) => ({ node, member: memberOf(at), key: key('e') })),
      };
    };
    const algorithm = { algorithmHash: hashOf(await find('echo')) };
    await expect(refusal({ ...algorithm, ...run(9, () => 'one') })).rejects.toThrow(
      /9 nodes, and a page holds at most 8/,
    );
    await expect(refusal({ ...algorithm, ...run(66, (at) => `m${at}`) })).rejects.toThrow(
      /65 links, and a node has at most 64/,
    );
  });
});

describe('what an algorithm is', () => {
  test('is its source where that is known, and otherwise what it declares', async () => {
    const pingpong = (await find('pingpong')).chapter.algorithm.definition;
    const echo = (await find('echo')).chapter.algorithm.definition;
    expect(algorithmHash(pingpong, key('5'))).toBe(key('5'));
    expect(algorithmHash(pingpong, undefined)).toMatch(/^[0-9a-f]{64}$/);
    expect(algorithmHash(pingpong, undefined)).not.toBe(algorithmHash(echo, undefined));
    const renamed = { ...pingpong, settings: { ...pingpong.settings, more: pingpong.settings } };
    expect(algorithmHash(renamed as never, undefined)).not.toBe(algorithmHash(pingpong, undefined));
  });
});
