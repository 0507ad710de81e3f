import { describe, expect, test } from 'vitest';
import { bracha, type BrachaState } from '../../../src/algorithms/bracha/bracha.ts';
import {
  amplification,
  deliveryQuorum,
  echoQuorum,
  faultsMax,
} from '../../../src/algorithms/bracha/quorums.ts';
import { Bench, brief } from './machine-bench.ts';

const four = ['n1', 'n2', 'n3', 'n4'];
const seven = [...four, 'n5', 'n6', 'n7'];

function node(id = 'n2', settings: object = {}, nodes = four): Bench<BrachaState> {
  return new Bench(bracha, { id, nodes, settings: { is_sender: false, ...settings } });
}

const claim = (value: string, origin = 'n1') => ({ origin, value });

describe('quorums', () => {
  test.each([
    [1, 0, 1, 1, 1],
    [3, 0, 2, 1, 1],
    [4, 1, 3, 2, 3],
    [5, 1, 4, 2, 3],
    [7, 2, 5, 3, 5],
    [10, 3, 7, 4, 7],
  ])(
    'n = %i: f = %i, %i echoes, %i readies to amplify, %i to deliver',
    (n, f, echoes, amplify, deliver) => {
      expect(faultsMax(n)).toBe(f);
      expect(echoQuorum(n, f)).toBe(echoes);
      expect(amplification(f)).toBe(amplify);
      expect(deliveryQuorum(f)).toBe(deliver);
    },
  );

  test('two echo quorums share a correct node, and the correct nodes alone make one', () => {
    for (let n = 1; n <= 200; n++) {
      for (let f = 0; f <= faultsMax(n); f++) {
        expect(2 * echoQuorum(n, f) - n).toBeGreaterThan(f);
        expect(n - f).toBeGreaterThanOrEqual(echoQuorum(n, f));
        expect(n - f).toBeGreaterThanOrEqual(deliveryQuorum(f));
      }
    }
  });
});

describe('the place', () => {
  test('more faults than n allows are refused, with the most that is possible', () => {
    expect(() => node('n2', { f: 2 })).toThrow(/n ≥ 3f \+ 1.*at most 1/);
    expect(node('n2', { f: 0 }).state.f).toBe(0);
  });

  test('a node that cannot reach all others is refused by name', () => {
    const seat = {
      id: 'n1',
      nodes: four,
      neighbours: ['n2', 'n4'],
      settings: { is_sender: false },
    };
    expect(() => new Bench(bracha, seat)).toThrow(/n1 lacks n3/);
  });
});

