/** A client: asks nodes, and waits for their answers, one request at a time or several. */

import type { NodeId } from '../core/id.ts';
import type { Value, ValueMap } from '../core/value.ts';
import { shown } from '../check/text.ts';
import { answeredBy, type Body, type Message } from './message.ts';
import type { Port, Program } from './program.ts';
import { errorKind } from './rpc-errors.ts';

/** A request that brought no result. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: number;
  /** True when the node says that nothing happened. */
  readonly isDefinite: boolean;

  constructor(code: number, isDefinite: boolean, text: string) {
    super(text);
    this.code = code;
    this.isDefinite = isDefinite;
  }
}

/** An answer that is none: the node does not speak the workload's protocol. */
export class MalformedAnswer extends Error {
  override readonly name = 'MalformedAnswer';
}

interface Waiting {
  readonly type: string;
  readonly node: NodeId;
  settle(answer: Body | undefined): void;
}

/** One client. */
export class Client implements Program {
  readonly port: Port;
  readonly #waiting = new Map<number, Waiting>();
  #number = 0;

  constructor(port: Port) {
    this.port = port;
  }

  /** How many requests are without an answer. */
  get waiting(): number {
    return this.#waiting.size;
  }

  receive({ body }: Message): void {
    const number = answeredBy(body);
    // An answer that nobody waits for any more is late, and no fault.
    if (number !== undefined) this.#settle(number, body);
  }

  /**
   * Asks a node.
   *
   * @returns the body of its answer
   * @throws {RpcError} on an error, and when no answer comes in time
   * @throws {MalformedAnswer} when what comes is no answer to this
   */
  async call(node: NodeId, type: string, fields: ValueMap, timeoutMs: number): Promise<Body> {
    const { port } = this;
    const number = ++this.#number;
    const answer = await new Promise<Body | undefined>((resolve) => {
      const timer = port.after(timeoutMs, () => this.#settle(number, undefined));
      const settle = (body: Body | undefined) => {
        timer.cancel();
        port.turn.awaits();
        resolve(body);
      };
      this.#waiting.set(number, { type, node, settle });
      port.send(node, { type, ...fields, msg_id: number });
    });
    if (answer === undefined) {
      throw new RpcError(0, false, `${node} did not answer within ${timeoutMs} ms`);
    }
    if (answer.type === 'error') {
      const { code, name, isDefinite } = errorKind(answer['code']);
      const text = typeof answer['text'] === 'string' ? `: ${answer['text']}` : '';
      throw new RpcError(code, isDefinite, `${name}${text}`);
    }
    if (answer.type !== `${type}_ok`) {
      throw malformed(node, type, answer, `its type should be '${type}_ok'`);
    }
    return answer;
  }

  #settle(number: number, body: Body | undefined): void {
    const waiting = this.#waiting.get(number);
    this.#waiting.delete(number);
    waiting?.settle(body);
  }
}

/** A field of an answer. @throws {MalformedAnswer} unless it is what `isRight` asks for */
export function answerField<T extends Value>(
  node: NodeId,
  type: string,
  answer: Body,
  field: string,
  [isRight, what]: readonly [isRight: (value: Value) => value is T, what: string],
): T {
  const value = answer[field];
  if (value !== undefined && isRight(value)) return value;
  throw malformed(node, type, answer, `'${field}' should be ${what}`);
}

function malformed(node: NodeId, type: string, answer: Body, problem: string): MalformedAnswer {
  return new MalformedAnswer(`${node} answers '${type}' with ${shown(answer, 160)}: ${problem}`);
}
