/**
 * The peer score of gossipsub v1.1, part by part as the specification defines it: time in the mesh, deliveries with their caps and decay, the
 * deficit and what is left of it, invalid messages, the layer above, crowded addresses, behaviour, and what is remembered of who has gone.
 */

import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import {
  recordArrival,
  recordDuplicate,
  recordRejected,
  RECORD_MS,
  RECORDS_MAX,
  recordValid,
  type DeliveryRecords,
} from '../../../../src/algorithms/gossipsub/deliveries.ts';
import {
  addPeer,
  addPenalty,
  emptyScores,
  enterMesh,
  quitMesh,
  refresh,
  removePeer,
  scoreOf,
  setOpinion,
  type Scores,
} from '../../../../src/algorithms/gossipsub/score.ts';
import {
  scoreSchema,
  topicScoreSchema,
  type ScoreParameters,
  type TopicScore,
} from '../../../../src/algorithms/gossipsub/settings.ts';

const TOPIC = 'news';

/** Everything 0, but what is given. */
const SILENT: TopicScore = {
  ...v.parse(topicScoreSchema, {}),
  topic_weight: 0.5,
  ...{ time_in_mesh_weight: 0, first_message_deliveries_weight: 0 },
  ...{ mesh_message_deliveries_weight: 0, mesh_failure_penalty_weight: 0 },
  invalid_message_deliveries_weight: 0,
};

function scoresWith(topic: Partial<TopicScore>, rest: Partial<ScoreParameters> = {}): Scores {
  const parameters = {
    ...v.parse(scoreSchema, {}),
    ...{ topics: { [TOPIC]: { ...SILENT, ...topic } }, topic_score_cap: 0 },
    ...rest,
  };
  return emptyScores(parameters);
}

/** Peers a, b, c, all of them there. */
function withPeers(scores: Scores, ...ids: string[]): Scores {
  for (const id of ids) addPeer(scores, id, null);
  return scores;
}

/** Valid messages that `first` brings before these others. */
function deliver(scores: Scores, count: number, first: string, others: readonly string[] = []) {
  const records: DeliveryRecords = new Map();
  for (let i = 0; i < count; i++) {
    recordArrival(records, `${i}`, 0);
    recordValid(records, scores, `${i}`, first, TOPIC, 0);
    for (const other of others) recordDuplicate(records, scores, `${i}`, other, TOPIC, 0);
  }
}

describe('P1, time in the mesh', () => {
  test('1: counts in quanta', () => {
    const scores = withPeers(
      scoresWith({ time_in_mesh_weight: 1, time_in_mesh_quantum: 0.001 }),
      'a',
    );
    expect(scoreOf(scores, 'a')).toBe(0);
    enterMesh(scores, 'a', TOPIC, 1000);
    refresh(scores, 1200);
    expect(scoreOf(scores, 'a')).toBe(0.5 * 200);
  });

  test('2: is capped, and over when the mesh is left', () => {
    const scores = withPeers(scoresWith({ time_in_mesh_weight: 1, time_in_mesh_cap: 10 }), 'a');
    enterMesh(scores, 'a', TOPIC, 0);
    refresh(scores, 40_000);
    expect(scoreOf(scores, 'a')).toBe(0.5 * 10);
    quitMesh(scores, 'a', TOPIC);
    expect(scoreOf(scores, 'a')).toBe(0);
  });
});

describe('P2, first deliveries', () => {
  const first = { first_message_deliveries_weight: 1, first_message_deliveries_decay: 1 };

  test('3: count, in the mesh or not; those who come second do not', () => {
    const scores = withPeers(scoresWith(first), 'a', 'b');
    deliver(scores, 100, 'a', ['b']);
    expect(scoreOf(scores, 'a')).toBe(0.5 * 100);
    expect(scoreOf(scores, 'b')).toBe(0);
  });

  test('4: are capped', () => {
    const scores = withPeers(scoresWith({ ...first, first_message_deliveries_cap: 50 }), 'a');
    deliver(scores, 100, 'a');
    expect(scoreOf(scores, 'a')).toBe(0.5 * 50);
  });

  test('5: decay, down to 0', () => {
    const scores = withPeers(scoresWith({ ...first, first_message_deliveries_decay: 0.9 }), 'a');
    deliver(scores, 100, 'a');
    let expected = 100;
    for (let i = 0; i < 10; i++) {
      refresh(scores, i);
      expected *= 0.9;
    }
    expect(scoreOf(scores, 'a')).toBeCloseTo(0.5 * expected, 10);
    for (let i = 0; i < 60; i++) refresh(scores, i);
    expect(scoreOf(scores, 'a')).toBe(0);
  });
});

