/** What lists know of a chapter: each scenario with what goes wrong in its story, as a text that is read again as what it was. */

import { describe, expect, test } from 'vitest';
import { chapterNames, locateChapter } from '../../../src/cli/chapters.ts';
import { loadConfig } from '../../../src/core/config/load-config.ts';
import { loadFaults } from '../../../src/core/faults/load-faults.ts';
import { entryOf } from '../../../src/lab/chapter-entry.ts';
import { withChosenLayers } from '../../../src/core/config/chosen-layers.ts';

describe.each(chapterNames())('%s', (name) => {
  test('its scenarios have their faults', async () => {
    const { chapter } = await locateChapter(name, '.');
    const entries = entryOf(name, chapter, undefined).scenarios;
    for (const [at, { config, faults: text }] of entries.entries()) {
      const { faults = {} } = chapter.scenarios[at]!;
      const { definition } = withChosenLayers(chapter.algorithm, config, 'a.yaml');
      const nodes = loadConfig(config, definition, { file: 'a.yaml' }).nodes.map(({ id }) => id);
      expect(loadFaults(text, { file: 'faults.yaml', nodes, seed: 1 })).toEqual(faults);
      expect(text === '').toBe(Object.keys(faults).length === 0);
    }
  });
});
