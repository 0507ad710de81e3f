/** From text to a parsed document, within bounds, and with syntax errors that say what to do. */

import { Composer, Lexer, Parser, type CST, type Document } from 'yaml';
import { messageOf } from '../errors.ts';
import type { ProblemList } from './problem-list.ts';
import { syntaxMessage } from './syntax-message.ts';
import { NESTING_MAX } from './yaml-tree.ts';

/** Longest text accepted, in UTF-16 units: some thousand nodes; the parser takes seconds for much more. */
export const CONFIG_TEXT_LENGTH_MAX = 1_048_576;

/** Parts of the parser's stack for one level of nesting: a map and its value's place, with some to spare. */
const STACK_PER_LEVEL = 3;

/**
 * Parses one document. Merge keys and repeated keys are left to the tree, which knows their places.
 *
 * @returns undefined when the text is not YAML; why is in `problems`
 */
export function parseYaml(text: string, problems: ProblemList): Document | undefined {
  if (text.length > CONFIG_TEXT_LENGTH_MAX) {
    problems.error(
      [0, 0],
      `${text.length} characters; a configuration may have ${CONFIG_TEXT_LENGTH_MAX}`,
    );
    return undefined;
  }
  try {
    const tokens = tokenize(text, problems);
    return tokens && compose(tokens, text, problems);
  } catch (error) {
    problems.error([0, 0], `the YAML parser gave up on this text: ${messageOf(error)}`);
    return undefined;
  }
}

/** The parser's own loop, with a bound on its stack: everything behind it recurses. */
function tokenize(text: string, problems: ProblemList): CST.Token[] | undefined {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > NESTING_MAX * STACK_PER_LEVEL) {
      const range = [parser.offset, parser.offset] as const;
      problems.error(range, `nested more than ${NESTING_MAX} levels deep`);
      return undefined;
    }
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

function compose(tokens: CST.Token[], text: string, problems: ProblemList): Document | undefined {
  const composer = new Composer({
    merge: false,
    uniqueKeys: false,
    resolveKnownTags: false,
    version: '1.2',
  });
  const [document, second] = composer.compose(tokens, true, text.length);
  if (document === undefined) return undefined;
  // A warning of the parser is a tag or a directive that means nothing to us.
  const faults = [...document.errors, ...document.warnings];
  for (const { code, message, pos } of faults) problems.error(pos, syntaxMessage(code, message));
  if (second !== undefined) {
    const start = text.lastIndexOf('---', second.range[0]);
    problems.error(
      [start, start + 3],
      'a second document begins here; a configuration is one, so remove this line',
    );
  }
  return faults.length > 0 || second !== undefined ? undefined : document;
}
