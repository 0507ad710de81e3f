/** The first line of the recordings of tests, which have no files of an algorithm behind them. */

import { recordingHeaderLine } from '../../src/lab/recording/recording-schema.ts';

export const HEADER = recordingHeaderLine({
  parley: 'test',
  mode: 'local',
  source_sha256: '0'.repeat(64),
  spec: {
    ...{ runId: 'run', algorithm: 'babbler', config: '', configFile: 'test.yaml' },
    ...{ strict: true, format: 'json', seed: 1 },
  },
});
