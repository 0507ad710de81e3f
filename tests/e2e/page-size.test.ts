/** What the first look at the page costs, on the wire. */

import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { buildPage } from '../../src/cli/build-page.ts';

/** Compressed bytes of everything that index.html names: script, what it imports at once, and styles. */
const FIRST_LOAD_MAX = 90 * 1024;

test('the first load is small: editor, YAML, WebRTC, rooms and the simulator come when they are needed', async () => {
  const root = await buildPage([], () => {});
  const page = readFileSync(path.join(root, 'index.html'), 'utf8');
  const files = [...page.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(([, file]) => file!);
  expect(files.length).toBeGreaterThan(2);
  const texts = files.map((file) => readFileSync(path.join(root, file)));
  const sizes = texts.map((text, index) => [files[index], gzipSync(text).length] as const);
  const total = sizes.reduce((sum, [, bytes]) => sum + bytes, gzipSync(page).length);
  expect(total, JSON.stringify(sizes, undefined, 1)).toBeLessThan(FIRST_LOAD_MAX);
  const all = texts.map(String).join('');
  // Words that stand in those libraries alone.
  for (const library of ['cm-content', 'YAMLParseError', 'RTCPeerConnection', 'd3-force']) {
    expect(all.includes(library), library).toBe(false);
  }
});
