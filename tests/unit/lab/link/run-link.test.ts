/** Links: what was written is read again, and what others write is bounded, checked and named where it is wrong. */

import { describe, expect, test } from 'vitest';
import { chapter } from '../../../../src/algorithms/bracha/index.ts';
import {
  attemptOf,
  LinkError,
  linkedAs,
  type LinkedRun,
} from '../../../../src/lab/link/linked-run.ts';
import {
  isRunLink,
  LINK_LENGTH_MAX,
  readRunLink,
  writeRunLink,
} from '../../../../src/lab/link/run-link.ts';
import { perform, performTraced } from '../../../../src/runtime/explore/attempt.ts';
import { shrink } from '../../../../src/runtime/explore/shrink.ts';
import { fc } from '../../../support/property.ts';

const FOUR =
  'n1: { is_sender: true, broadcast_value: hello }\nn2: &no { is_sender: false }\nn3: *no\nn4: *no\n';

const BASE: LinkedRun = {
  algorithm: 'bracha',
  runId: 'a run',
  config: FOUR,
  format: 'json',
  seed: 7,
  timeoutMs: 30_000,
  serviceMs: 10_000,
};

const text = fc.string({ unit: 'grapheme', maxLength: 60 });
const ms = fc.integer({ min: 0, max: 86_400_000 });

const linkedRun: fc.Arbitrary<LinkedRun> = fc.record(
  {
    algorithm: text,
    runId: text,
    config: fc.string({ maxLength: 2000 }),
    format: fc.constantFrom('json', 'msgpack'),
    seed: fc.maxSafeNat(),
    timeoutMs: ms,
    serviceMs: ms,
    hash: fc.constant('ab'.repeat(32)),
    source: fc.string({ maxLength: 500 }),
    breaks: fc.array(text, { maxLength: 3 }),
    without: fc.array(text, { maxLength: 3 }),
    faults: fc.constant({ loss: '5%' }),
    choices: fc.array(fc.record({ crash: fc.constant('n1'), at: ms })),
    schedule: fc.constant({ kind: 'pct', depth: 2, steps: 9 } as const),
    latencyMs: fc.record({ min: ms, max: ms }),
    property: text,
    trace: fc.constant('0f'.repeat(32)),
  },
  { requiredKeys: ['algorithm', 'runId', 'config', 'format', 'seed', 'timeoutMs', 'serviceMs'] },
);

test('whatever was written is read again', async () => {
  await fc.assert(
    fc.asyncProperty(linkedRun, async (run) => {
      const link = await writeRunLink(run);
      expect(link).toMatch(/^http:\/\/localhost:9000\/#\/run\/1\.[\w-]+$/);
      expect(isRunLink(link)).toBe(true);
      expect(await readRunLink(link)).toEqual(run);
      // As mail programs break it, and without the address.
      const broken = link.replaceAll(/(.{20})/g, '$1\r\n ');
      expect(await readRunLink(broken)).toEqual(run);
      expect(await readRunLink(link.split('#/run/')[1]!)).toEqual(run);
    }),
  );
});

test('a link of an ordinary run is short', async () => {
  const choices = Array.from({ length: 20 }, (_, i) => ({
    ...{ message: `n${(i % 4) + 1}#${i * 7 + 1}`, to: 'n2', arrives: [i * 17.137] },
  }));
  const link = await writeRunLink({ ...BASE, hash: 'ab'.repeat(32), choices });
  expect(link.length).toBeLessThan(2000);
});

/** A link around any text. */
async function around(content: string | Uint8Array<ArrayBuffer>): Promise<string> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const folded = Buffer.from(await new Response(stream).arrayBuffer());
  return `#/run/1.${folded.toString('base64url')}`;
}

