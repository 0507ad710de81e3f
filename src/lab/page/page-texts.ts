/** Reads what is written in a page: configurations and plans of faults, with what is wrong in them. */

import { ConfigError, type ConfigProblem } from '../../core/config/config-error.ts';
import { withChosenLayers } from '../../core/config/chosen-layers.ts';
import { loadConfig } from '../../core/config/load-config.ts';
import { loadFaults } from '../../core/faults/load-faults.ts';
import type { Diagnostic, ReadFaults } from '../lab-service.ts';
import { pageChapter } from './page-chapters.ts';

/** What is wrong with a configuration for a chapter. */
export async function diagnose(algorithm: string, config: string): Promise<readonly Diagnostic[]> {
  const { chapter } = await pageChapter(algorithm);
  const problems = (() => {
    try {
      const file = 'configuration';
      const { definition } = withChosenLayers(chapter.algorithm, config, file);
      return loadConfig(config, definition, { file }).warnings;
    } catch (error) {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    }
  })();
  return diagnosticsOf(problems);
}

/** The faults of a text, or what is wrong with it. */
export async function readFaults(
  algorithm: string,
  config: string,
  text: string,
  seed: number,
): Promise<ReadFaults> {
  if (text.trim() === '') return { faults: undefined };
  const { chapter } = await pageChapter(algorithm);
  try {
    const file = 'configuration';
    const { definition } = withChosenLayers(chapter.algorithm, config, file);
    const { nodes } = loadConfig(config, definition, { file });
    const ids = nodes.map(({ id }) => id);
    return { faults: loadFaults(text, { file: 'faults', nodes: ids, seed }) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // Faults speak of the nodes: where the configuration is wrong, it is the configuration that says so.
    const own = error.problems.filter(({ file }) => file === 'faults');
    return own.length === 0 ? { faults: undefined } : { diagnostics: diagnosticsOf(own) };
  }
}

function diagnosticsOf(problems: readonly ConfigProblem[]): readonly Diagnostic[] {
  return problems.map(({ severity, message, suggestion, line, column, endLine, endColumn }) => ({
    severity,
    message: suggestion === undefined ? message : `${message} (did you mean '${suggestion}'?)`,
    line,
    column,
    endLine: endLine ?? line,
    endColumn: endColumn ?? column + 1,
  }));
}
