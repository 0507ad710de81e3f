/** One custom element per file, and the file is named like its tag: what is on the screen is found. */

import { baseName, isCode, onEach, problemAt, type Check } from './source-file.ts';
import { walk, type Node } from './syntax.ts';

export const filesAreNamedLikeTags: Check = onEach(
  (path) => path.startsWith('src/ui/') && isCode(path),
  (file) => {
    const name = baseName(file.path).replace(/\.ts$/, '');
    const defined: { tag: string | undefined; offset: number }[] = [];
    walk(file, (node) => {
      if (isDefine(node)) defined.push({ tag: literal(node.arguments[0]), offset: node.start });
    });
    const problems = defined
      .filter(({ tag }) => tag !== name)
      .map(({ tag, offset }) =>
        problemAt(
          file,
          offset,
          tag === undefined
            ? 'Define the element with its tag written out, so that it can be searched.'
            : `<${tag}> is defined in ${name}.ts: one element per file, named parley-… like its file.`,
        ),
      );
    if (defined.some(({ tag }) => tag === name && !name.startsWith('parley-'))) {
      problems.push(problemAt(file, 0, `<${name}> needs the prefix 'parley-', as its file does.`));
    }
    if (defined.length === 0 && name.startsWith('parley-')) {
      problems.push(
        problemAt(
          file,
          0,
          `Nothing here calls customElements.define('${name}', …): rename the file.`,
        ),
      );
    }
    return problems;
  },
);

/** `customElements.define(…)`, with or without a window before it. */
function isDefine(node: Node): node is Node & { type: 'CallExpression' } {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return false;
  const { object, property } = node.callee;
  return lastName(property) === 'define' && lastName(object) === 'customElements';
}

function lastName(node: Node): string | undefined {
  if (node.type === 'MemberExpression') return lastName(node.property);
  return node.type === 'Identifier' ? node.name : undefined;
}

function literal(node: Node | undefined): string | undefined {
  return node?.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;
}