describe('a hostile link', () => {
  const json = (part: object) => JSON.stringify({ ...BASE, ...part });
  const cases: [string, () => Promise<string> | string, RegExp][] = [
    ['that is none', () => 'https://example.org/', /this is no link of a run/],
    ['of the future', () => '#/run/2.abc', /of version 2, and this reads 1: a newer Parley/],
    ['of an old version', () => '#/run/0.abc', /of version 0.*no Parley makes such links/],
    ['that is too long', () => `#/run/1.${'a'.repeat(LINK_LENGTH_MAX)}`, /letters; at most 262144/],
    ['that was cut', async () => (await writeRunLink(BASE)).slice(0, -20), /the link is damaged/],
    ['that is noise', () => '#/run/1.AAAAAAAAAAAAAAAAAAAA', /the link is damaged/],
    ['that unfolds', () => around(new Uint8Array(50_000_000)), /unfolds to more than 4194304/],
    ['that is no UTF-8', () => around(new Uint8Array([0xff, 0xfe])), /the link is damaged/],
    ['that is no JSON', () => around('{"algorithm":'), /the link is damaged: .*JSON/],
    ['that is deep', () => around('['.repeat(1_000_000)), /the link/],
    ['of another thing', () => around('[1]'), /the link: /],
    ['with an unknown key', () => around(json({ evil: 1 })), /the link: evil: /],
    ['with a wrong seed', () => around(json({ seed: -1 })), /the link: seed: /],
    ['with half a seed', () => around(json({ seed: 1.5 })), /the link: seed: /],
    ['with a wrong format', () => around(json({ format: 'xml' })), /the link: format: /],
    ['with an endless time', () => around(json({ timeoutMs: 1e300 })), /the link: timeoutMs: /],
    ['with a wrong hash', () => around(json({ hash: '<b>' })), /the link: hash: .*SHA-256/],
    ['without a configuration', () => around('{"algorithm":"bracha"}'), /the link: .*runId/],
  ];
  test.each(cases)('%s is refused', async (_name, link, message) => {
    const error = await readRunLink(await link()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LinkError);
    expect((error as Error).message).toMatch(message);
  });

  test('is read or refused, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), async (data) => {
        const error = await around(JSON.stringify(data) ?? '')
          .then(readRunLink)
          .catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(LinkError);
      }),
    );
  });
});

describe('what it carries', () => {
  const cases: [string, Partial<LinkedRun> | object, RegExp][] = [
    ['a configuration', { config: 'n1: [' }, /configuration:1/],
    [
      'a choice',
      { choices: [{ message: 'n1#1', to: 'n9', arrives: [] }] },
      /choices\[0\]\.to: there is no node 'n9'/,
    ],
    ['faults', { faults: { lost: 1 } }, /lost: unknown key 'lost' \(did you mean 'loss'\?\)/],
    ['a schedule', { schedule: { kind: 'pct', depth: 99, steps: 1 } }, /schedule\.depth/],
    ['a bug', { breaks: ['no-such-bug'] }, /no-such-bug/],
    ['nodes', { without: ['n1', 'n2', 'n3', 'n4'] }, /no node is left/],
  ];
  test.each(cases)('is checked: %s', (_name, part, message) => {
    const make = () => attemptOf({ ...BASE, ...part }, chapter);
    expect(make).toThrow(LinkError);
    expect(make).toThrow(message);
  });

  test('runs, without the nodes that are left out', async () => {
    const config = `${FOUR}n5: *no\nn6: *no\n`;
    const attempt = attemptOf({ ...BASE, config, without: ['n5', 'n6'] }, chapter);
    expect(attempt.plan.nodes.map(({ id }) => id)).toEqual(['n1', 'n2', 'n3', 'n4']);
    const whole = attemptOf(BASE, chapter);
    expect((await performTraced(attempt)).traceSha256).toBe(
      (await performTraced(whole)).traceSha256,
    );
  });

  test('is the shrunk run, byte for byte', async () => {
    const config = Array.from({ length: 7 }, (_, i) => `n${i + 1}: { is_sender: ${i === 0} }\n`);
    const linked = { ...BASE, config: config.join(''), breaks: ['skip-echo-quorum'] };
    const stormy: LinkedRun = { ...linked, faults: chapter.faults! };
    const attempt = attemptOf(stormy, chapter);
    const { failure } = await perform(attempt);
    const shrunk = await shrink(attempt, failure!);
    const small = await performTraced(shrunk.attempt);
    const link = await writeRunLink(linkedAs(stormy, attempt, shrunk.attempt));
    const again = await performTraced(attemptOf(await readRunLink(link), chapter));
    expect(again.failure).toEqual(shrunk.failure);
    expect(again.traceSha256).toBe(small.traceSha256);
  });
});
