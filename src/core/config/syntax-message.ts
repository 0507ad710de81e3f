/** The YAML parser's complaints in the words of somebody who writes a configuration. */

import type { ErrorCode } from 'yaml';

const MESSAGES: { readonly [code in ErrorCode]?: string } = {
  ALIAS_PROPS: 'an alias (*name) takes no anchor or tag of its own; remove it',
  BAD_ALIAS: 'an anchor (&name) or alias (*name) needs a name that does not end in a colon',
  BAD_COLLECTION_TYPE: 'tags (!name) have no meaning here; remove it',
  BAD_DIRECTIVE: 'a line that begins with % is a directive to YAML; remove it or put it in quotes',
  BAD_DQ_ESCAPE: 'no such escape in double quotes; write \\\\ for a backslash or use single quotes',
  BAD_INDENT: 'the indentation does not fit: the keys of one block begin in the same column',
  BAD_PROP_ORDER: 'an anchor or tag stands before its value: key: &name value',
  BAD_SCALAR_START: 'a text may not begin with this character; put it in quotes',
  BLOCK_AS_IMPLICIT_KEY:
    "two ': ' in one line; put the text in quotes or the inner block on lines of its own",
  BLOCK_IN_FLOW: 'an indented block inside { } or [ ]: is a comma missing here?',
  KEY_OVER_1024_CHARS: 'this key is longer than YAML allows',
  MULTILINE_IMPLICIT_KEY:
    "a key stands on one line: is a ':' missing here, or a quote or bracket not closed?",
  MULTIPLE_ANCHORS: 'a value takes one anchor (&name)',
  MULTIPLE_TAGS: 'tags (!name) have no meaning here; remove them',
  TAB_AS_INDENT: 'a tab in the indentation; use spaces',
  TAG_RESOLVE_FAILED: 'tags (!name) have no meaning here; remove it',
};

/** What to do about a syntax error; codes with many causes keep the parser's own words. */
export function syntaxMessage(code: ErrorCode, original: string): string {
  if (original.startsWith('Missing closing ')) return 'a quote is opened and not closed';
  if (original.startsWith('Implicit map keys need')) {
    return "a ':' and a value are missing after this";
  }
  if (/ end with a [\]}]$/.test(original)) return 'a bracket is opened and not closed';
  if (original.startsWith('Unexpected flow-')) return 'a bracket is closed that was not opened';
  if (original.endsWith(' at node end')) {
    return 'this stands behind the end of a value; is a quote or a comma missing, or one too many?';
  }
  return MESSAGES[code] ?? `this is not YAML: ${original}`;
}