describe('P3, deliveries due in the mesh', () => {
  const due = {
    ...{ mesh_message_deliveries_weight: -1, mesh_message_deliveries_threshold: 20 },
    ...{ mesh_message_deliveries_cap: 100, mesh_message_deliveries_decay: 1 },
    ...{ mesh_message_deliveries_window: 0.01, mesh_message_deliveries_activation: 1 },
  };

  test('6: after the activation the missing ones count, squared; firsts and those in the window do not', () => {
    const scores = withPeers(scoresWith(due), 'a', 'b', 'c');
    for (const id of ['a', 'b', 'c']) enterMesh(scores, id, TOPIC, 0);
    refresh(scores, 500);
    for (const id of ['a', 'b', 'c']) expect(scoreOf(scores, id)).toBe(0);
    const records: DeliveryRecords = new Map();
    for (let i = 0; i < 100; i++) {
      recordArrival(records, `${i}`, 1000);
      recordValid(records, scores, `${i}`, 'a', TOPIC, 1000);
      recordDuplicate(records, scores, `${i}`, 'b', TOPIC, 1010);
      recordDuplicate(records, scores, `${i}`, 'c', TOPIC, 1011);
    }
    refresh(scores, 1100);
    expect(scoreOf(scores, 'a')).toBe(0);
    expect(scoreOf(scores, 'b')).toBe(0);
    expect(scoreOf(scores, 'c')).toBe(0.5 * -(20 * 20));
  });

  test('7: decay, so that who falls silent owes again', () => {
    const scores = withPeers(scoresWith({ ...due, mesh_message_deliveries_decay: 0.9 }), 'a');
    enterMesh(scores, 'a', TOPIC, 0);
    deliver(scores, 40, 'a');
    refresh(scores, 2000);
    expect(scoreOf(scores, 'a')).toBe(0);
    let deliveries = 40 * 0.9;
    for (let i = 0; i < 19; i++) {
      refresh(scores, 2000 + i);
      deliveries *= 0.9;
    }
    expect(scoreOf(scores, 'a')).toBeCloseTo(-0.5 * (20 - deliveries) ** 2, 9);
  });

  test('8: brought again by the same peer it counts once', () => {
    const scores = withPeers(scoresWith(due), 'a', 'b');
    enterMesh(scores, 'b', TOPIC, 0);
    refresh(scores, 1500);
    const records: DeliveryRecords = new Map();
    recordArrival(records, 'x', 0);
    recordValid(records, scores, 'x', 'a', TOPIC, 0);
    for (let i = 0; i < 5; i++) recordDuplicate(records, scores, 'x', 'b', TOPIC, 1);
    expect(scoreOf(scores, 'b')).toBe(0.5 * -(19 * 19));
  });
});

test('9: P3b: what was owed when the mesh was left stays, and is no deficit any more', () => {
  const scores = withPeers(
    scoresWith({
      ...{ mesh_message_deliveries_activation: 0, mesh_message_deliveries_threshold: 20 },
      ...{ mesh_failure_penalty_weight: -1, mesh_failure_penalty_decay: 1 },
    }),
    'a',
    'b',
  );
  for (const id of ['a', 'b']) enterMesh(scores, id, TOPIC, 0);
  deliver(scores, 100, 'a');
  refresh(scores, 1000);
  for (const id of ['a', 'b']) expect(scoreOf(scores, id)).toBe(0);
  quitMesh(scores, 'a', TOPIC);
  quitMesh(scores, 'b', TOPIC);
  // What decays to at least the threshold was not owed.
  expect(scoreOf(scores, 'a')).toBe(0);
  expect(scoreOf(scores, 'b')).toBe(0.5 * -(20 * 20));
});

describe('P4, invalid messages', () => {
  const invalid = { invalid_message_deliveries_weight: -1, invalid_message_deliveries_decay: 1 };
  const reject = (scores: Scores, count: number) => {
    const records: DeliveryRecords = new Map();
    for (let i = 0; i < count; i++) {
      recordArrival(records, `${i}`, 0);
      recordRejected(records, scores, `${i}`, 'a', TOPIC, false);
    }
  };

  test('10: count squared', () => {
    const scores = withPeers(scoresWith(invalid), 'a');
    reject(scores, 100);
    expect(scoreOf(scores, 'a')).toBe(0.5 * -(100 * 100));
  });

  test('11: decay', () => {
    const scores = withPeers(
      scoresWith({ ...invalid, invalid_message_deliveries_decay: 0.9 }),
      'a',
    );
    reject(scores, 100);
    for (let i = 0; i < 10; i++) refresh(scores, i);
    expect(scoreOf(scores, 'a')).toBeCloseTo(-0.5 * (100 * 0.9 ** 10) ** 2, 8);
  });

  test('12: the verdict meets all who brought it before, and who brings it after; an ignored one nobody', () => {
    const scores = withPeers(scoresWith(invalid), 'a', 'b', 'c');
    const records: DeliveryRecords = new Map();
    recordArrival(records, 'x', 0);
    recordDuplicate(records, scores, 'x', 'b', TOPIC, 1);
    expect(scoreOf(scores, 'b')).toBe(0);
    recordRejected(records, scores, 'x', 'a', TOPIC, false);
    recordDuplicate(records, scores, 'x', 'c', TOPIC, 2);
    for (const id of ['a', 'b', 'c']) expect(scoreOf(scores, id), id).toBe(-0.5);

    recordArrival(records, 'y', 0);
    recordDuplicate(records, scores, 'y', 'b', TOPIC, 1);
    recordRejected(records, scores, 'y', 'a', TOPIC, true);
    recordDuplicate(records, scores, 'y', 'c', TOPIC, 2);
    for (const id of ['a', 'b', 'c']) expect(scoreOf(scores, id), id).toBe(-0.5);
  });
});

