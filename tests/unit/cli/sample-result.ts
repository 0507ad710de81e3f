/** A result to print in tests. */

import type { NodeResult, RunResult } from '../../../src/core/result.ts';

/** A node that did well. */
export const goodNode: NodeResult = {
  status: 'terminated',
  report: { value: 'yes', hops: 2, nested: { list: [1, 2] } },
  messages_received: { upper: 3, 'upper.lower': 4 },
  bytes_received: 120,
  messages_sent: 5,
  dropped: {},
  elapsed_ms: 2999.6,
};

/** A node that did not. */
export const failedNode: NodeResult = {
  ...goodNode,
  status: 'failed',
  error: "handler 'say' of upper: no\n    at mine.ts:3:4",
  dropped: { schema: 2 },
};

/** A run of both. */
export const sampleResult: RunResult = {
  algorithm: 'upper',
  mode: 'offline',
  format: 'json',
  seed: 42,
  ok: false,
  elapsed_ms: 12,
  virtual_ms: 3000,
  messages_sent: 10,
  messages_delivered: 14,
  bytes_delivered: 240,
  trace_sha256: 'ab'.repeat(32),
  violation: { invariant: 'Nobody lies', detail: 'n2 lied' },
  nodes: { n1: goodNode, n2: failedNode },
};