describe('one broadcast at one of four nodes', () => {
  test('the origin sends, and echoes to itself without a network', () => {
    const n1 = node('n1', { is_sender: true, broadcast_value: 'x' });
    expect(brief(n1.start())).toEqual(['toAll send', 'toAll echo']);
    expect(n1.visible()['instances']['n1'].echoes).toEqual({ n1: 'x' });
  });

  test('an origin without a value says hello', () => {
    const n1 = node('n1', { is_sender: true });
    expect(n1.start()[0]).toMatchObject({ message: { origin: 'n1', value: 'Hello from n1' } });
  });

  test('send, echoes, ready, readies, delivery, and then done', () => {
    const n2 = node();
    expect(brief(n2.start())).toEqual([]);
    expect(brief(n2.receive('n1', 'send', claim('x')))).toEqual(['toAll echo']);
    expect(brief(n2.receive('n3', 'echo', claim('x')))).toEqual([]);
    expect(brief(n2.receive('n1', 'echo', claim('x')))).toEqual(['toAll ready']);
    expect(brief(n2.receive('n4', 'echo', claim('x')))).toEqual([]);
    expect(brief(n2.receive('n3', 'ready', claim('x')))).toEqual([]);
    expect(brief(n2.receive('n4', 'ready', claim('x')))).toEqual([
      'deliver delivered',
      'terminate',
    ]);
    expect(brief(n2.receive('n1', 'ready', claim('x')))).toEqual([]);
    expect(n2.machine.report(n2.state as never)).toEqual({
      delivered_value: 'x',
      delivered: { n1: 'x' },
      echoes: 4,
      readies: 4,
    });
  });

  test('amplification: f + 1 readies are enough for a node that saw nothing else', () => {
    const n2 = node();
    expect(brief(n2.receive('n3', 'ready', claim('x')))).toEqual([]);
    // Bracha 1987, step 1: it echoes on the same strength. Its own ready is the third: it delivers.
    expect(brief(n2.receive('n4', 'ready', claim('x')))).toEqual([
      'toAll echo',
      'toAll ready',
      'deliver delivered',
      'terminate',
    ]);
    // The origin's word comes last and changes nothing.
    expect(brief(n2.receive('n1', 'send', claim('x')))).toEqual([]);
  });

  test('a quorum of echoes stands in for the origin’s word', () => {
    const n2 = node();
    n2.receive('n1', 'echo', claim('x'));
    n2.receive('n3', 'echo', claim('x'));
    expect(brief(n2.receive('n4', 'echo', claim('x')))).toEqual(['toAll echo', 'toAll ready']);
  });

  test('a liar’s echo counts once, and only the first', () => {
    const n2 = node();
    n2.receive('n1', 'send', claim('x'));
    n2.receive('n3', 'echo', claim('y'));
    n2.receive('n3', 'echo', claim('x'));
    n2.receive('n3', 'echo', claim('x'));
    expect(n2.visible()['instances']['n1']).toMatchObject({
      readied: null,
      echoes: { n2: 'x', n3: 'y' },
    });
  });

  test('a liar’s ready counts once', () => {
    const n2 = node();
    for (let i = 0; i < 5; i++) expect(brief(n2.receive('n3', 'ready', claim('x')))).toEqual([]);
    expect(brief(n2.receive('n3', 'ready', claim('y')))).toEqual([]);
    expect(n2.visible()['instances']['n1'].readies).toEqual({ n3: 'x' });
  });

  test('an origin’s second word is not echoed', () => {
    const n2 = node();
    n2.receive('n1', 'send', claim('x'));
    expect(brief(n2.receive('n1', 'send', claim('y')))).toEqual([]);
    expect(n2.visible()['instances']['n1'].echoed).toBe('x');
  });

  test('a send in another’s name is ignored', () => {
    const n2 = node();
    expect(brief(n2.receive('n3', 'send', claim('x', 'n1')))).toEqual([]);
    expect(n2.visible()['instances']).toEqual({});
  });

  test('an origin that does not exist opens no instance', () => {
    const n2 = node();
    for (const type of ['send', 'echo', 'ready']) n2.receive('n3', type, claim('x', 'nobody'));
    expect(n2.visible()['instances']).toEqual({});
  });

  test('values do not support one another', () => {
    const n2 = node();
    n2.receive('n1', 'send', claim('x'));
    n2.receive('n3', 'echo', claim('y'));
    expect(brief(n2.receive('n4', 'echo', claim('z')))).toEqual([]);
    expect(n2.visible()['instances']['n1'].readied).toBeNull();
  });

  test('a node is ready once, whatever it hears afterwards', () => {
    const n2 = node('n2', {}, seven);
    n2.receive('n1', 'send', claim('x'));
    for (const id of ['n1', 'n3', 'n4', 'n5']) n2.receive(id, 'echo', claim('x'));
    expect(n2.visible()['instances']['n1'].readied).toBe('x');
    for (const id of ['n5', 'n6', 'n7']) n2.receive(id, 'ready', claim('y'));
    expect(n2.visible()['instances']['n1'].readied).toBe('x');
  });
});

describe('several broadcasts', () => {
  test('instances are kept apart by their origin', () => {
    const n2 = node();
    n2.receive('n1', 'echo', claim('x', 'n1'));
    n2.receive('n3', 'echo', claim('x', 'n3'));
    n2.receive('n4', 'echo', claim('x', 'n4'));
    for (const origin of ['n1', 'n3', 'n4']) {
      expect(n2.visible()['instances'][origin].readied).toBeNull();
    }
  });

  test('a node waits for as many deliveries as it was told, and for its own', () => {
    const deliver = (bench: Bench<BrachaState>, origin: string) =>
      brief(['n3', 'n4'].flatMap((id) => [...bench.receive(id, 'ready', claim('x', origin))]));
    const patient = node('n2', { deliveries: 2 });
    expect(deliver(patient, 'n1')).not.toContain('terminate');
    expect(deliver(patient, 'n3')).toContain('terminate');
    const sender = node('n2', { is_sender: true });
    sender.start();
    expect(deliver(sender, 'n1')).not.toContain('terminate');
    expect(deliver(sender, 'n2')).toContain('terminate');
    expect(brief(node('n2', { deliveries: 0 }).start())).toEqual(['terminate']);
  });

  test('the layer above broadcasts, once', () => {
    const n2 = node();
    expect(brief(n2.call('broadcast', { value: 'x' }))).toEqual([
      'toAll send',
      'toAll echo',
      'answer',
    ]);
    const again = n2.call('broadcast', { value: 'y' });
    expect(again).toMatchObject([{ kind: 'refuse', ticket: 7 }]);
    expect(n2.visible()['value']).toBe('x');
  });
});

test('a fork goes its own way, and equal situations have equal hashes', () => {
  const a = node();
  a.receive('n1', 'send', claim('x'));
  a.receive('n3', 'echo', claim('x'));
  const forked = bracha.fork(a.state as never);
  const b = node();
  b.receive('n3', 'echo', claim('x'));
  b.receive('n1', 'send', claim('x'));
  expect(bracha.hash(b.state as never)).toEqual(bracha.hash(a.state as never));
  a.receive('n4', 'echo', claim('x'));
  expect(bracha.hash(forked)).toEqual(bracha.hash(b.state as never));
  expect(bracha.hash(a.state as never)).not.toEqual(bracha.hash(forked));
});
