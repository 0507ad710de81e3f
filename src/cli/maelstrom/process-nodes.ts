/** Nodes that are processes: starts one for each node, hands it its lines, and takes what it says into the simulation. */

import type { NodeId } from '../../core/id.ts';
import {
  ProtocolError,
  readMessage,
  refusedLine,
  shownLine,
  writeMessage,
  type Message,
} from '../../maelstrom/message.ts';
import type { Port, Program } from '../../maelstrom/program.ts';
import { messageOf } from '../../core/errors.ts';
import type { Clockwork } from './clockwork.ts';
import { NodeProcess, type ProgramCommand } from './node-process.ts';
import type { StderrLogs } from './stderr-log.ts';

/** Lines of a node's stderr that are shown when it fails. */
const LAST_LINES = 5;

/** The processes of one run. */
export class ProcessNodes {
  readonly #command: ProgramCommand;
  readonly #clockwork: Clockwork;
  readonly #logs: StderrLogs;
  readonly #processes = new Map<NodeId, NodeProcess>();
  readonly #ending: Promise<void>[] = [];

  constructor(command: ProgramCommand, clockwork: Clockwork, logs: StderrLogs) {
    this.#command = command;
    this.#clockwork = clockwork;
    this.#logs = logs;
  }

  /** Starts the process of a node, in the place of the one before it. */
  program(port: Port): Program {
    this.kill(port.id);
    const { id } = port;
    // Each of its lines is a turn of its node's own.
    const inTurn = (deliver: () => void) =>
      this.#clockwork.arrived(id, () => void port.after(0, deliver));
    const process: NodeProcess = new NodeProcess(id, this.#command, this.#logs.of(id), {
      stirred: () => this.#clockwork.stirred(process),
      line: (line) => inTurn(() => this.#hear(port, line)),
      broken: (problem) => inTurn(() => port.fail(this.#withLog(id, problem))),
    });
    this.#processes.set(id, process);
    this.#clockwork.joined(process);
    return {
      receive: (message) => {
        process.write(writeMessage(message));
        this.#clockwork.touched(process);
      },
    };
  }

  /** Ends a node's process: it has crashed. */
  kill(id: NodeId): void {
    const process = this.#processes.get(id);
    if (process === undefined) return;
    this.#processes.delete(id);
    this.#ending.push(process.end());
  }

  /** Ends all; fulfilled when they are gone. */
  async end(): Promise<void> {
    for (const id of [...this.#processes.keys()]) this.kill(id);
    await Promise.all(this.#ending);
  }

  #hear(port: Port, line: string): void {
    const { id } = port;
    try {
      const { dest, body } = heard(id, line);
      if (!port.knows(dest)) throw refusedLine(`there is nobody called '${dest}'`, line);
      port.send(dest, body);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      port.fail(this.#withLog(id, `${id} broke the protocol: ${messageOf(error)}`));
    }
  }

  #withLog(id: NodeId, problem: string): string {
    const log = this.#logs.of(id);
    const lines = log.lastLines(LAST_LINES).map((line) => `\n    ${shownLine(line)}`);
    const said = lines.length === 0 ? '' : `; the last it wrote to stderr (${log.file}):`;
    return `${problem}${said}${lines.join('')}`;
  }
}

function heard(id: NodeId, line: string): Message {
  let message: Message;
  try {
    message = readMessage(line);
  } catch (error) {
    if (!(error instanceof ProtocolError) || line.trimStart().startsWith('{')) throw error;
    throw new ProtocolError(`${error.message} (logs belong to stderr)`, { cause: error });
  }
  if (message.src !== id) throw refusedLine(`it says that it is '${message.src}'`, line);
  return message;
}
