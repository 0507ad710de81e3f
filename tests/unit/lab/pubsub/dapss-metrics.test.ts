/** The metrics of a group by DAPSS's names: of real members, over a cable that is pulled. */

import { expect, test } from 'vitest';
import { DapssMetrics, type MetricRecord } from '../../../../src/lab/pubsub/dapss-metrics.ts';
import { newGroup, read } from '../../../support/pubsub-group.ts';

const PATIENCE_MS = 30_000;

const now = (): number => performance.timeOrigin + performance.now();

/** DAPSS's fields, as its `utils/metrics.py` writes them. */
const ADAPTIVE = ['peers', 'msg_rate', 'avg_latency', 'fanout', 'interval'];
const SUMMARY = {
  gossip: ['sent', 'received', 'duplicates', 'failures', 'rate_per_sec', 'latency'],
  consensus: [
    ...['votes_requested', 'votes_granted', 'heartbeats_sent', 'heartbeats_received'],
    ...['state_changes', 'leader_elections'],
  ],
  network: [
    ...['connection_attempts', 'connection_failures', 'connection_success_rate'],
    ...['bytes_sent', 'bytes_received', 'total_peers', 'healthy_peers'],
  ],
  performance: ['avg_msg_rate', 'messages_in_window'],
};
const LATENCY = 'mean_ms median_ms min_ms max_ms p95_ms p99_ms stdev_ms'.split(' ');

type Summary = Record<keyof typeof SUMMARY, Record<string, number>>;

const summaryOf = (records: readonly MetricRecord[]) =>
  records.findLast(({ metric }) => metric === 'summary') as unknown as Summary;

test(
  'what was sent, heard, voted and missed stands in the records, by its names and in its order',
  { timeout: PATIENCE_MS },
  async () => {
    const group = newGroup();
    const members = await Promise.all(group.ids.map((id) => group.start(id)));
    const meters = members.map((member) => new DapssMetrics(member, now));
    const [one, two, three] = members;
    const [atTwo, atThree] = await Promise.all([two!.subscribe('news'), three!.subscribe('news')]);
    for (let n = 0; n < 20; n++) await one!.publish('news', n);
    await Promise.all([read(atTwo, 20), read(atThree, 20)]);

    const heartbeats = () =>
      members.map(({ observed }) => observed.elections.counts.heartbeats_sent);
    await expect.poll(() => Math.max(...heartbeats()), { timeout: PATIENCE_MS }).toBeGreaterThan(2);

    const taken = meters.map((meter) => meter.take(now() + 6000));
    const ids = taken.flat().map(({ node_id }) => node_id);
    expect(new Set(ids)).toEqual(new Set(group.ids));
    const adaptive = taken[1]!.find(({ metric }) => metric === 'adaptive_stats')!;
    expect(Object.keys(adaptive).slice(3)).toEqual(ADAPTIVE);
    expect(adaptive).toMatchObject({ peers: 2, fanout: 2, interval: 0.5 });
    const [publisher, reader, other] = taken.map(summaryOf) as [Summary, Summary, Summary];
    for (const [part, fields] of Object.entries(SUMMARY)) {
      expect(Object.keys(reader[part as keyof Summary])).toEqual(fields);
    }
    expect(Object.keys(reader.gossip['latency']!)).toEqual(LATENCY);
    expect(reader.gossip).toMatchObject({ received: 20, failures: 0 });
    expect(publisher.gossip).toMatchObject({ received: 0, latency: {} });
    expect(publisher.gossip['sent']).toBeGreaterThanOrEqual(40);
    expect(reader.network).toMatchObject({ total_peers: 2, healthy_peers: 2 });
    const consensus = [publisher, reader, other].map((each) => each.consensus);
    const total = (field: string) => consensus.reduce((sum, each) => sum + each[field]!, 0);
    expect(total('leader_elections')).toBeGreaterThanOrEqual(1);
    expect(total('votes_requested')).toBeGreaterThanOrEqual(total('leader_elections'));
    for (const field of [
      'votes_granted',
      'heartbeats_sent',
      'heartbeats_received',
      'state_changes',
    ])
      expect(total(field), field).toBeGreaterThan(0);
    const votes = taken.flat().filter(({ event }) => event === 'vote_granted');
    expect(votes).toHaveLength(total('votes_granted'));

    group.network.cut((from, to) => [from, to].includes('n3'));
    const health: unknown[] = [];
    const seen = () => {
      const records = meters[0]!.take(now());
      health.push(
        ...records
          .filter(({ metric }) => metric === 'network_health')
          .map(({ event, peer }) => `${String(event)} ${String(peer)}`),
      );
      return health;
    };
    await expect.poll(seen, { timeout: PATIENCE_MS }).toEqual(['partition_detected n3']);
    group.network.cut(() => false);
    await expect
      .poll(seen, { timeout: PATIENCE_MS })
      .toEqual(['partition_detected n3', 'partition_healed n3']);

    const rest = meters[0]!.finish();
    expect(rest.at(-1)).toMatchObject({ metric: 'summary', node_id: 'n1' });
    const times = taken[0]!.slice(0, -2).map(({ timestamp }) => timestamp);
    expect(times).toEqual(times.toSorted());
    expect(times.every((time) => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(time))).toBe(true);
  },
);
