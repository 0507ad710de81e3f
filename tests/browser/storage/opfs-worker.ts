/** Runs the conformance cases of the private file system: its synchronous handles exist in dedicated workers alone. */

import { messageOf } from '../../../src/core/errors.ts';
import { storageCases, type WorldMaker } from '../../../src/storage/conformance/index.ts';
import { PrivateFiles } from '../../../src/storage/files/opfs.ts';
import { placeOfValue } from '../../support/damage-file.ts';

let count = 0;

/** Worlds in folders of their own. */
const worlds: WorldMaker = {
  abilities: ['reopen', 'damage', 'evict'],
  make: async () => {
    const name = `world ${++count}`;
    await PrivateFiles.remove(name);
    const opened: PrivateFiles[] = [];
    return {
      open: async (options) => {
        const storage = await PrivateFiles.open(name, options);
        opened.push(storage);
        return storage;
      },
      damage: (path, key) => damage(name, path, key),
      evict: () => PrivateFiles.remove(name),
      dispose: async () => {
        await Promise.allSettled(opened.map((storage) => storage.close()));
        await PrivateFiles.remove(name);
      },
    };
  },
};

/** Flips a bit of a value in the file that is in use. */
async function damage(name: string, path: string, key: string): Promise<void> {
  const root = await navigator.storage.getDirectory();
  const ours = await root.getDirectoryHandle('parley');
  const folder = await ours.getDirectoryHandle(`_${encodeURIComponent(name)}`);
  const file = await folder.getFileHandle(`_${path}.0`);
  const handle = await file.createSyncAccessHandle();
  const bytes = new Uint8Array(handle.getSize());
  handle.read(bytes, { at: 0 });
  bytes[placeOfValue(bytes, key)]! ^= 4;
  handle.write(bytes, { at: 0 });
  handle.flush();
  handle.close();
}

/** Two tabs want the same files: the second is told that they are taken, and has them when the first is gone. */
async function contend(): Promise<void> {
  const first = await PrivateFiles.open('contended');
  const refused = await PrivateFiles.open('contended').then(
    () => 'opened',
    (error: unknown) => (error as Error).name,
  );
  await first.store('top').put('a', 1);
  await first.close();
  const second = await PrivateFiles.open('contended', { mustExist: true });
  const found = await second.store('top').get('a');
  await second.close();
  await PrivateFiles.remove('contended');
  if (refused !== 'StorageTaken' || found !== 1) throw new Error(`${refused}, ${String(found)}`);
}

const cases = [...storageCases(worlds), { name: 'two tabs', run: contend }];

globalThis.onmessage = async ({ data: name }: MessageEvent<string | undefined>) => {
  if (name === undefined) {
    postMessage(cases.map((one) => one.name));
    return;
  }
  try {
    await cases.find((one) => one.name === name)!.run();
    postMessage('');
  } catch (error) {
    postMessage(messageOf(error) || 'it failed');
  }
};
