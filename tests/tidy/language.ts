/** The language is TypeScript for types alone: what type stripping leaves must be JavaScript. */

import { isCode, onEach, problemAt, type Check, type Problem } from './source-file.ts';
import { walk, type Node } from './syntax.ts';

export const isErasable: Check = onEach(isCode, (file) => {
  const problems: Problem[] = [];
  walk(file, (node) => {
    const message = whyNotErasable(node, file.path);
    if (message !== undefined) problems.push(problemAt(file, node.start, message));
  });
  return problems;
});

function whyNotErasable(node: Node, path: string): string | undefined {
  switch (node.type) {
    case 'Decorator':
      return 'No decorators: no browser runs them and Vite leaves them in. Call a function instead.';
    case 'TSEnumDeclaration':
      return "No enum: use a union of strings (`type Role = 'leader' | 'follower'`).";
    case 'TSParameterProperty':
      return 'No parameter properties: declare the field and assign it in the constructor.';
    case 'TSModuleDeclaration':
      // `declare global` and `declare module 'x'` describe others' code and leave nothing behind.
      return node.kind === 'namespace' && !path.endsWith('.d.ts')
        ? 'No namespace: a file is a module already.'
        : undefined;
    default:
      return whyNoDefault(node, path);
  }
}

function whyNoDefault(node: Node, path: string): string | undefined {
  const isDefault =
    node.type === 'ExportDefaultDeclaration' ||
    (node.type === 'ExportSpecifier' &&
      node.exported.type === 'Identifier' &&
      node.exported.name === 'default');
  // A tool looks for the default export of its configuration.
  // What Vite makes of other files has one, and a declaration says so.
  if (!isDefault || /^[^/]+\.config\.ts$|\.d\.ts$/.test(path)) return undefined;
  return 'No default exports: a name that every importer spells the same can be searched.';
}