test('13: P5: the opinion of the layer above counts with its weight, for good or ill', () => {
  const scores = withPeers(scoresWith({}, { app_specific_weight: 0.5 }), 'a');
  for (let opinion = -100; opinion < 100; opinion += 7) {
    setOpinion(scores, 'a', opinion);
    expect(scoreOf(scores, 'a')).toBe(opinion * 0.5);
  }
});

describe('P6, crowded addresses', () => {
  const crowded = { ip_colocation_factor_threshold: 1, ip_colocation_factor_weight: -1 };
  const fill = (scores: Scores) => {
    addPeer(scores, 'alone', '1.2.3.4');
    for (const id of ['b', 'c', 'd']) addPeer(scores, id, '2.3.4.5');
    addPeer(scores, 'nowhere', null);
  };

  test('14: those above the threshold count, squared, for everybody there', () => {
    const scores = scoresWith({}, crowded);
    fill(scores);
    expect(['alone', 'b', 'c', 'd', 'nowhere'].map((id) => scoreOf(scores, id))).toEqual([
      ...[0, -4, -4, -4, 0].map((score) => score + 0),
    ]);
  });

  test('15: do not, where the address is known to hold many', () => {
    const scores = scoresWith({}, { ...crowded, ip_colocation_factor_whitelist: ['2.3.4.5'] });
    fill(scores);
    for (const id of ['b', 'c', 'd']) expect(scoreOf(scores, id) + 0).toBe(0);
  });
});

test('16: P7: misbehaviour above its threshold counts squared, and decays', () => {
  const scores = withPeers(
    scoresWith(
      {},
      {
        ...{ behaviour_penalty_weight: -1, behaviour_penalty_decay: 0.99 },
        behaviour_penalty_threshold: 1,
      },
    ),
    'a',
  );
  addPenalty(scores, 'nobody', 1);
  expect(scoreOf(scores, 'nobody')).toBe(0);
  addPenalty(scores, 'a', 1);
  expect(scoreOf(scores, 'a')).toBe(0);
  addPenalty(scores, 'a', 2);
  expect(scoreOf(scores, 'a')).toBe(-4);
  refresh(scores, 1);
  expect(scoreOf(scores, 'a')).toBeCloseTo(-((3 * 0.99 - 1) ** 2), 10);
});

describe('17: who has gone', () => {
  const retained = { retain_score: 10, app_specific_weight: 1 };

  test('takes a good score along', () => {
    const scores = withPeers(scoresWith({}, retained), 'a');
    setOpinion(scores, 'a', 1000);
    removePeer(scores, 'a', 0);
    expect(scoreOf(scores, 'a')).toBe(0);
    expect(scores.peers.size).toBe(0);
  });

  test('leaves a bad one, which does not decay, until its time is over', () => {
    const scores = withPeers(scoresWith({}, retained), 'a');
    setOpinion(scores, 'a', -1000);
    removePeer(scores, 'a', 0);
    refresh(scores, 9000);
    expect(scoreOf(scores, 'a')).toBe(-1000);
    addPeer(scores, 'a', null);
    removePeer(scores, 'a', 9000);
    refresh(scores, 18_000);
    expect(scoreOf(scores, 'a')).toBe(-1000);
    refresh(scores, 19_001);
    expect(scoreOf(scores, 'a')).toBe(0);
  });
});

test('all topics together are capped, where a cap is given', () => {
  const scores = withPeers(
    scoresWith(
      { first_message_deliveries_weight: 1, first_message_deliveries_decay: 1 },
      { topic_score_cap: 10 },
    ),
    'a',
  );
  deliver(scores, 100, 'a');
  setOpinion(scores, 'a', 1);
  expect(scoreOf(scores, 'a')).toBe(10 + 10);
});

test('a topic that nobody gave parameters counts for nothing', () => {
  const scores = withPeers(scoresWith({ invalid_message_deliveries_weight: -1 }), 'a');
  recordRejected(new Map(), scores, 'x', 'a', 'another', false);
  expect(scoreOf(scores, 'a')).toBe(0);
});

test('records are forgotten after their time, and bounded', () => {
  const records: DeliveryRecords = new Map();
  for (let i = 0; i < RECORDS_MAX + 100; i++) recordArrival(records, `${i}`, 0);
  expect(records.size).toBe(RECORDS_MAX);
  recordArrival(records, 'late', RECORD_MS + 1);
  expect(records.size).toBe(1);
});
