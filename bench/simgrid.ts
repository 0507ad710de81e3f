/**
 * A token ring in our simulator and in SimGrid, in the same run. Both are measured in processor seconds, so that what else the machine does
 * falls on neither. SimGrid's program is compiled here; where its library (Debian: libsimgrid-dev) or g++ is missing, that is said.
 */

import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Simulation } from '../src/runtime/simulator.ts';
import { TraceHash, traceLine } from '../src/runtime/trace-file.ts';
import { printFigures, type Figure } from './table.ts';
import { planOf, ringOf } from './token-ring.ts';

const NODES = 8;
const HOPS = 160_000;
const ROUNDS = 3;

/** SimGrid's network models: the one it has unless told otherwise computes TCP's share of each link, the other bandwidth and latency alone. */
const MODELS = ['LV08', 'CM02'];

/** Runs and prints. */
export async function bench(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'parley-simgrid-'));
  try {
    const program = compiled(folder);
    const ours = { plain: 0, traced: 0 };
    const theirs = new Map(MODELS.map((model) => [model, 0]));
    // In turns, so that both have the same machine.
    for (let round = 0; round < ROUNDS; round++) {
      ours.plain = Math.max(ours.plain, await measureOurs(false));
      ours.traced = Math.max(ours.traced, await measureOurs(true));
      if (program === undefined) continue;
      for (const [model, best] of theirs) {
        theirs.set(model, Math.max(best, await measureSimGrid(program, model)));
      }
    }
    print(ours, program === undefined ? new Map() : theirs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function print(
  ours: { readonly plain: number; readonly traced: number },
  theirs: ReadonlyMap<string, number>,
): void {
  const unit = 'messages per processor second';
  const best = Math.max(...theirs.values());
  const against =
    theirs.size === 0 ? {} : { against: { name: 'the faster of SimGrid’s', value: best } };
  const figures: Figure[] = [
    { name: 'Parley', value: ours.plain, unit, ...against },
    { name: 'Parley, trace written and hashed', value: ours.traced, unit, ...against },
    ...Array.from(theirs, ([model, value]) => ({ name: `SimGrid, model ${model}`, value, unit })),
  ];
  printFigures(figures);
}

async function measureOurs(isTraced: boolean): Promise<number> {
  const hash = new TraceHash();
  const simulation = new Simulation({
    plan: planOf(ringOf(HOPS), NODES, 'ring'),
    timeoutMs: 1e9,
    latencyMs: { min: 5, max: 5 },
    ...(isTraced ? { trace: (event) => hash.add(traceLine(event)) } : {}),
  });
  const began = process.cpuUsage();
  const { ok } = await simulation.run();
  const { user, system } = process.cpuUsage(began);
  if (!ok) throw new Error('the ring did not end well');
  return HOPS / ((user + system) / 1e6);
}

async function measureSimGrid(program: string, model: string): Promise<number> {
  const options = [`--cfg=network/model:${model}`, '--log=root.thres:critical'];
  const words = [String(NODES), String(HOPS / NODES), ...options];
  const { stdout } = await promisify(execFile)(program, words);
  const [seconds] = stdout.trim().split(' ').map(Number);
  return HOPS / seconds!;
}

/** The program; undefined where it cannot be made. */
function compiled(folder: string): string | undefined {
  const source = fileURLToPath(new URL('./simgrid-ring.cpp', import.meta.url));
  const program = path.join(folder, 'ring');
  try {
    execFileSync('g++', ['-O2', '-o', program, source, '-lsimgrid'], { stdio: 'pipe' });
    return program;
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { readonly stderr?: Buffer };
    const why = code === 'ENOENT' ? 'there is no g++' : (stderr?.toString().split('\n')[0] ?? '');
    console.log(`  SimGrid is not measured: ${why} (Debian has it as g++ and libsimgrid-dev)`);
    return undefined;
  }
}
