/**
 * A trace as a PlantUML sequence diagram. A message is drawn where it arrives, because PlantUML draws one thing after the other; one
 * that never arrives, where it was sent.
 */

import { describeEvent } from '../../check/trace/describe-event.ts';
import { InFlight, type ArrivalEvent, type SendEvent } from '../../check/trace/in-flight.ts';
import type { NodeId } from '../../core/id.ts';
import type { TraceEvent } from '../../core/trace.ts';
import { TooLongToExport, type TraceExport } from './trace-export.ts';

/** Lines of a diagram; PlantUML and its readers give up long before. */
export const PLANTUML_LINES_MAX = 20_000;

/** What is drawn. */
export interface PlantumlOptions {
  readonly title: string;
  /** States are drawn only when they were asked for: there are many. */
  readonly states: boolean;
}

/** The diagram. */
export function plantumlExport(options: PlantumlOptions): TraceExport {
  const diagram = new Diagram(options.states);
  return {
    begin: () => `@startuml\ntitle ${escaped(options.title)}\n`,
    event({ event }) {
      diagram.add(event);
      return '';
    },
    end: () => `${diagram.lines().join('\n')}\n@enduml\n`,
  };
}

class Diagram {
  readonly #states: boolean;
  readonly #names = new Map<NodeId, string>();
  readonly #inFlight = new InFlight<number>(PLANTUML_LINES_MAX);
  /** Undefined where a message was sent that is drawn further down. */
  readonly #lines: (string | undefined)[] = [];

  constructor(states: boolean) {
    this.#states = states;
  }

  add(event: TraceEvent): void {
    const node = this.#nameOf(event.node);
    if (event.kind === 'send') this.#send(node, event);
    else if (event.kind === 'deliver' || event.kind === 'drop') this.#arrive(node, event);
    else if (event.kind !== 'state' || this.#states) {
      this.#push(`note over ${node} : ${escaped(describeEvent(event))}`);
    }
  }

  lines(): string[] {
    const participants = Array.from(
      this.#names,
      ([id, name]) => `participant "${escaped(id)}" as ${name}`,
    );
    return [...participants, ...this.#lines.filter((line) => line !== undefined)];
  }

  #send(node: string, event: SendEvent): void {
    this.#inFlight.send(event, this.#lines.length);
    this.#push(`${node} ->x ${this.#nameOf(event.to)} : ${labelOf(event)} (never arrives)`);
  }

  #arrive(node: string, event: ArrivalEvent): void {
    const { departure, isAgain, fits } = this.#inFlight.arrive(event);
    if (fits && !isAgain) this.#lines[departure!.note] = undefined;
    const again = isAgain ? ' (again)' : '';
    const from = this.#nameOf(event.from);
    if (event.kind === 'drop') {
      const why = escaped(`dropped: ${event.reason}`);
      this.#push(`${from} ->x ${node} : ${labelOf(event)} (${why})${again}`);
      return;
    }
    const arrow = event.role === 'reply' || event.role === 'error' ? '-->>' : '->>';
    this.#push(`${from} ${arrow} ${node} : ${labelOf(event)}${again}`);
  }

  #push(line: string): void {
    if (this.#lines.length >= PLANTUML_LINES_MAX) {
      throw new TooLongToExport(
        `a PlantUML diagram of more than ${PLANTUML_LINES_MAX} lines helps nobody`,
      );
    }
    this.#lines.push(line);
  }

  #nameOf(id: NodeId): string {
    let name = this.#names.get(id);
    if (name === undefined) {
      name = `p${this.#names.size + 1}`;
      this.#names.set(id, name);
    }
    return name;
  }
}

function labelOf({ type, message }: { readonly type: string; readonly message: string }): string {
  return escaped(`${type} ${message}`);
}

/**
 * A text that PlantUML shows and does not obey: no directives, functions (`%getenv`), links, pictures, markup or quotes. Everything
 * that may mean something is written by its number.
 */
function escaped(text: string): string {
  return text.replace(/[^\p{L}\p{N} .,:;=_-]|[_-]{2,}/gu, (found) =>
    Array.from(found, (one) => `<U+${hex(one)}>`).join(''),
  );
}

function hex(character: string): string {
  return character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
}
