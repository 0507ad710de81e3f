/** The command `check`, as people type it: its options, their help and its examples. */

import { Option, type Command } from 'commander';
import { MODELS } from '../../check/models/models.ts';
import { CONSISTENCY_LEVELS, type ConsistencyLevel } from '../../check/transactions/consistency.ts';
import { WORKLOADS } from '../../check/workloads/workloads.ts';
import { positiveNumber } from '../option-values.ts';

/** What `check` is asked. */
export interface CheckOptions {
  /** A model's name, or the path of a module. */
  readonly model?: string;
  readonly workload?: string;
  readonly consistency?: ConsistencyLevel;
  /** Seconds that one history may take. */
  readonly timeout: number;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** A history that takes longer is one that people stop waiting for. */
const TIMEOUT_SECONDS = 60;

const HELP = `
FILE has one history a line, as a JSON object:
  {"name":"a","model":"register","initial":null,"linearizable":true,"events":[[0,"invoke","write",1],[0,"ok","write",1]]}
An event is [process, invoke|ok|fail|info, operation, value] and perhaps a time in milliseconds; info means
that nobody knows whether it happened. "linearizable" is the verdict to expect, true unless given.
Histories for a workload have "workload" and "valid" instead of "model" and "linearizable".

Models:     ${[...MODELS.keys()].join(', ')}
Workloads:  ${[...WORKLOADS.keys()].slice(0, 9).join(', ')},
            ${[...WORKLOADS.keys()].slice(9).join(', ')}

Examples:
  parley check histories.jsonl
  parley check one.jsonl --model cas-register --timeout 10
  parley check mine.jsonl --model ./stack.ts#stack
  parley check transactions.jsonl --workload txn-list-append --consistency serializable --json

Exit status: 0 every verdict is the expected one, 1 one is not, 2 bad usage, or a file that cannot be read.`;

/** Adds the command; what it does is loaded when it is called. */
export function addCheckCommand(program: Command, finished: (status: number) => void): void {
  program
    .command('check')
    .summary('judge recorded histories')
    .description(
      'Say of each history in a file whether it is linearizable, or what a workload asks for.',
    )
    .argument('<file>', 'histories, one JSON object a line')
    .option(
      '--model <name>',
      'judge every history by this model, or by one in a module of yours: ./mine.ts#name',
    )
    .addOption(
      new Option('--workload <name>', 'judge every history by this workload').conflicts('model'),
    )
    .addOption(
      new Option(
        '--consistency <level>',
        'transactions: what to expect of them (default: strict-serializable)',
      ).choices(CONSISTENCY_LEVELS),
    )
    .option(
      '--timeout <seconds>',
      'until the verdict on one history is unknown',
      positiveNumber,
      TIMEOUT_SECONDS,
    )
    .option('--json', 'print one JSON object a history')
    .option('-v, --verbose', 'explain good verdicts too; with --json, say why')
    .addHelpText('after', HELP)
    .action(async (file: string, options: CheckOptions) =>
      finished(await (await import('./check.ts')).checkCommand(file, options)),
    );
}
