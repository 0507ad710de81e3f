import { CommanderError, type Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../../src/cli/failures.ts';
import { createProgram, type Actions } from '../../../src/cli/program.ts';

/** What a command line came to: the action it called, or what was printed instead. */
async function parse(...words: string[]) {
  const called: unknown[] = [];
  const statuses: number[] = [];
  let printed = '';
  const record =
    (name: string) =>
    async (...values: unknown[]) => {
      called.push(name, ...values);
      return 7;
    };
  const actions: Actions = {
    run: record('run'),
    algorithms: record('algorithms'),
    create: record('create'),
    signal: record('signal'),
    lab: record('lab'),
  };
  const program = createProgram('1.2.3', actions, (status) => statuses.push(status));
  const print = (text: string) => {
    printed += text;
  };
  for (const command of everyCommand(program)) {
    command.exitOverride().configureOutput({ writeOut: print, writeErr: print });
  }
  const error = await program.parseAsync(words, { from: 'user' }).then(
    () => undefined,
    (thrown: unknown) => thrown as CommanderError,
  );
  return { called, statuses, printed, error };
}

function everyCommand(program: Command): Command[] {
  return [program, ...program.commands];
}

describe('run', () => {
  test('has the defaults of its contract', async () => {
    const { called, statuses } = await parse('run', '-c', 'a.yaml', '-a', 'echo');
    expect(called).toEqual([
      'run',
      {
        config: 'a.yaml',
        algorithm: 'echo',
        mode: 'offline',
        format: 'json',
        startupDelay: 0,
        link: 'simple-peer',
        frameAuth: 'signature',
        verbose: 0,
      },
    ]);
    expect(statuses).toEqual([7]);
  });

  test('reads every option', async () => {
    const line =
      '-c a.yaml -a ./m.ts#N -m network -f msgpack -t 2.5 -vv --seed 42 --latency 10-50 ' +
      '--startup-delay 200 --port-base 8000 --id n1 --signal ws://h:1 --room ABCD --tabs ' +
      '--link simple-peer --signatures ed25519 --for 3 --strict --report-dir r --trace t --json';
    const { called } = await parse('run', ...line.split(' '));
    expect(called[1]).toEqual({
      config: 'a.yaml',
      algorithm: './m.ts#N',
      mode: 'network',
      format: 'msgpack',
      timeout: 2.5,
      verbose: 2,
      seed: 42,
      latency: { min: 10, max: 50 },
      startupDelay: 200,
      portBase: 8000,
      id: 'n1',
      signal: 'ws://h:1',
      room: 'ABCD',
      tabs: true,
      link: 'simple-peer',
      frameAuth: 'signature',
      signatures: 'ed25519',
      for: 3,
      strict: true,
      reportDir: 'r',
      trace: 't',
      json: true,
    });
  });

  test.each([
    [['-t', '0'], /above zero/],
    [['-t', 'soon'], /above zero/],
    [['--seed', '1.5'], /whole number/],
    [['--seed', '9007199254740993'], /whole number/],
    [['--latency', '50-10'], /10-50/],
    [['--port-base', '70000'], /0 to 65535/],
    [['--startup-delay=-1'], /0 or more/],
    [['-m', 'remote'], /Allowed choices are offline, local, network/],
    [['-f', 'bincode'], /Allowed choices are json, msgpack/],
    [['--confg', 'x'], /Did you mean --config/],
    [['stray'], /too many arguments/],
  ])('refuses %j', async (words, message) => {
    const { called, printed, error } = await parse('run', '-c', 'a.yaml', '-a', 'echo', ...words);
    expect(called).toEqual([]);
    expect(error?.exitCode).not.toBe(0);
    expect(printed).toMatch(message);
    expect(printed).toMatch(/parley run --help/);
  });
});

test('the other commands hand over what they were given', async () => {
  expect((await parse('algorithms')).called).toEqual(['algorithms']);
  expect((await parse('new', 'my_gossip')).called).toEqual(['create', 'my_gossip']);
  expect((await parse('signal', '--port', '0', '--host', '::1')).called).toEqual([
    'signal',
    { port: 0, host: '::1' },
  ]);
  expect((await parse('lab')).called).toEqual(['lab', [], {}]);
  expect((await parse('lab', './a.ts', './b.ts#C', '--dev')).called).toEqual([
    'lab',
    ['./a.ts', './b.ts#C'],
    { dev: true },
  ]);
});

test('an unknown command is answered with the nearest', async () => {
  const { printed, error } = await parse('rnu');
  expect(error?.exitCode).not.toBe(0);
  expect(printed).toMatch(/Did you mean run/);
});

test('help and version are no errors, and every command has examples', async () => {
  expect((await parse('--version')).printed).toBe('1.2.3\n');
  expect((await parse('--help')).error?.exitCode).toBe(0);
  for (const command of ['run', 'algorithms', 'new', 'signal', 'lab']) {
    const { printed, error } = await parse(command, '--help');
    expect(error?.exitCode).toBe(0);
    expect(printed).toMatch(/Examples?:\n {2}(PORT=8080 )?parley /);
  }
});

describe('explore', () => {
  const cases: [string, readonly string[], RegExp][] = [
    ['seeds that are none', ['--seeds', 'many'], /Seeds are a number, or two with dots/],
    ['seeds backwards', ['--seeds', '9..3'], /The smaller seed comes first: 3\.\.9/],
    ['no seed', ['--seeds', '0'], /From 1 to/],
    ['too many seeds', ['--seeds', '0..99999999999'], /At most 100000000 seeds/],
    ['a time that is none', ['--time', 'soon'], /A time is a number above zero/],
    ['a time of nothing', ['--time', '0s'], /A time is a number above zero/],
    ['a schedule that is none', ['--schedule', 'luck'], /Allowed choices are latency, walk, pct/],
    ['a depth of 0', ['--depth', '0'], /whole number from 1 to 16/],
    ['no threads', ['--jobs', '0'], /whole number from 1 to 256/],
    ['no address', ['--lab', 'here'], /It must be an address/],
  ];
  test.each(cases)('refuses %s', async (_name, words, message) => {
    const { error, printed } = await parse('explore', '-a', 'x', '-c', 'y', ...words);
    expect(error).toBeInstanceOf(CommanderError);
    expect(printed).toMatch(message);
  });
});

describe('pubsub', () => {
  test.each([
    [['publish', '', 'x'], 'the topic "" is empty: give one such as chat/general'],
    [['publish', 'a/#', 'x'], 'the topic "a/#" holds a wildcard'],
    [['publish', 'a\u001b[2J', 'x'], 'the topic "a\\u001b[2J" holds a control character'],
    [['subscribe', 'a/#/b'], 'the pattern "a/#/b" has \'#\' for a level'],
    [['unsubscribe', 'x'.repeat(300)], 'is longer than 200 characters: give one such as chat/#'],
  ])('%j is refused before anything starts', async (words, problem) => {
    const { error, statuses } = await parse('pubsub', ...words);
    expect(error).toBeInstanceOf(UsageError);
    expect(error!.message).toContain(problem);
    expect(statuses).toEqual([]);
  });
});
