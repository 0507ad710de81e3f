/** The syntax tree of a file, its imports and its text without comments: Vite's own parser. */

import { parseSync, type ESTree, type ParseResult } from 'vite';
import type { SourceFile } from './source-file.ts';

export type Node = ESTree.Node;

/** One place where a file names another by a path. */
export interface Import {
  /** As written: `../core/id.ts`, `lit`, `/configs/*.yaml`. */
  readonly specifier: string;
  readonly offset: number;
  /** `glob` is `import.meta.glob`; `url` is `new URL(…, import.meta.url)`, as workers are named. */
  readonly form: 'import' | 'glob' | 'url';
}

const parsed = new WeakMap<SourceFile, ParseResult>();

function parse(file: SourceFile): ParseResult {
  let result = parsed.get(file);
  if (result === undefined) {
    result = parseSync(file.path, file.text);
    parsed.set(file, result);
  }
  return result;
}

/** One node, what it stands in, and the field of its parent that holds it. */
type Visit = readonly [node: Node, parent: Node | undefined, key: string];

/** Several rules walk the same file: its tree is turned into a list once. */
const visits = new WeakMap<SourceFile, readonly Visit[]>();

/** Visits every node of a file, parents first. */
export function walk(file: SourceFile, visit: (...visited: Visit) => void): void {
  let list = visits.get(file);
  if (list === undefined) {
    const found: Visit[] = [];
    collect([parse(file).program, undefined, ''], found);
    visits.set(file, found);
    list = found;
  }
  for (const visited of list) visit(...visited);
}

function collect(visit: Visit, found: Visit[]): void {
  found.push(visit);
  const [node] = visit;
  for (const [key, value] of Object.entries(node) as [string, unknown][]) {
    if (key === 'parent') continue;
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) collect([child, node, key], found);
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** Every import of a file, in whatever form: statements, types, globs and workers' addresses. */
export function importsOf(file: SourceFile): Import[] {
  const found: Import[] = [];
  const add = (node: Node | null | undefined, form: Import['form']): void => {
    if (node?.type === 'Literal' && typeof node.value === 'string') {
      found.push({ specifier: node.value, offset: node.start, form });
    }
    if (node?.type === 'ArrayExpression') node.elements.forEach((element) => add(element, form));
  };
  walk(file, (node) => {
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
      case 'ExportNamedDeclaration':
      case 'ImportExpression':
      case 'TSImportType':
        add(node.source, 'import');
        break;
      case 'CallExpression':
        if (isMetaProperty(node.callee, 'glob')) add(node.arguments[0], 'glob');
        break;
      case 'NewExpression':
        if (isMetaProperty(node.arguments[1], 'url')) add(node.arguments[0], 'url');
        break;
      default:
    }
  });
  return found;
}

/** Whether a node is `import.meta.<name>`. */
function isMetaProperty(node: Node | undefined, name: string): boolean {
  return (
    node?.type === 'MemberExpression' &&
    node.object.type === 'MetaProperty' &&
    node.property.type === 'Identifier' &&
    node.property.name === name
  );
}

/** The text with every comment blanked out, offsets and lines unchanged. */
export function withoutComments(file: SourceFile): string {
  let text = file.text;
  for (const { start, end } of parse(file).comments) {
    const blank = text.slice(start, end).replace(/[^\n]/g, ' ');
    text = text.slice(0, start) + blank + text.slice(end);
  }
  return text;
}

/**
 * Whether an identifier stands for a variable, in contrast to a property's or a type's name.
 * `Date` in `new Date()` does; in `record.Date`, `{ Date: 1 }` and `x: Date` it does not.
 */
export function isReference(parent: Node | undefined, key: string): boolean {
  switch (parent?.type) {
    case 'MemberExpression':
      return key === 'object' || parent.computed;
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
    case 'AccessorProperty':
      return key === 'value' || parent.computed;
    case 'ImportSpecifier':
    case 'ExportSpecifier':
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'TSQualifiedName':
    case 'TSTypeReference':
    case 'TSPropertySignature':
    case 'TSMethodSignature':
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
    case 'TSInterfaceHeritage':
    case 'TSClassImplements':
      return false;
    default:
      return true;
  }
}
