/** Events in words, a line each: for terminals, diagrams of other tools and tables. Control characters are shown, never obeyed. */

import type { TraceEvent } from '../../core/trace.ts';

/** Letters of a value that a line shows. */
const VALUE_LENGTH_MAX = 160;

/** What happened, without where and when: `sends echo to n2 (n1#4)`. */
export function describeEvent(event: TraceEvent): string {
  return visible(sentence(event));
}

function sentence(event: TraceEvent): string {
  switch (event.kind) {
    case 'send': {
      const what = `${qualified(event)} to ${event.to} (${event.message})`;
      if (event.role === 'reply') return `answers ${what}`;
      return event.role === 'error' ? `refuses ${what}` : `sends ${what}`;
    }
    case 'deliver': {
      const what = `${qualified(event)} from ${event.from} (${event.message})`;
      if (event.role === 'reply') return `gets the answer ${what}`;
      return event.role === 'error' ? `gets the refusal ${what}` : `receives ${what}`;
    }
    case 'drop':
      return `drops ${qualified(event)} from ${event.from} (${event.message}): ${event.reason}`;
    case 'timer':
      return `timer ${[event.path, event.name].filter((part) => part !== '').join(' ')} fires`;
    case 'state':
      return `state of ${event.path}: ${brief(event.state)}`;
    case 'output':
      return `delivers ${qualified(event)}: ${brief(event.value)}`;
    case 'log':
      return `${event.level}: ${event.text}`;
    case 'status':
      return event.detail === undefined
        ? `is ${event.status}`
        : `is ${event.status}: ${event.detail}`;
    case 'fault':
      return describeFault(event);
    case 'violation':
      return `violation: ${event.invariant}: ${event.detail}`;
    default:
      return describeOther(event);
  }
}

function describeFault(event: TraceEvent & { readonly kind: 'fault' }): string {
  const { fault, detail, message, to } = event;
  const whom = to === undefined ? '' : ` to ${to}`;
  const what = message === undefined ? '' : ` (${message}${whom})`;
  return detail === '' ? `fault: ${fault}${what}` : `fault: ${fault}${what}: ${detail}`;
}

/** An event of a kind that is younger than this code. */
function describeOther(event: object): string {
  const { kind, time: _time, node: _node, sequence: _sequence, ...rest } = event as TraceEvent;
  return `${kind} ${brief(rest)}`;
}

function qualified({ path, type }: { readonly path: string; readonly type: string }): string {
  const dot = path.indexOf('.');
  return dot < 0 ? type : `${path.slice(dot + 1)}.${type}`;
}

/** A value as JSON, shortened. */
export function brief(value: unknown, lengthMax: number = VALUE_LENGTH_MAX): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= lengthMax ? text : `${text.slice(0, lengthMax - 1)}…`;
}

/**
 * A text in one line with nothing hidden in it: control characters (a terminal would obey them), line separators and marks that turn
 * the direction of writing are written as escapes.
 */
export function visible(text: string): string {
  return text.replace(HIDDEN, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, '0');
    return character === '\n' ? '\\n' : `\\u${code}`;
  });
}

// oxlint-disable-next-line no-control-regex -- these are what must not reach a terminal
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
