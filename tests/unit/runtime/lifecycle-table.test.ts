/** What one node makes of single messages of the barriers. */

import { describe, expect, test } from 'vitest';
import type { NodeStatus, Standing } from '../../../src/core/status.ts';
import { EventQueue } from '../../../src/runtime/event-queue.ts';
import {
  isLifecycleMessage,
  Lifecycle,
  lifecycleOverlay,
  STANDING_ERROR_LENGTH_MAX,
  type LifecycleMessage,
  type StandingRow,
} from '../../../src/runtime/lifecycle.ts';
import { shaped } from '../../support/lifecycle-world.ts';

/** Node `n1` of three, with `n2` as its only neighbour. */
class OneNode {
  readonly sent: { readonly to: string; readonly message: LifecycleMessage }[] = [];
  readonly changes: [string, Standing][] = [];
  readonly lifecycle: Lifecycle;
  readonly #queue = new EventQueue<() => void>();
  #now = 0;

  constructor(incarnation = 0) {
    this.lifecycle = new Lifecycle('n1', incarnation, ['n1', 'n2', 'n3'], ['n2'], {
      send: (to, message) => this.sent.push({ to, message }),
      after: (delayMs, callback) => {
        let isCancelled = false;
        this.#queue.push(this.#now + delayMs, () => {
          if (!isCancelled) callback();
        });
        return {
          cancel: () => {
            isCancelled = true;
          },
        };
      },
      changed: (id, standing) => this.changes.push([id, standing]),
    });
  }

  hear(rows: readonly StandingRow[], { from = 'n2', version = 1, seen = 0 } = {}): void {
    this.lifecycle.receive(from, { version, seen, rows });
  }

  status(id: string): NodeStatus | undefined {
    return this.lifecycle.standings.get(id)?.status;
  }

  pass(ms: number): void {
    const until = this.#now + ms;
    while (this.#queue.size > 0 && this.#queue.nextTime <= until) {
      this.#now = this.#queue.nextTime;
      this.#queue.pop()!();
    }
    this.#now = until;
  }

  /** What was sent since the last look. */
  take(): LifecycleMessage[] {
    return this.sent.splice(0).map(({ message }) => message);
  }
}

describe('a table', () => {
  test('learns from its neighbours about everyone', () => {
    const node = new OneNode();
    node.hear([
      ['n2', 0, 'ready', ''],
      ['n3', 0, 'joining', ''],
    ]);
    expect([node.status('n2'), node.status('n3')]).toEqual(['ready', 'joining']);
    expect(node.changes.map(([id]) => id)).toEqual(['n2', 'n3']);
  });

  test('does not go back, and does not hear things twice', () => {
    const node = new OneNode();
    node.hear([['n2', 1, 'running', '']]);
    node.hear([['n2', 1, 'ready', '']]);
    node.hear([['n2', 0, 'finished', '']]);
    node.hear([['n2', 1, 'running', '']]);
    expect(node.status('n2')).toBe('running');
    expect(node.changes).toHaveLength(1);
  });

  test('knows nothing of strangers, and takes nothing from them', () => {
    const node = new OneNode();
    node.hear([['stranger', 0, 'ready', '']]);
    node.hear([['n3', 0, 'ready', '']], { from: 'n3' });
    expect([...node.lifecycle.standings.keys()]).toEqual([]);
  });

  test('lets nobody else say how far this node has come', () => {
    const node = new OneNode(1);
    node.lifecycle.set('joining');
    node.hear([['n1', 1, 'failed', 'so they say']]);
    node.hear([['n1', 7, 'failed', 'so they say']]);
    expect(node.status('n1')).toBe('joining');
    // Of an earlier life others may know more.
    node.hear([['n1', 0, 'departed', '']]);
    expect(node.status('n1')).toBe('joining');
  });

  test('knows why a node failed', () => {
    const node = new OneNode();
    node.hear([['n3', 0, 'failed', 'handler of x: boom']]);
    expect(node.lifecycle.standings.get('n3')?.error).toBe('handler of x: boom');
  });

  test('writes down who left, unless it had ended, and forgets it when it comes again', () => {
    const node = new OneNode();
    node.hear([
      ['n2', 0, 'running', ''],
      ['n3', 0, 'terminated', ''],
    ]);
    node.lifecycle.depart('n2', 'its tab was closed');
    node.lifecycle.depart('n3', 'its tab was closed');
    expect([node.status('n2'), node.status('n3')]).toEqual(['departed', 'terminated']);
    node.hear([['n2', 1, 'joining', '']]);
    expect(node.status('n2')).toBe('joining');
    expect(node.lifecycle.missing('ready')).toEqual(['n1', 'n2']);
  });
});

