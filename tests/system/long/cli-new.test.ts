/** An algorithm that `parley new` made in Parley's own tree runs live: the page is built anew, and knows it. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyTree, Folder, parley, runJson } from '../../e2e/cli-process.ts';

let tree: Folder;
beforeAll(() => {
  tree = new Folder();
  copyTree(tree.path);
});
afterAll(() => tree.remove());

test('it runs live, and the page knows it', async () => {
  const inTree = { root: tree.path, cwd: tree.path };
  expect(await parley(['new', 'my_gossip'], inTree)).toMatchObject({ status: 0 });
  const words = ['-c', 'configs/my_gossip.yaml', '-a', 'my_gossip', '-m', 'local'];
  const result = await runJson(words, inTree);
  expect(result).toMatchObject({ mode: 'local', ok: true, exitStatus: 0 });
  expect(result.nodes['n4']?.report).toMatchObject({ heard: 'have you heard?' });
});
