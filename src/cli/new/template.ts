/** Fills in templates: files in src/cli/templates, which are compiled and linted where they stand. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PACKAGE_ROOT } from '../package-root.ts';

/** A name in the spellings that files need. */
export interface NewNames {
  /** `my_gossip` */
  readonly name: string;
  /** `MyGossip` */
  readonly className: string;
  /** `my-gossip` */
  readonly fileName: string;
  /** `My gossip` */
  readonly title: string;
}

const TEMPLATES_FOLDER = path.join(PACKAGE_ROOT, 'src', 'cli', 'templates');

/** The text of a new file. `target` decides how its imports are written. */
export function fillTemplate(template: string, target: string, names: NewNames): string {
  const text = readFileSync(path.join(TEMPLATES_FOLDER, template), 'utf8')
    .replaceAll('chapter_name', names.name)
    .replaceAll('ChapterName', names.className)
    .replaceAll('chapter-name', names.fileName)
    .replaceAll('Chapter name', names.title);
  if (path.basename(target) === 'package.json') return withVersions(text, target);
  // In the tree a chapter is as deep as its template, so that its imports stay as they are.
  if (target.startsWith('src/')) return text;
  if (target.startsWith('tests/')) return withTestImports(text, names.name);
  return withPackageImports(text);
}

function withTestImports(text: string, name: string): string {
  return text
    .replaceAll("'../../../", "'../../../src/")
    .replaceAll("'../index.ts'", `'../../../src/algorithms/${name}/index.ts'`);
}

const CORE_IMPORT = /^import (type )?\{([^}]*)\} from '\.\.\/\.\.\/core\/[^']*';\n/gm;

/** Everything that a chapter takes from core is exported by the package: one import for all. */
function withPackageImports(text: string): string {
  const imported = Array.from(text.matchAll(CORE_IMPORT), ([, isType, names]) =>
    names!.split(',').map((name) => ({ name: name.trim(), isType: isType !== undefined })),
  ).flat();
  if (imported.length === 0) return text;
  const areTypes = imported.every(({ isType }) => isType);
  const names = imported
    .map(({ name, isType }) => (isType && !areTypes ? `type ${name}` : name))
    .join(', ');
  const statement = `import ${areTypes ? 'type ' : ''}{ ${names} } from '@parley-lab/parley';\n`;
  let isFirst = true;
  return text.replaceAll(CORE_IMPORT, () => {
    const replacement = isFirst ? statement : '';
    isFirst = false;
    return replacement;
  });
}

/** The versions that this Parley works with; a checkout is named by its place. */
function withVersions(text: string, target: string): string {
  const own = JSON.parse(readFileSync(path.join(PACKAGE_ROOT, 'package.json'), 'utf8')) as {
    readonly version: string;
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const isInstalled = PACKAGE_ROOT.split(path.sep).includes('node_modules');
  const folder = path.resolve(path.dirname(target));
  const place = `file:${path.relative(folder, PACKAGE_ROOT).replaceAll('\\', '/')}`;
  const made = JSON.parse(text) as { dependencies: Record<string, string> };
  made.dependencies = {
    '@parley-lab/parley': isInstalled ? `^${own.version}` : place,
    valibot: own.dependencies['valibot']!,
  };
  return `${JSON.stringify(made, undefined, 2)}\n`;
}
