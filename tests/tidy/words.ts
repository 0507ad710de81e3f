/** What people read stands in one file of each folder: so it is found, read as a whole, and one day translated. */

import {
  baseName,
  isCode,
  problemAt,
  type Check,
  type Problem,
  type SourceFile,
} from './source-file.ts';
import { walk } from './syntax.ts';

const SAY_IT = 'What people read stands in the words.ts of this folder (decision 0059).';

/** Attributes whose value is read, or read out. */
const SPOKEN = /(?:aria-label|title|placeholder|alt|label|summary)="[^"]*\p{L}/u;

/** Two words or more: keys, names of events and tags have one. */
const SENTENCE = /\p{L}[,:]? \p{L}/u;

export const wordsStandTogether: Check = (files) => {
  const folders = new Set(
    files
      .filter(({ path }) => path.startsWith('src/ui/') && baseName(path) === 'words.ts')
      .map(({ path }) => folderOf(path)),
  );
  return files
    .filter(({ path }) => isCode(path) && baseName(path) !== 'words.ts')
    .filter(({ path }) => folders.has(folderOf(path)))
    .flatMap(problemsOf);
};

function problemsOf(file: SourceFile): Problem[] {
  const problems: Problem[] = [];
  const styles = new Set<unknown>();
  walk(file, (node) => {
    if (node.type === 'TaggedTemplateExpression') {
      // What is no template of a page are styles.
      styles.add(node.quasi);
      if (node.tag.type !== 'Identifier' || !['html', 'svg'].includes(node.tag.name)) return;
      const text = node.quasi.quasis.map(({ value }) => value.raw).join('\u0000');
      // The name is the same in every language.
      const isRead = /\p{L}/u.test(text.replace(/<[^>]*>|Parley/g, '')) || SPOKEN.test(text);
      if (isRead) problems.push(problemAt(file, node.start, SAY_IT));
    }
    if (node.type === 'TemplateLiteral' && !styles.has(node)) {
      const text = node.quasis.map(({ value }) => value.raw).join('\u0000');
      if (SENTENCE.test(text)) problems.push(problemAt(file, node.start, SAY_IT));
    }
    if (node.type === 'Literal' && typeof node.value === 'string' && SENTENCE.test(node.value)) {
      problems.push(problemAt(file, node.start, SAY_IT));
    }
  });
  return problems;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
