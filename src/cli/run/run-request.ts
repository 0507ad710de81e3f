/** What `parley run` is asked to do: its options, checked and with their defaults. */

import type { FormatName, RunMode } from '../../core/result.ts';
import type { FrameAuth } from '../../net/batch.ts';
import type { LinkKind } from '../../net/rtc/transport.ts';
import type { Latency } from '../../runtime/simulator.ts';
import { UsageError } from '../failures.ts';

/** One run, as asked for. */
export interface RunRequest {
  /** Path of the configuration, as it was given. */
  readonly config: string;
  /** A chapter's name, or the path of a module. */
  readonly algorithm: string;
  readonly mode: RunMode;
  readonly format: FormatName;
  /** Until nodes that have not ended time out: virtual offline, wall-clock live. */
  readonly timeoutMs: number;
  /** How long a service runs. */
  readonly serviceMs: number;
  readonly seed: number;
  /** True when nobody gave a seed. */
  readonly isSeedDrawn: boolean;
  /** Virtual seconds in a real one; undefined: as fast as it goes. */
  readonly pace: number | undefined;
  /** Nodes where a file of nodemanager describes a single one. */
  readonly nodeCount: number | undefined;
  readonly latencyMs: Latency | undefined;
  /** What shall go wrong: a file, or the text itself. */
  readonly faults: string | undefined;
  /** Bugs of the chapter that are put into the algorithm, as they were typed. */
  readonly breaks: readonly string[];
  readonly startupDelayMs: number;
  /** The node to run, in network mode. */
  readonly id: string | undefined;
  /** Address of the signaling server, as it was given. */
  readonly signal: string | undefined;
  readonly room: string | undefined;
  /** A tab a node instead of a worker a node. */
  readonly usesTabs: boolean;
  readonly link: LinkKind;
  readonly frameAuth: FrameAuth;
  readonly signatures: 'ideal' | 'ed25519';
  readonly strict: boolean;
  readonly reportFolder: string | undefined;
  readonly traceFile: string | undefined;
  /** A log file a node goes here. */
  readonly logFolder: string | undefined;
  /** Every view that a node has goes here. */
  readonly viewsFile: string | undefined;
  /** Live: where everything that happens to the nodes is recorded, a file or a folder. */
  readonly recordTo: string | undefined;
  /** The trace begins with a line that says what ran. */
  readonly tracesHeader: boolean;
  /** A second run must be the same as the first. */
  readonly checksDeterminism: boolean;
  readonly json: boolean;
  /** 0 shows what algorithms say, 1 (-v) their details too, 2 (-vv) everything. */
  readonly verbosity: number;
}

/** The options as commander hands them over, each of them read already. */
export interface RunOptions {
  readonly config?: string;
  readonly algorithm?: string;
  readonly mode: RunMode;
  readonly format: FormatName;
  readonly timeout?: number;
  readonly for?: number;
  readonly pace?: number;
  readonly nodes?: number;
  readonly seed?: number;
  readonly latency?: Latency;
  readonly faults?: string;
  readonly break?: readonly string[];
  readonly startupDelay: number;
  readonly portBase?: number;
  readonly id?: string;
  readonly signal?: string;
  readonly room?: string;
  readonly tabs?: boolean;
  readonly link: LinkKind;
  readonly frameAuth: FrameAuth;
  readonly signatures?: 'ideal' | 'ed25519';
  readonly strict?: boolean;
  readonly reportDir?: string;
  readonly trace?: string;
  readonly logDir?: string;
  readonly views?: string;
  readonly record?: string;
  readonly traceHeader?: boolean;
  readonly checkDeterminism?: boolean;
  readonly json?: boolean;
  readonly verbose: number;
}

/** Until nodes time out, unless somebody says otherwise. */
export const TIMEOUT_SECONDS = 30;
/** How long a service runs, unless somebody says otherwise. */
export const SERVICE_SECONDS = 10;

/** Seeds that are drawn are short enough to be read out and typed again. */
export const DRAWN_SEED_MAX = 999_999_999;

