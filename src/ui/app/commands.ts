/** What the keyboard does in the lab. One list feeds the keys, the help and the tests, so that they cannot drift apart. */

import type { LabModel } from './lab-model.ts';

/** What the commands act on, beside the model. */
export interface LabView {
  readonly model: LabModel;
  openHelp(): void;
  openHunt(): void;
  openPalette(): void;
  openShare(): void;
  /** Puts the stage, as it is at the moment, into a file. */
  savePicture(format: 'svg' | 'png'): void;
  /** Shows the run and the one before side by side. */
  compare(): void;
  focusFilter(): void;
  turnTab(direction: 1 | -1): void;
  zoomTime(direction: 1 | -1): void;
  panTime(part: number): void;
}

/** One command. */
export interface Command {
  /** `KeyboardEvent.key`, with `Shift+` before it where that matters. */
  readonly keys: readonly string[];
  /** How the keys are written in the help. */
  readonly shown: string;
  readonly title: string;
  /** What each of several keys does alone, in their order; where they mean the same, or too many things to list, there is none. */
  readonly each?: readonly string[];
  run(view: LabView, key: string): void;
}

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  {
    ...{ keys: [' '], shown: 'Space', title: 'Play or hold' },
    run: ({ model }) => model.viewer.toggle(),
  },
  {
    ...{ keys: ['ArrowLeft', 'ArrowRight'], shown: '← →', title: 'One event back or on' },
    each: ['One event back', 'One event on'],
    run: ({ model }, key) => model.viewer.stepBy(key === 'ArrowRight' ? 1 : -1),
  },
  {
    keys: ['Shift+ArrowLeft', 'Shift+ArrowRight'],
    ...{ shown: 'Shift ← →', title: 'Previous or next event of the selected node' },
    each: ['Previous event of the selected node', 'Next event of the selected node'],
    run: stepSelected,
  },
  {
    ...{ keys: ['Home', 'End'], shown: 'Home End', title: 'To the start or the end' },
    each: ['To the start', 'To the end'],
    run: ({ model }, key) => (key === 'Home' ? model.viewer.toStart() : model.viewer.toEnd()),
  },
  {
    ...{ keys: ['-', '+', '='], shown: '− +', title: 'Slower or faster' },
    each: ['Slower', 'Faster'],
    run: ({ model }, key) => model.viewer.changeSpeed(key === '-' ? -1 : 1),
  },
  {
    ...{ keys: ['l'], shown: 'L', title: 'Follow what happens now in a live run' },
    run: ({ model }) => {
      if (model.viewer.live) model.viewer.follow();
    },
  },
  {
    ...{ keys: ['r'], shown: 'R', title: 'Run again, or stop what runs' },
    run: ({ model }) => {
      if (!model.mayChoose) return;
      if (model.busy) model.stop();
      else void model.start();
    },
  },
  {
    ...{ keys: ['n'], shown: 'N', title: 'Run with the next seed' },
    run: ({ model }) => {
      if (model.place === 'simulated') void model.startNext();
    },
  },
  {
    ...{ keys: '123456789'.split(''), shown: '1 – 9', title: 'Select a node' },
    run: ({ model }, key) => {
      const node = model.scene.nodes[Number(key) - 1];
      if (node !== undefined) model.viewer.select({ kind: 'node', node: node.id });
    },
  },
  {
    ...{ keys: ['Escape'], shown: 'Esc', title: 'Select nothing, or break off what is run anew' },
    run: ({ model: { branches, viewer } }) => {
      if (branches.mayGoBack) branches.goBack();
      else viewer.select(undefined);
    },
  },
  {
    ...{ keys: ['/'], shown: '/', title: 'Filter the events' },
    run: (view) => view.focusFilter(),
  },
  {
    ...{ keys: ['[', ']'], shown: '[ ]', title: 'Previous or next tab' },
    each: ['Previous tab', 'Next tab'],
    run: (view, key) => view.turnTab(key === ']' ? 1 : -1),
  },
  {
    ...{ keys: ['w', 's'], shown: 'W S', title: 'Show a shorter or longer time in the diagram' },
    each: ['Show a shorter time in the diagram', 'Show a longer time in the diagram'],
    run: (view, key) => view.zoomTime(key === 'w' ? -1 : 1),
  },
  {
    ...{ keys: ['a', 'd'], shown: 'A D', title: 'Move the diagram to earlier or later' },
    each: ['Move the diagram to earlier', 'Move the diagram to later'],
    run: (view, key) => view.panTime(key === 'a' ? -0.25 : 0.25),
  },
  {
    ...{ keys: ['k'], shown: 'K', title: 'Crash the selected node' },
    run: ({ model }) => model.deeds.crashSelected(),
  },
  {
    ...{ keys: ['p'], shown: 'P', title: 'Partition: cut the selected node off from the others' },
    run: ({ model }) => model.deeds.cutOffSelected(),
  },
  {
    ...{ keys: ['x'], shown: 'X', title: 'Drop the selected message' },
    run: ({ model }) => model.deeds.dropSelected(),
  },
  {
    ...{ keys: ['h'], shown: 'H', title: 'Heal the network' },
    run: ({ model }) => model.deeds.healAll(),
  },
  {
    ...{ keys: ['f'], shown: 'F', title: 'Fork: another future from this moment' },
    run: ({ model }) => model.deeds.fork(),
  },
  {
    ...{ keys: ['u'], shown: 'U', title: 'Take back what you did last' },
    run: ({ model }) => model.branches.undo(),
  },
  {
    ...{ keys: ['b'], shown: 'B', title: 'Show the run before, and back' },
    run: ({ model }) => model.branches.swap(),
  },
  {
    ...{ keys: ['c'], shown: 'C', title: 'Compare with the run before' },
    run: (view) => view.compare(),
  },
  {
    ...{ keys: ['o'], shown: 'O', title: 'Arrange the nodes in another way' },
    run: ({ model }) => model.arrange(undefined),
  },
  {
    ...{ keys: ['g'], shown: 'G', title: 'Show or hide the ghost of the run before' },
    run: ({ model }) => model.branches.toggleGhost(),
  },
  {
    ...{ keys: ['m'], shown: 'M', title: 'Find me a counterexample' },
    run: (view) => view.openHunt(),
  },
  {
    ...{ keys: ['e'], shown: 'E', title: 'Share this run as a link' },
    run: (view) => view.openShare(),
  },
  {
    ...{ keys: ['Ctrl+k'], shown: 'Ctrl K', title: 'Find a command, a chapter, a node' },
    run: (view) => view.openPalette(),
  },
  {
    ...{ keys: ['?'], shown: '?', title: 'This help' },
    run: (view) => view.openHelp(),
  },
];

/** The command for a key, if it means one here. */
export function commandFor(event: KeyboardEvent): Command | undefined {
  if (event.altKey || event.defaultPrevented) return undefined;
  const key = keyOf(event);
  return COMMANDS.find(({ keys }) => keys.includes(key));
}

/** A key as the commands name it. */
export function keyOf(event: KeyboardEvent): string {
  const { key } = event;
  if (event.ctrlKey || event.metaKey) return `Ctrl+${key.toLowerCase()}`;
  if (key.startsWith('Arrow') && event.shiftKey) return `Shift+${key}`;
  return key.length === 1 ? key.toLowerCase() : key;
}

/** True for a command that a single character triggers: those can be switched off, because speech input types them by chance. */
export function isCharacterCommand(command: Command): boolean {
  return command.keys.every((key) => key.length === 1 && key !== ' ');
}

function stepSelected({ model }: LabView, key: string): void {
  const { selection, recording } = model.viewer;
  const node =
    selection?.kind === 'node'
      ? selection.node
      : selection?.kind === 'event'
        ? recording.events[selection.index]?.node
        : undefined;
  if (node !== undefined) model.viewer.stepAt(node, key.endsWith('Right') ? 1 : -1);
}
