/** The command `run`, as people type it: its options, their help and its examples. */

import { Option, type Command } from 'commander';
import { FRAME_AUTHS } from '../../net/batch.ts';
import { LINK_KINDS } from '../../net/rtc/transport.ts';
import {
  collect,
  count,
  delayMs,
  latency,
  pace,
  port,
  positiveNumber,
  seed,
  wholeNumber,
} from '../option-values.ts';
import { SERVICE_SECONDS, TIMEOUT_SECONDS } from './run-request.ts';

const EXAMPLES = `
Modes:
  offline   all nodes in this process, in virtual time; the same seed gives the same run, byte for byte
  local     headless Chromium, a worker a node (a tab a node with --tabs), over real WebRTC
  network   the one node --id in a headless browser; the others run the same command elsewhere

Examples:
  parley run -c configs/bracha.yaml -a bracha
  parley run -c configs/bracha.yaml -a bracha --seed 42 --latency 10-50 -f msgpack --json
  parley run -c configs/echo.yaml -a echo -m local --tabs -v
  parley run -c mine.yaml -a ./mine.ts#Gossip --trace run.ndjson --report-dir reports
  parley run -c configs/bracha.yaml -a bracha -m local --faults chapter --record run.ndjson
  parley run -c topology.yaml -a share_vec --for 20
  parley run -c configs/echo.yaml -a echo -m network --id node1 --signal ws://192.168.1.20:9000

Exit status: 0 every node terminated (or was stopped as a service), 1 a node failed, departed or
timed out or an invariant broke, 2 bad usage or configuration.`;

/** Gives a command the options of `run`. */
export function addRunOptions(command: Command): Command {
  command
    .summary('run an algorithm')
    .description('Run an algorithm on the nodes of a configuration.')
    .option(
      '-c, --config <file>',
      'configuration: a YAML map of nodes, or a file of nodemanager (required)',
    )
    .option(
      '-a, --algorithm <name>',
      'a name from "parley algorithms", or a module of yours: ./mine.ts, ./mine.ts#Name (required)',
    )
    .addOption(
      new Option('-m, --mode <mode>', 'where the nodes live')
        .choices(['offline', 'local', 'network'])
        .default('offline'),
    )
    .addOption(
      new Option('-f, --format <format>', 'how messages are written')
        .choices(['json', 'msgpack'])
        .default('json'),
    )
    .option(
      '-t, --timeout <seconds>',
      `until nodes time out: virtual seconds offline, wall-clock live (default: ${TIMEOUT_SECONDS})`,
      positiveNumber,
    )
    .option(
      '--for <seconds>',
      `how long a service (one that never ends) runs (default: ${SERVICE_SECONDS})`,
      positiveNumber,
    )
    .option(
      '--pace <factor>',
      'offline: virtual seconds in a real one; 0, as fast as it goes (default: 0, or what a nodemanager file says)',
      pace,
    )
    .option(
      '--nodes <n>',
      'with a nodemanager file that describes one node: how many of its kind (default: 8)',
      wholeNumber,
    )
    .option('--seed <number>', 'seed of everything random; drawn and printed unless given', seed)
    .option('--latency <min-max>', 'milliseconds a message takes: 10-50, or 20', latency)
    .option(
      '--faults <file>',
      'what shall go wrong: a YAML file, YAML itself (--faults "loss: 10%"), or the word chapter: what the algorithm’s chapter says that it withstands (docs/faults.md)',
    )
    .option(
      '--break <bug>',
      'put one of the chapter’s bugs into the algorithm; repeat it for several ("parley zoo" lists them)',
      collect,
    )
    .option('--startup-delay <ms>', 'milliseconds before the nodes come up', delayMs, 0)
    .option('--strict', 'what is odd in the configuration, such as unknown keys, is an error')
    .addOption(
      new Option(
        '--signatures <kind>',
        'offline: ideal (unforgeable and cheap, the default) or real ed25519; live is always ed25519',
      ).choices(['ideal', 'ed25519']),
    );
  return addOutputOptions(addLiveOptions(command)).addHelpText('after', EXAMPLES);
}

/** Where and how live nodes meet. */
function addLiveOptions(command: Command): Command {
  return command
    .option('--id <node>', 'network: the node to run')
    .option(
      '--signal <url>',
      'live: the signaling server (default: network ws://localhost:9000, local one of its own)',
    )
    .option(
      '--room <code>',
      'live: where the nodes meet, CODE or CODE#KEY of a closed room (default: network follows from the configuration, local its own)',
    )
    .option('--tabs', 'local: a tab a node')
    .addOption(
      new Option('--link <kind>', 'live: how connections are negotiated')
        .choices(LINK_KINDS)
        .default('simple-peer'),
    )
    .addOption(
      new Option(
        '--frame-auth <kind>',
        'live: what vouches for messages, a signature of each batch or the proven link alone',
      )
        .choices(FRAME_AUTHS)
        .default('signature'),
    )
    .option(
      '--port-base <port>',
      'accepted for compatibility: nodes have no ports, they meet through the signaling server',
      port,
    );
}

/** What a run leaves behind, and what it says. */
function addOutputOptions(command: Command): Command {
  return command
    .option('--report-dir <folder>', 'append one JSON line a node to FOLDER/ID.jsonl')
    .option('--log-dir <folder>', 'write all that each node logs, on all levels, to FOLDER/ID.log')
    .option('--views <file>', 'write every view that a node has, one JSON object a line')
    .option('--trace <file>', 'write every event to FILE, one JSON object a line')
    .option(
      '--trace-header',
      'with --trace: a first line that says what ran (not part of the hash)',
    )
    .option(
      '--record <file>',
      'live: record everything that happens to the nodes, for "parley replay FILE"; into a FOLDER/ a file a node',
    )
    .option('--check-determinism', 'offline: run twice; name the first event that differs')
    .option('--json', 'print one JSON object instead of the table')
    .option('-v, --verbose', 'more from the nodes: -v their details, -vv everything', count, 0);
}
