/** The guide to Raft is run as it stands there. */

import 'fake-indexeddb/auto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { ROOT } from '../e2e/cli-process.ts';

interface Counter {
  add(by: number): Promise<number>;
  read(): Promise<number>;
  close(): Promise<void>;
}

type Open = (id: string, show: (count: number) => void) => Promise<Counter>;

const guide = readFileSync(path.join(ROOT, 'docs/raft.md'), 'utf8');
const [todo, counter] = [...guide.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code!);

async function load(): Promise<Open> {
  // Inside the package, which finds itself by its name, but not among the files that other tests look at meanwhile.
  const built = path.join(ROOT, 'dist');
  mkdirSync(built, { recursive: true });
  const folder = mkdtempSync(path.join(built, 'guide-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'counter.ts');
  // As it stands, but for elections that take half of the time.
  const quick = 'settings: { election_timeout: 500, heartbeat_interval: 50 },';
  writeFileSync(file, counter!.replace('machine: counter,', `machine: counter, ${quick}`));
  const module = (await import(pathToFileURL(file).href)) as { readonly openCounter: Open };
  return module.openCounter;
}

test('the to-do list is the example that the browser tests run, and has fewer than fifty lines', () => {
  const example = readFileSync(path.join(ROOT, 'examples/todo/todo.ts'), 'utf8');
  expect(todo).toBe(example.replace('../../src/index.ts', '@parley-lab/parley'));
  expect(example.trimEnd().split('\n').length).toBeLessThan(50);
});

test('what one adds all show, and it is there when all were closed', async () => {
  const openCounter = await load();
  const shown = new Map<string, number>();
  const waiting: (() => void)[] = [];
  const ids = ['n1', 'n2', 'n3'];
  const open = () =>
    Promise.all(
      ids.map((id) =>
        openCounter(id, (count) => {
          shown.set(id, count);
          for (const look of waiting) look();
        }),
      ),
    );
  const allShow = (count: number) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (ids.every((id) => shown.get(id) === count)) resolve();
      };
      waiting.push(look);
      look();
    });

  const counters = await open();
  expect(await counters[0]!.add(3)).toBe(3);
  expect(await counters[1]!.add(4)).toBe(7);
  await allShow(7);
  expect(await counters[2]!.read()).toBe(7);

  await counters[0]!.close();
  expect(await counters[1]!.add(1)).toBe(8);
  await Promise.all(counters.slice(1).map((one) => one.close()));
  const again = await open();
  expect(await again[0]!.read()).toBe(8);
  await Promise.all(again.map((one) => one.close()));
}, 60_000);
