/** `parley new NAME`: a small algorithm that runs at once, to be changed into another. */

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sameName } from '../../core/nearest-name.ts';
import { chapterNames } from '../chapters.ts';
import { coloursFor } from '../colours.ts';
import { EXIT_STATUS, UsageError } from '../failures.ts';
import { PACKAGE_ROOT } from '../package-root.ts';
import { fillTemplate, type NewNames } from './template.ts';

/** A file to be written, and the template that it is made of. */
interface NewFile {
  readonly template: string;
  /** Relative to where the command runs or to Parley's root. */
  readonly target: string;
}

/** What is made, and how it is used. */
interface Plan {
  readonly root: string;
  readonly files: readonly NewFile[];
  readonly nextCommands: readonly string[];
}

/** Writes the files; the exit status. */
export function newCommand(name: string): Promise<number> {
  const workingDirectory = process.cwd();
  const names = namesFor(name);
  const plan = isInTree(workingDirectory)
    ? chapterInTree(names)
    : ownProject(names, workingDirectory);
  const taken = plan.files.find(({ target }) => existsSync(path.join(plan.root, target)));
  if (taken !== undefined)
    throw new UsageError(`${taken.target} exists already: choose another name`);
  for (const { template, target } of plan.files) {
    const file = path.join(plan.root, target);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, fillTemplate(template, target, names));
  }
  announce(plan);
  return Promise.resolve(EXIT_STATUS.ok);
}

/** Longer names make no readable file names, paths and labels. */
const NAME_LENGTH_MAX = 40;

/** Files that every chapter has beside the one with its own name. */
const OTHER_FILES = ['messages', 'invariants', 'scenarios', 'index', 'view', 'readme'];

/** Types that the template imports: a class of the same name would hide them. */
const TAKEN_CLASSES = ['Chapter', 'Scenario', 'Invariant', 'NodeId'];

/**
 * The name in all its spellings.
 *
 * @throws {UsageError} with a better one, when it cannot be a name
 */
export function namesFor(name: string): NewNames {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name)) {
    const better = words.join('_').replace(/^[0-9_]+/, '');
    const hint = better === '' ? 'e.g. my_gossip' : `e.g. ${better}`;
    throw new UsageError(`'${name}' cannot be a name: use lower case and underscores, ${hint}`);
  }
  if (name.length > NAME_LENGTH_MAX) {
    throw new UsageError(`'${name}' is too long: a name has at most ${NAME_LENGTH_MAX} characters`);
  }
  const className = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  const isTaken = OTHER_FILES.includes(name) || TAKEN_CLASSES.includes(className);
  if (isTaken || className in globalThis) {
    throw new UsageError(`'${name}' means something else already: try ${name}_algorithm`);
  }
  const title = words.join(' ');
  return {
    name,
    className,
    fileName: words.join('-'),
    title: title.charAt(0).toUpperCase() + title.slice(1),
  };
}

/** True in a checkout of Parley; an installed package is no place to write to. */
function isInTree(workingDirectory: string): boolean {
  const relative = path.relative(PACKAGE_ROOT, workingDirectory);
  const isInside = !relative.startsWith('..') && !path.isAbsolute(relative);
  return isInside && !PACKAGE_ROOT.split(path.sep).includes('node_modules');
}

const SHARED_FILES = ['messages.ts', 'invariants.ts', 'scenarios.ts', 'index.ts'];

function chapterInTree(names: NewNames): Plan {
  const { name, fileName } = names;
  const existing = chapterNames().find((chapter) => sameName(chapter, name));
  if (existing !== undefined) {
    throw new UsageError(`there is a chapter ${existing} already: choose another name`);
  }
  const folder = `src/algorithms/${name}`;
  const files = [
    { template: 'tree/README.md', target: `${folder}/README.md` },
    { template: 'chapter-name.ts', target: `${folder}/${fileName}.ts` },
    ...SHARED_FILES.map((file) => ({ template: file, target: `${folder}/${file}` })),
    { template: 'chapter-name.yaml', target: `configs/${name}.yaml` },
    { template: 'tree/chapter-name.test.ts', target: `tests/unit/algorithms/${fileName}.test.ts` },
  ];
  const nextCommands = [
    `npx parley run -c configs/${name}.yaml -a ${name}`,
    `npx parley run -c configs/${name}.yaml -a ${name} -m local`,
    `npx vitest run tests/unit/algorithms/${fileName}.test.ts`,
    'npm start',
  ];
  return { root: PACKAGE_ROOT, files, nextCommands };
}

function ownProject(names: NewNames, workingDirectory: string): Plan {
  const { name, fileName } = names;
  if (existsSync(path.join(workingDirectory, name))) {
    throw new UsageError(`${name} exists here already: choose another name`);
  }
  const files = [
    { template: 'project/README.md', target: `${name}/README.md` },
    { template: 'chapter-name.ts', target: `${name}/${fileName}.ts` },
    ...SHARED_FILES.map((file) => ({ template: file, target: `${name}/${file}` })),
    { template: 'chapter-name.yaml', target: `${name}/${name}.yaml` },
    { template: 'project/chapter-name.test.js', target: `${name}/${fileName}.test.js` },
    { template: 'project/package.json', target: `${name}/package.json` },
    { template: 'project/tsconfig.json', target: `${name}/tsconfig.json` },
  ];
  const parley = isInstalled() ? 'npx parley' : `node ${binFrom(workingDirectory)}`;
  const nextCommands = [
    `${parley} run -c ${name}/${name}.yaml -a ./${name}`,
    `${parley} run -c ${name}/${name}.yaml -a ./${name} -m local`,
    `${parley} lab ./${name}`,
    `cd ${name} && npm install && npm test`,
  ];
  return { root: workingDirectory, files, nextCommands };
}

function isInstalled(): boolean {
  return PACKAGE_ROOT.split(path.sep).includes('node_modules');
}

function binFrom(workingDirectory: string): string {
  return path.relative(workingDirectory, path.join(PACKAGE_ROOT, 'bin', 'parley.js'));
}

function announce({ files, nextCommands }: Plan): void {
  const colours = coloursFor(process.stdout, process.env);
  const lines = [
    'Made:',
    ...files.map(({ target }) => `  ${target}`),
    '',
    'Next:',
    ...nextCommands.map((command) => `  ${colours.cyan(command)}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
