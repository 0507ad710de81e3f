/** `parley search`: what it prints, its exit statuses, its link, and what it says of what it cannot search. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Folder, parley, parleyAlone } from './cli-process.ts';

let folder: Folder;

beforeAll(() => {
  folder = new Folder();
  folder.write('three.yaml', 'n1: { value: red }\nn2: { value: blue }\nn3: {}\n');
  folder.write('bad.yaml', 'n1: { valu: 7 }\nn2: { retry: soon }\n');
});

afterAll(() => folder.remove());

const search = (...words: string[]) => parley(['search', ...words]);

describe('parley search', () => {
  test('searches the small worlds of a chapter', async () => {
    const { status, stdout } = await parleyAlone(['search', '-a', 'two_phase_commit']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^two_phase_commit: Two participants \(messages in any order/m);
    expect(stdout.match(/searched everything: .* states, nothing is wrong/g)).toHaveLength(5);
    expect(stdout).toContain('23\u202f411 states');
  });

  test('tells the shortest story of a bug, and links a run that goes the same way', async () => {
    const { status, stdout } = await search('-a', 'two_phase_commit', '--break', 'presume-commit');
    expect(status).toBe(1);
    expect(stdout).toContain('violated: Nobody commits unless every participant has voted yes');
    const story = stdout.slice(stdout.indexOf('  0  '), stdout.indexOf('http')).trim();
    expect(story.split('\n').map((line) => line.trim())).toEqual([
      ...['0  all nodes start', '1  n1 crashes', '2  n1 restarts'],
      'n1: phase: "working" → "committed"',
      'n1: the transaction is committed',
    ]);
    const [link = ''] = /http\S+/.exec(stdout) ?? [];
    expect(link.length).toBeLessThan(2000);
    const replayed = await parley(['replay', link]);
    expect(replayed.stdout).toContain('n1 has committed, and n2 has not voted');
  });

  test('prints one object a world with --json', async () => {
    const { status, stdout } = await search('-a', 'paxos', '--break', 'half-is-enough', '--json');
    expect(status).toBe(1);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ world, outcome, states }) => [world, outcome, states])).toEqual([
      ['Two proposers', 'complete', 1429],
      ['Four nodes', 'violation', 753],
    ]);
    expect(lines[1]).toMatchObject({
      algorithm: 'paxos',
      breaks: ['half-is-enough'],
      violation: { property: expect.any(String), link: expect.stringContaining('#/run/') },
    });
  });

  test('searches a configuration, and says which bound it came to', async () => {
    const config = `${folder.path}/three.yaml`;
    const { status, stdout } = await search('-a', 'paxos', '-c', config, '--states', '500');
    expect(status).toBe(0);
    expect(stdout).toContain('any number of times, at most 3 timeouts');
    expect(stdout).toMatch(/not everything: \d+ states, nothing wrong so far; bounded by --states/);
    const ordered = await search(
      '-a',
      'paxos',
      '-c',
      config,
      '--network',
      'ordered',
      '--depth',
      '5',
    );
    expect(ordered.stdout).toContain('messages in order');
    expect(ordered.stdout).toContain('bounded by --depth');
  });
});

describe('parley search cannot', () => {
  const refused: Readonly<Record<string, readonly [words: readonly string[], says: RegExp]>> = {
    'do without an algorithm': [[], /-a, --algorithm: which algorithm\?/],
    'search a class': [['-a', 'echo', '-c', 'configs/echo.yaml'], /echo is a class/],
    'search what has no small worlds': [['-a', 'echo'], /echo has no small worlds/],
    'crash a node that is not there': [
      ['-a', 'paxos', '--may-crash', 'n33'],
      /no such node.*did you mean 'n3'/,
    ],
    'put in a bug that is not there': [['-a', 'paxos', '--break', 'half'], /has no bug 'half'/],
    'bound by nothing': [['-a', 'paxos', '--states', 'many'], /whole number, 0 or more/],
    'take another network': [['-a', 'paxos', '--network', 'wet'], /copies, unordered, ordered/],
  };
  for (const [name, [words, says]] of Object.entries(refused)) {
    test(name, async () => {
      const { status, stderr } = await search(...words);
      expect(stderr).toMatch(says);
      expect(status).toBe(2);
    });
  }

  test('read a configuration that is wrong, and says where', async () => {
    const { status, stderr } = await search('-a', 'paxos', '-c', `${folder.path}/bad.yaml`);
    expect(status).toBe(2);
    expect(stderr).toMatch(/bad\.yaml:2:\d+/);
  });
});
