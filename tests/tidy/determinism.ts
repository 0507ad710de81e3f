/**
 * What core, algorithms and check may not touch: the same seed must give the same bytes in every
 * engine. Most of it also does not compile there (no DOM library); Math and Date always compile.
 */

import { onEach, isCode, problemAt, type Check, type Problem } from './source-file.ts';
import { isReference, walk, type Node } from './syntax.ts';

const CLOCK = "time and timers come through the node's Clock";

const FORBIDDEN_GLOBALS: Readonly<Record<string, string>> = {
  Date: CLOCK,
  performance: CLOCK,
  setTimeout: CLOCK,
  setInterval: CLOCK,
  setImmediate: CLOCK,
  requestAnimationFrame: CLOCK,
  queueMicrotask: 'the runtime alone decides when a turn ends',
  crypto: "use the node's Random and Signer",
  fetch: 'messages are the only input',
  Intl: 'engines differ: compare and print by code point',
  WeakRef: 'garbage collection is not deterministic',
  FinalizationRegistry: 'garbage collection is not deterministic',
  globalThis: 'everything outside comes through a port',
};

/** Of these the standard fixes every bit (and for `sqrt`, IEEE 754 does, and every engine obeys). */
const EXACT_MATH = new Set(
  (
    'abs ceil clz32 floor fround imul max min round sign sqrt trunc ' +
    'E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2'
  ).split(' '),
);

const FORBIDDEN_METHODS = /^(localeCompare|toLocale[A-Z]\w*)$/;

/** Whether the rule is about this file: the layers that must compute the same everywhere. */
const isDeterministicLayer = (path: string): boolean =>
  /^src\/(core|algorithms|check)\//.test(path) && isCode(path);

export const computesTheSameEverywhere: Check = onEach(isDeterministicLayer, (file) => {
  const problems: Problem[] = [];
  walk(file, (node, parent, key) => {
    const reason = whyForbidden(node, parent, key);
    if (reason !== undefined) problems.push(problemAt(file, node.start, reason));
  });
  return problems;
});

function whyForbidden(node: Node, parent: Node | undefined, key: string): string | undefined {
  switch (node.type) {
    case 'Identifier':
      return isReference(parent, key) ? whyForbiddenName(node.name, parent) : undefined;
    case 'MemberExpression': {
      const name = propertyName(node);
      if (name === undefined || !FORBIDDEN_METHODS.test(name)) return undefined;
      return `'${name}' follows the machine's language: compare and format by code point.`;
    }
    case 'BinaryExpression':
    case 'AssignmentExpression':
      return node.operator === '**' || node.operator === '**='
        ? "Engines differ in the last bits of '**': multiply, shift, or use src/core/math.ts."
        : undefined;
    default:
      return undefined;
  }
}

function whyForbiddenName(name: string, parent: Node | undefined): string | undefined {
  if (name === 'Math') {
    const property = parent?.type === 'MemberExpression' ? propertyName(parent) : undefined;
    if (property !== undefined && EXACT_MATH.has(property)) return undefined;
    return property === undefined
      ? "Name the function at once (`Math.floor(…)`): an alias of 'Math' cannot be checked."
      : `Engines differ in 'Math.${property}': use src/core/math.ts, or the node's Random.`;
  }
  const reason = Object.hasOwn(FORBIDDEN_GLOBALS, name) ? FORBIDDEN_GLOBALS[name] : undefined;
  return reason === undefined ? undefined : `'${name}' is forbidden here: ${reason}.`;
}

function propertyName(node: Node & { type: 'MemberExpression' }): string | undefined {
  const { property } = node;
  if (!node.computed) return property.type === 'Identifier' ? property.name : undefined;
  return property.type === 'Literal' && typeof property.value === 'string'
    ? property.value
    : undefined;
}
