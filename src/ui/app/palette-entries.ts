/** What the palette finds: the commands of the keyboard, and everything in the lab that has a name. */

import { filesOf } from './setup.ts';
import { COMMANDS, type LabView } from './commands.ts';

/** One line of the palette. */
export interface PaletteEntry {
  readonly title: string;
  /** What kind of thing it is, or the key that does it too. */
  readonly note: string;
  run(): void;
}

/** Keys that commands share with what they act on: their entries stand under the names of those. */
const LISTED_BY_NAME = new Set(['123456789', '?', 'Ctrl+k']);

/** Everything that can be found from here. */
export function paletteEntries(
  view: LabView,
  openChapter: (name: string) => void,
): readonly PaletteEntry[] {
  const { model } = view;
  const { chapter } = model;
  const commands = COMMANDS.flatMap((command) => {
    const { keys, each, shown, title } = command;
    if (LISTED_BY_NAME.has(keys.join(''))) return [];
    const titles = each ?? [title];
    return titles.map((one, index) => ({
      title: one,
      note: each === undefined ? shown : printKey(keys[index]!),
      run: () => command.run(view, keys[index]!),
    }));
  });
  const pictures = (['svg', 'png'] as const).map((format) => ({
    ...{ title: `Save the stage as ${format.toUpperCase()}`, note: 'picture' },
    run: () => view.savePicture(format),
  }));
  const nodes = model.scene.nodes.map(({ id }) => ({
    ...{ title: `Select ${id}`, note: 'node' },
    run: () => model.viewer.select({ kind: 'node', node: id }),
  }));
  if (!model.mayChoose) return [...commands, ...pictures, ...nodes];
  const files = filesOf(chapter).map(({ name }) => ({
    ...{ title: `Run: ${name}`, note: 'scenario' },
    run: () => {
      model.openFile(name);
      void model.start();
    },
  }));
  const bugs = chapter.bugs.map(({ name, title }) => ({
    ...{ title: `Break it: ${title}`, note: 'bug' },
    run: () => void model.show(name),
  }));
  const chapters = model.chapters
    .filter((other) => other !== chapter)
    .map(({ name, title }) => ({
      ...{ title, note: 'chapter' },
      run: () => openChapter(name),
    }));
  return [...commands, ...pictures, ...files, ...bugs, ...nodes, ...chapters];
}

/** A key as it is written on keyboards. */
function printKey(key: string): string {
  return key
    .replace('Shift+', 'Shift ')
    .replace('ArrowLeft', '←')
    .replace('ArrowRight', '→')
    .replace(/^[a-z]$/, (letter) => letter.toUpperCase());
}

/** Those that have every word of `wanted` somewhere; those that begin with the first of them come first. */
export function matching(entries: readonly PaletteEntry[], wanted: string): PaletteEntry[] {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  const textOf = ({ title, note }: PaletteEntry) => `${title} ${note}`.toLowerCase();
  const found = entries.filter((entry) => words.every((word) => textOf(entry).includes(word)));
  const [first = ''] = words;
  const isNear = (entry: PaletteEntry) => textOf(entry).startsWith(first);
  return [...found.filter(isNear), ...found.filter((entry) => !isNear(entry))];
}
