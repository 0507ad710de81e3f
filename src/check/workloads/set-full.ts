/**
 * Elements that are added and must stay: Jepsen's set-full checker, which Maelstrom's broadcast and g-set workloads use.
 *
 * An element is known from the moment when its add was acknowledged, or some read had returned it, whichever was earlier. It is
 * - stable, if every read that was called after some moment has it;
 * - lost, if it was known and no read called after some moment has it, although one was called;
 * - never read, otherwise: no read was called late enough to say.
 * A stable element that a read missed, although it was called after the element was known, is stale: allowed unless the set is to be
 * linearizable. Beyond Jepsen's, an element twice in one read is a duplicate, one that nobody added a phantom.
 */

import type { Value, ValueMap } from '../../core/value.ts';
import type { Operation } from '../history.ts';
import { nameOf } from '../history.ts';
import { isList, shown, textOf } from '../text.ts';
import { Findings, type Verdict } from '../verdict.ts';
import { answerError, operationsNamed, quantiles } from './workload.ts';

/** What is known of one element. */
interface Element {
  readonly text: string;
  readonly adds: Operation[];
  /** The event from which it is known, and its time. */
  known: number;
  knownMs: number | undefined;
  /** The last read, by its call, that has it, and the last that has it not. */
  lastPresent: Operation | undefined;
  lastAbsent: Operation | undefined;
}

/** Judges `add` (or `broadcast`) element, and `read` → list of elements. */
export function checkSetFull(
  operations: readonly Operation[],
  { isLinearizable = false }: { readonly isLinearizable?: boolean } = {},
): Verdict {
  const own = operationsNamed(operations, ['add', 'broadcast', 'read'], ['topology']);
  const elements = new Map<string, Element>();
  for (const operation of own) if (operation.f !== 'read') noteAdd(elements, operation);
  const reads = own
    .filter(({ f, outcome, output }) => f === 'read' && outcome === 'ok' && output !== null)
    .toSorted((a, b) => a.invoked - b.invoked);
  const findings = new Findings();
  const contents = reads.map((read) => contentOf(read, findings));
  reads.forEach((read, at) => notePresent(elements, read, contents[at]!, findings));
  noteAbsent(elements, reads, contents);
  return judge(elements, reads.length, findings, isLinearizable);
}

function noteAdd(elements: Map<string, Element>, add: Operation): void {
  const text = textOf(add.input);
  let element = elements.get(text);
  if (element === undefined) {
    const known = { known: Infinity, knownMs: undefined };
    element = { text, adds: [], ...known, lastPresent: undefined, lastAbsent: undefined };
    elements.set(text, element);
  }
  element.adds.push(add);
  if (add.outcome === 'ok') know(element, add);
}

function know(element: Element, by: Operation): void {
  if (by.returned >= element.known) return;
  element.known = by.returned;
  element.knownMs = by.returnedMs;
}

/** The texts of a read's elements. */
function contentOf(read: Operation, findings: Findings): ReadonlySet<string> {
  if (!isList(read.output)) {
    throw answerError(read, `a read returns a list of elements, not ${shown(read.output!)}`);
  }
  const texts = new Set<string>();
  for (const text of read.output.map((value: Value) => textOf(value))) {
    if (texts.has(text)) {
      findings.add('duplicate', [read.index], () => `${text} is twice in ${nameOf(read)}`);
    }
    texts.add(text);
  }
  return texts;
}

function notePresent(
  elements: Map<string, Element>,
  read: Operation,
  content: ReadonlySet<string>,
  findings: Findings,
): void {
  for (const text of content) {
    const element = elements.get(text);
    if (element === undefined) {
      findings.add(
        'phantom',
        [read.index],
        () => `${nameOf(read)} has ${text}, which nobody added`,
      );
      continue;
    }
    const [add] = element.adds;
    if (element.adds.every(({ outcome }) => outcome === 'fail')) {
      findings.add(
        'failed-add',
        [add!.index, read.index],
        () => `${nameOf(read)} has ${text}, but ${nameOf(add!)} failed`,
      );
    }
    know(element, read);
    // Reads come in the order of their calls.
    element.lastPresent = read;
  }
}

/** From the last read backwards: an element leaves the list at the first read that has it not. */
function noteAbsent(
  elements: ReadonlyMap<string, Element>,
  reads: readonly Operation[],
  contents: readonly ReadonlySet<string>[],
): void {
  let seekers = [...elements.values()];
  for (let at = reads.length - 1; at >= 0 && seekers.length > 0; at--) {
    seekers = seekers.filter((element) => {
      if (contents[at]!.has(element.text)) return true;
      element.lastAbsent = reads[at]!;
      return false;
    });
  }
}

function judge(
  elements: ReadonlyMap<string, Element>,
  reads: number,
  findings: Findings,
  isLinearizable: boolean,
): Verdict {
  const latencies: number[] = [];
  let stable = 0;
  for (const element of elements.values()) {
    const { text, adds, known, knownMs, lastPresent, lastAbsent } = element;
    const [present, absent] = [lastPresent?.invoked ?? -1, lastAbsent?.invoked ?? -1];
    const operations = [...adds, ...(lastAbsent === undefined ? [] : [lastAbsent])].map(
      ({ index }) => index,
    );
    if (present > absent) {
      stable++;
      const isStale = absent > known;
      if (isStale) {
        const detail = () =>
          `${text} was known at event ${known}, but ${nameOf(lastAbsent!)} has it not`;
        findings.add('stale', operations, detail);
      }
      const since = isStale ? lastAbsent!.invokedMs : knownMs;
      if (since !== undefined && knownMs !== undefined)
        latencies.push(Math.max(0, since - knownMs));
    } else if (known < Infinity && absent > known) {
      const detail = () =>
        `${text} was known at event ${known}; ${nameOf(lastAbsent!)} and all after it have it not`;
      findings.add('lost', operations, detail);
    } else if (adds.some(({ outcome }) => outcome === 'ok')) {
      const detail = () => `no read was called after ${text} was known`;
      findings.add('never-read', operations, detail);
    }
  }
  const facts: ValueMap = {
    elements: elements.size,
    reads,
    stable,
    lost: findings.count('lost'),
    stale: findings.count('stale'),
    duplicates: findings.count('duplicate'),
    never_read: findings.count('never-read'),
    stable_latency_ms: quantiles(latencies),
  };
  const harmless = new Set(isLinearizable ? ['never-read'] : ['never-read', 'stale']);
  const unknown = stable > 0 ? undefined : 'no element was seen to stay: nothing is known';
  return findings.verdict(`${stable} of ${elements.size} elements stay, none is lost`, {
    facts,
    unknown,
    harmless,
  });
}