describe('what is sent', () => {
  test('is sent again until the neighbour is known to have it', () => {
    const node = new OneNode();
    node.lifecycle.set('joining');
    node.pass(1);
    const [first] = node.take();
    expect(first!.rows).toEqual([['n1', 0, 'joining', '']]);
    node.pass(1000);
    expect(node.take().length).toBeGreaterThanOrEqual(3);
    node.hear([], { seen: first!.version });
    node.pass(10_000);
    expect(node.take()).toEqual([]);
    expect(node.lifecycle.isQuiet).toBe(true);
  });

  test('travels together when it changes together', () => {
    const node = new OneNode();
    node.lifecycle.set('joining');
    node.hear([['n2', 0, 'joining', '']]);
    node.lifecycle.set('ready');
    node.pass(1);
    const messages = node.take();
    expect(messages).toHaveLength(1);
    expect(messages[0]!.rows).toHaveLength(2);
  });

  test('what came is acknowledged, once', () => {
    const node = new OneNode();
    node.lifecycle.set('joining');
    node.pass(1);
    const [{ version }] = node.take() as [LifecycleMessage];
    node.hear(
      [
        ['n1', 0, 'joining', ''],
        ['n2', 0, 'joining', ''],
      ],
      { version: 7, seen: version },
    );
    node.pass(10_000);
    // It knows all that we know: its version is acknowledged without our rows.
    expect(node.take()).toEqual([{ version: expect.any(Number) as number, seen: 7, rows: [] }]);
  });

  test('an old acknowledgement does not stand for what is newer', () => {
    const node = new OneNode();
    node.lifecycle.set('joining');
    node.pass(1);
    const [{ version }] = node.take() as [LifecycleMessage];
    node.lifecycle.set('ready');
    node.hear([], { seen: version });
    node.pass(1000);
    expect(node.take().at(-1)!.rows).toEqual([['n1', 0, 'ready', '']]);
  });

  test('what a neighbour had of an earlier incarnation is no acknowledgement for this one', () => {
    // n2 has seen version 50 of the tab that was reloaded, and says so before it knows better.
    const node = new OneNode(1);
    node.lifecycle.set('joining');
    node.hear([], { seen: 50 });
    node.pass(1);
    node.take();
    node.lifecycle.set('ready');
    node.pass(1000);
    const rows = node.take().flatMap((message) => message.rows);
    expect(rows).toContainEqual(['n1', 1, 'ready', '']);
  });

  test('a neighbour that comes again is told everything again', () => {
    const node = new OneNode();
    node.lifecycle.set('running');
    node.hear([['n2', 0, 'running', '']], { version: 9 });
    node.pass(1);
    const [{ version }] = node.take() as [LifecycleMessage];
    node.hear([], { seen: version, version: 9 });
    node.pass(1000);
    node.take();
    node.hear([['n2', 1, 'joining', '']], { version: 1 });
    node.pass(1);
    const [message] = node.take();
    expect(message!.rows).toContainEqual(['n1', 0, 'running', '']);
    expect(message!.rows).toContainEqual(['n2', 1, 'joining', '']);
    node.pass(1000);
    expect(node.take().length).toBeGreaterThan(0);
  });

  test('a guest hears the table and is heard, until both are under way', () => {
    const node = new OneNode();
    node.lifecycle.set('joining');
    node.pass(1);
    node.take();
    node.lifecycle.meet('n3');
    node.lifecycle.meet('stranger');
    node.pass(1);
    expect(node.sent.map(({ to }) => to)).toContain('n3');
    expect(node.sent.map(({ to }) => to)).not.toContain('stranger');
    node.hear([['n3', 0, 'running', '']], { from: 'n3' });
    expect(node.status('n3')).toBe('running');
    for (const status of ['ready', 'running'] as const) node.lifecycle.set(status);
    node.pass(1);
    const { version } = node.sent.findLast(({ to }) => to === 'n3')!.message;
    node.hear([], { from: 'n3', version: 1, seen: version });
    node.hear([], { version: 1, seen: version });
    node.pass(1000);
    node.take();
    // It is no neighbour any more.
    node.hear([['n2', 1, 'joining', '']], { version: 2, seen: version });
    node.pass(1);
    expect(node.sent.map(({ to }) => to)).not.toContain('n3');
  });

  test('nothing more is sent to a node that has ended, nor after the end', () => {
    const node = new OneNode();
    node.hear([['n2', 0, 'terminated', '']]);
    node.lifecycle.set('finished');
    expect(node.lifecycle.isQuiet).toBe(true);
    node.pass(5000);
    expect(node.take().every(({ rows }) => rows.length === 0)).toBe(true);
    const other = new OneNode();
    other.lifecycle.set('joining');
    other.pass(1);
    other.take();
    other.lifecycle.close();
    other.lifecycle.set('ready');
    other.hear([['n2', 0, 'joining', '']]);
    other.pass(5000);
    expect(other.take()).toEqual([]);
  });
});

