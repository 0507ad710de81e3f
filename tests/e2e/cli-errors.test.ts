/** Bad input: every mistake has exit status 2, says what and where it is, and prints nothing on stdout. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { Folder, parley, parleyAlone } from './cli-process.ts';

let folder: Folder;

beforeAll(() => {
  folder = new Folder();
  folder.write('good.yaml', 'n1: { start_node: true }\nn2: { start_node: false }\n');
  folder.write('syntax.yaml', 'n1: { start_node: true\nn2:\n');
  folder.write('keys.yaml', 'n1: { start_node: true }\nn2: { start_nod: false }\n');
  folder.write('types.yaml', 'n1: { start_node: [1] }\nn2: { start_node: false }\n');
  folder.write(
    'neighbours.yaml',
    'n1: { start_node: true, neighbours: [n22] }\nn2: { start_node: false }\n',
  );
  folder.write('empty.yaml', '');
  folder.write('twice.yaml', 'n1: { start_node: true }\nn1: { start_node: false }\n');
  folder.write('bytes.yaml', '\u0000\u0001\u0002');
  folder.write('extra.yaml', 'n1: { start_node: true, colour: red }\nn2: { start_node: false }\n');
  folder.write('syntax.ts', 'export class {\n');
  folder.write('import.ts', "import { cats } from '@parley-lab/parley';\nexport const x = cats;\n");
  folder.write('missing.ts', "import { y } from './nowhere';\nexport const x = y;\n");
  folder.write('package.ts', "import y from 'no-such-package';\nexport const x = y;\n");
  folder.write('throws.ts', "export const x = 1;\nthrow new Error('not today');\n");
  folder.write('nothing.ts', 'export const x = 1;\n');
  folder.write('empty-folder/readme.txt', '');
});

afterAll(() => {
  folder.remove();
});

const run = (...words: string[]) => ['run', '-c', 'good.yaml', '-a', 'echo', ...words];
const withConfig = (file: string) => ['run', '-c', file, '-a', 'echo'];
const withModule = (file: string) => ['run', '-c', 'good.yaml', '-a', file];

test.each<[string, string[], RegExp]>([
  ['no command', [], /Usage: parley/],
  ['an unknown command', ['rnu'], /unknown command 'rnu'\n\(Did you mean run\?\)/],
  ['an unknown option', ['run', '--confg', 'x'], /Did you mean --config/],
  ['no configuration', ['run', '-a', 'echo'], /-c FILE/],
  ['no algorithm', ['run', '-c', 'good.yaml'], /-a NAME/],
  [
    'a missing file',
    withConfig('goood.yaml'),
    /no configuration goood\.yaml \(did you mean 'good\.yaml'/,
  ],
  ['a missing folder', withConfig('no/good.yaml'), /no folder no/],
  ['a folder as configuration', withConfig('.'), /\. is a folder/],
  ['YAML that does not parse', withConfig('syntax.yaml'), /syntax\.yaml:\d+:\d+: /],
  [
    'a misspelt setting',
    withConfig('keys.yaml'),
    /keys\.yaml:2:7: .*start_nod.*did you mean 'start_node'/s,
  ],
  ['a setting of the wrong type', withConfig('types.yaml'), /types\.yaml:1:19: /],
  ['an unknown neighbour', withConfig('neighbours.yaml'), /neighbours\.yaml:1:38: .*n22/],
  ['no nodes', withConfig('empty.yaml'), /empty\.yaml:1:1: /],
  ['a node twice', withConfig('twice.yaml'), /twice\.yaml:2:1: .*n1/],
  ['bytes that are no YAML', withConfig('bytes.yaml'), /bytes\.yaml:\d+:\d+: /],
  [
    'an unknown key with --strict',
    [...withConfig('extra.yaml'), '--strict'],
    /extra\.yaml:1:25: .*colour/,
  ],
  ['an unknown algorithm', withModule('bracho'), /no algorithm 'bracho' \(did you mean 'bracha'/],
  [
    'a missing module',
    withModule('./nothin.ts'),
    /no module \.\/nothin\.ts \(did you mean '\.\/nothing\.ts'/,
  ],
  ['a folder without index.ts', withModule('./empty-folder'), /index\.ts/],
  ['a module that is no TypeScript', withModule('./syntax.ts'), /syntax\.ts:1:14: /],
  ['an import that is not there', withModule('./import.ts'), /import\.ts:1.*cats/s],
  ['a file that is not there', withModule('./missing.ts'), /nowhere.*imported from .*missing\.ts/],
  ['a package that is not there', withModule('./package.ts'), /no-such-package/],
  ['a module that throws', withModule('./throws.ts'), /not today\n.*throws\.ts:2:/],
  ['a module without an algorithm', withModule('./nothing.ts'), /extends defineAlgorithm/],
  ['an export that is not there', withModule('./nothing.ts#Echo'), /no algorithm 'Echo'/],
  ['a seed that is no number', run('--seed', 'x'), /whole number/],
  ['a latency that is none', run('--latency', '50-10'), /10-50/],
  ['an unknown mode', run('-m', 'lokal'), /offline, local, network/],
  ['network without a node', run('-m', 'network'), /--id n1/],
  ['network with an unknown node', run('-m', 'network', '--id', 'n3'), /no such node.*n1, n2/],
  ['a room with a bad code', run('-m', 'local', '--room', 'a b'), /4 to 64/],
  ['a room with a bad key', run('-m', 'local', '--room', 'ABCD#key'), /--room: .*key/],
  [
    'a server with a bad address',
    run('-m', 'local', '--signal', 'ftp://x'),
    /ws:\/\/localhost:9000/,
  ],
  ['a trace that cannot be written', run('--trace', 'no/trace'), /--trace no\/trace: ENOENT/],
  ['reports that cannot be written', run('--report-dir', 'good.yaml/x'), /--report-dir/],
  ['a port that is none', ['signal', '--port', '65536'], /0 to 65535/],
  [
    'a host that is not here',
    ['signal', '--port', '0', '--host', '192.0.2.77'],
    /no address of this machine/,
  ],
  ['a page of a missing module', ['lab', './nothin.ts', '--port', '0'], /did you mean/],
  [
    'a page of a module without an algorithm',
    ['lab', './nothing.ts', '--port', '0'],
    /defineAlgorithm/,
  ],
  ['a new algorithm without a name', ['new'], /missing required argument 'name'/],
  ['a new algorithm with a bad name', ['new', 'My-Gossip'], /e\.g\. my_gossip/],
])('%s', async (_what, words, message) => {
  const { status, stdout, stderr } = await parley(words, { cwd: folder.path });
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/defect of Parley/);
  expect(stdout).toBe('');
  expect(status).toBe(2);
});

test('a process of its own ends with the same status', async () => {
  const { status, stdout, stderr } = await parleyAlone(['rnu']);
  expect({ status, stdout, stderr }).toEqual(await parley(['rnu']));
  expect(status).toBe(2);
});

test('PORT in the environment is checked too', async () => {
  const { status, stderr } = await parley(['signal'], { environment: { PORT: 'high' } });
  expect(stderr).toMatch(/PORT=high/);
  expect(status).toBe(2);
});

test('an unknown key alone is a warning, and so are options without effect', async () => {
  const words = [...withConfig('extra.yaml'), '--port-base', '8000'];
  const { status, stderr } = await parleyAlone(words, { cwd: folder.path });
  expect(stderr).toMatch(/extra\.yaml:1:25: warning: .*colour/);
  expect(stderr).toMatch(/--port-base has no effect/);
  expect(status).toBe(0);
});

test('a signaling server that is not there is named, with what to do', async () => {
  const words = run('-m', 'network', '--id', 'n1', '--signal', 'ws://127.0.0.1:1');
  const { status, stdout, stderr } = await parley(words, { cwd: folder.path });
  expect(stderr).toMatch(/no signaling server answers at ws:\/\/127\.0\.0\.1:1\/signal/);
  expect(stderr).toMatch(/npm run signal/);
  expect(stdout).toBe('');
  expect(status).toBe(1);
});

test('a browser that is not there is named', async () => {
  const environment = { PARLEY_CHROMIUM: '/no/such/browser' };
  const { status, stderr } = await parley(run('-m', 'local'), { cwd: folder.path, environment });
  expect(stderr).toMatch(/PARLEY_CHROMIUM names \/no\/such\/browser/);
  expect(status).toBe(1);
});