/**
 * Checks what the options mean together.
 *
 * @param drawSeed gives a seed when none was given
 * @throws {UsageError} when something that is needed is missing
 */
export function runRequest(options: RunOptions, drawSeed: () => number): RunRequest {
  const { config, algorithm } = options;
  // Not left to commander: it would say that -c is missing where `--confg` was misspelt.
  if (config === undefined) {
    // Every chapter has a configuration of its name.
    const name = algorithm !== undefined && /^\w+$/.test(algorithm) ? algorithm : 'echo';
    throw new UsageError(
      `which nodes? Name a configuration: -c FILE, e.g. -c configs/${name}.yaml`,
    );
  }
  if (algorithm === undefined) {
    throw new UsageError('which algorithm? Name it: -a NAME ("parley algorithms" lists them)');
  }
  if (options.mode === 'network' && options.id === undefined) {
    throw new UsageError(
      'network mode runs one node of the configuration: say which with --id, e.g. --id n1',
    );
  }
  if (options.checkDeterminism === true && options.mode !== 'offline') {
    throw new UsageError(
      `--check-determinism is for offline mode: no ${options.mode} run happens twice the same`,
    );
  }
  return {
    config,
    algorithm,
    mode: options.mode,
    format: options.format,
    timeoutMs: (options.timeout ?? TIMEOUT_SECONDS) * 1000,
    serviceMs: (options.for ?? SERVICE_SECONDS) * 1000,
    // A pace of 0 is none: whoever says so takes back what a file says.
    pace: options.pace === 0 ? undefined : options.pace,
    nodeCount: options.nodes,
    seed: options.seed ?? drawSeed(),
    isSeedDrawn: options.seed === undefined,
    latencyMs: options.latency,
    faults: options.faults,
    breaks: options.break ?? [],
    startupDelayMs: options.startupDelay,
    id: options.id,
    signal: options.signal,
    room: options.room,
    usesTabs: options.tabs === true,
    link: options.link,
    frameAuth: options.frameAuth,
    signatures: options.signatures ?? (options.mode === 'offline' ? 'ideal' : 'ed25519'),
    strict: options.strict === true,
    reportFolder: options.reportDir,
    traceFile: options.trace,
    logFolder: options.logDir,
    viewsFile: options.views,
    recordTo: options.record,
    tracesHeader: options.traceHeader === true,
    checksDeterminism: options.checkDeterminism === true,
    json: options.json === true,
    verbosity: options.verbose,
  };
}

/** Options that were given and mean nothing in this mode: said, because whoever gave them expects something of them. */
export function idleOptions(options: RunOptions): readonly string[] {
  const { mode } = options;
  const notes: string[] = [];
  const idle = (isGiven: boolean, name: string, why: string) => {
    if (isGiven) notes.push(`${name} has no effect here: ${why}`);
  };
  idle(
    options.portBase !== undefined,
    '--port-base',
    'nodes have no ports, they meet through a signaling server',
  );
  idle(options.traceHeader === true && options.trace === undefined, '--trace-header', 'no --trace');
  idle(
    options.record !== undefined && mode === 'offline',
    '--record',
    'the same seed gives the same run again',
  );
  idle((options.pace ?? 0) > 0 && mode !== 'offline', '--pace', 'live nodes live in real time');
  idle(options.tabs === true && mode !== 'local', '--tabs', 'only local mode has tabs');
  const isPlain = options.link === 'simple-peer' && options.frameAuth === 'signature';
  idle(!isPlain && mode === 'offline', '--link, --frame-auth', 'offline has no links');
  idle(options.id !== undefined && mode !== 'network', '--id', `${mode} mode runs every node`);
  idle(options.signal !== undefined && mode === 'offline', '--signal', 'offline needs no server');
  idle(options.room !== undefined && mode === 'offline', '--room', 'offline needs no room');
  idle(
    options.signatures === 'ideal' && mode !== 'offline',
    '--signatures ideal',
    'live nodes always sign with Ed25519',
  );
  return notes;
}