describe('the overlay', () => {
  test('goes along the neighbour lists, both ways, and around through all', () => {
    const overlay = lifecycleOverlay(
      new Map([
        ['a', ['c']],
        ['b', []],
        ['c', []],
        ['d', []],
      ]),
    );
    expect(Object.fromEntries(overlay)).toEqual({
      a: new Set(['c', 'b', 'd']),
      b: new Set(['a', 'c']),
      c: new Set(['a', 'b', 'd']),
      d: new Set(['c', 'a']),
    });
  });

  test.each(['mesh', 'ring', 'star', 'dust', 'halves'] as const)(
    'still connects the others when any one node has left: %s',
    (shape) => {
      const overlay = lifecycleOverlay(shaped(shape, 8));
      for (const gone of overlay.keys()) {
        const rest = [...overlay.keys()].filter((id) => id !== gone);
        const reached = new Set([rest[0]!]);
        for (const id of reached) {
          for (const other of overlay.get(id)!) if (other !== gone) reached.add(other);
        }
        expect(reached.size, `without ${gone}`).toBe(rest.length);
      }
    },
  );

  test.each(['mesh', 'ring', 'star', 'dust', 'halves'] as const)(
    'connects everyone: %s',
    (shape) => {
      for (const count of [1, 2, 5, 8]) {
        const overlay = lifecycleOverlay(shaped(shape, count));
        const reached = new Set(['n1']);
        for (const id of reached) for (const other of overlay.get(id)!) reached.add(other);
        expect(reached.size).toBe(count);
        for (const [id, others] of overlay) {
          expect(others.has(id)).toBe(false);
          for (const other of others) expect(overlay.get(other)!.has(id)).toBe(true);
        }
      }
    },
  );

  test('adds no links to a mesh or a ring, and one a node where there are none', () => {
    const links = (shape: 'dust' | 'mesh' | 'ring') =>
      [...lifecycleOverlay(shaped(shape, 6)).values()].reduce((sum, set) => sum + set.size, 0) / 2;
    expect(links('dust')).toBe(6);
    expect(links('mesh')).toBe(15);
    expect(links('ring')).toBe(6);
  });
});

describe('a lifecycle message', () => {
  const row: StandingRow = ['n1', 0, 'ready', ''];
  const good: LifecycleMessage = { version: 1, seen: 0, rows: [row] };

  test('is recognised by its form', () => {
    expect(isLifecycleMessage(good, 3)).toBe(true);
    expect(isLifecycleMessage({ ...good, rows: [] }, 3)).toBe(true);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a list', []],
    ['without a version', { seen: 0, rows: [] }],
    ['with a version that is no whole number', { ...good, version: 1.5 }],
    ['with an infinite acknowledgement', { ...good, seen: Infinity }],
    ['without rows', { version: 1, seen: 0 }],
    ['with more rows than there are nodes', { ...good, rows: [row, row, row, row] }],
    ['with a row that is too short', { ...good, rows: [['n1', 0, 'ready']] }],
    ['with a row that is too long', { ...good, rows: [[...row, 1]] }],
    ['with a row that is a map', { ...good, rows: [{ id: 'n1' }] }],
    ['with an id that is a number', { ...good, rows: [[1, 0, 'ready', '']] }],
    ['with half an incarnation', { ...good, rows: [['n1', 0.5, 'ready', '']] }],
    ['with an unknown status', { ...good, rows: [['n1', 0, 'happy', '']] }],
    ['with a status that is a method', { ...good, rows: [['n1', 0, 'toString', '']] }],
    ['with an error that is a map', { ...good, rows: [['n1', 0, 'failed', {}]] }],
    [
      'with an error that is a novel',
      { ...good, rows: [['n1', 0, 'failed', 'x'.repeat(STANDING_ERROR_LENGTH_MAX + 1)]] },
    ],
  ])('is not %s', (_, input) => {
    expect(isLifecycleMessage(input, 3)).toBe(false);
  });
});
