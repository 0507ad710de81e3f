/** The guide to Raft is run as it stands there. */

import 'fake-indexeddb/auto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { ROOT } from '../e2e/cli-process.ts';

interface Item {
  readonly text: string;
  readonly done: boolean;
}

interface TodoList {
  add(text: string): Promise<boolean>;
  tick(number: number): Promise<boolean>;
  items(): Promise<readonly Item[]>;
  close(): Promise<void>;
}

type Open = (id: string, show: (items: readonly Item[]) => void) => Promise<TodoList>;

const guide = readFileSync(path.join(ROOT, 'docs/raft.md'), 'utf8');
const code = /^```ts\n([\s\S]*?)^```$/m.exec(guide)![1]!;

async function load(): Promise<Open> {
  // Inside the repository, where the package finds itself by its name.
  const folder = mkdtempSync(path.join(ROOT, 'tests/docs/guide-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'todo.ts');
  // As it stands, but for elections that take a fifth of the time.
  const quick = 'settings: { election_timeout: 200, heartbeat_interval: 30 },';
  writeFileSync(file, code.replace('machine,', `machine, ${quick}`));
  const module = (await import(pathToFileURL(file).href)) as { readonly openTodoList: Open };
  return module.openTodoList;
}

test('the to-do list has fewer than fifty lines', () => {
  expect(code.trimEnd().split('\n').length).toBeLessThan(50);
});

test('what one adds all show, and it is there when all were closed', async () => {
  const openTodoList = await load();
  const shown = new Map<string, readonly Item[]>();
  const waiting: (() => void)[] = [];
  const ids = ['n1', 'n2', 'n3'];
  const open = () =>
    Promise.all(
      ids.map((id) =>
        openTodoList(id, (items) => {
          shown.set(id, items);
          for (const look of waiting) look();
        }),
      ),
    );
  const allShow = (count: number) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (ids.every((id) => shown.get(id)?.length === count)) resolve();
      };
      waiting.push(look);
      look();
    });

  const lists = await open();
  expect(await lists[0]!.add('write a log')).toBe(true);
  expect(await lists[1]!.add('read it')).toBe(true);
  expect(await lists[2]!.tick(0)).toBe(true);
  expect(await lists[2]!.tick(7)).toBe(false);
  await allShow(2);
  const items = [
    { text: 'write a log', done: true },
    { text: 'read it', done: false },
  ];
  expect(await lists[1]!.items()).toEqual(items);

  await lists[0]!.close();
  expect(await lists[1]!.add('without the first')).toBe(true);
  await Promise.all(lists.slice(1).map((list) => list.close()));
  const again = await open();
  expect(await again[0]!.items()).toEqual([...items, { text: 'without the first', done: false }]);
  await Promise.all(again.map((list) => list.close()));
}, 60_000);
