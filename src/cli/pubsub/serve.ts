/** What a group of tabs does for the commands of `parley pubsub`. */

import type { NodeId } from '../../core/id.ts';
import type { Order } from '../../algorithms/pubsub/messages.ts';
import type { PubSubStatus } from '../../lab/pubsub/pubsub-page.ts';
import type { Caller } from '../lab/door.ts';
import { UsageError } from '../failures.ts';
import { benchmark, type BenchOptions } from './bench.ts';
import type { Group } from './group.ts';

/** As much of a group, or of a visitor of one, as is asked. */
export interface Served extends Pick<Group, 'tab' | 'reader'> {
  readonly plan: Pick<Group['plan'], 'members'>;
}

/** What a group is asked. */
export type Asked =
  | {
      readonly name: 'publish';
      readonly topic: string;
      readonly payload: unknown;
      readonly retain: boolean;
      readonly at?: NodeId;
    }
  | {
      readonly name: 'subscribe';
      readonly topic: string;
      readonly order: Order;
      readonly history: boolean;
      readonly at?: NodeId;
    }
  | {
      readonly name: 'unsubscribe';
      readonly topic: string;
      readonly order: Order;
      readonly at?: NodeId;
    }
  | { readonly name: 'list' }
  | { readonly name: 'stop' }
  | { readonly name: 'bench'; readonly options: BenchOptions };

/** What it answers, line by line. */
export type Said =
  | { readonly kind: 'published'; readonly message: string }
  | { readonly kind: 'subscribed'; readonly at: NodeId }
  | { readonly kind: 'message'; readonly message: DeliveredLine }
  | { readonly kind: 'members'; readonly members: readonly PubSubStatus[] }
  | { readonly kind: 'done' }
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'result'; readonly result: object }
  | { readonly kind: 'usage' | 'error'; readonly reason: string };

/** A message, as it is printed with `--json`. */
export interface DeliveredLine {
  readonly topic: string;
  readonly payload: unknown;
  readonly origin: NodeId;
  readonly sequence: number;
  readonly how: string;
}

/** Does what is asked; `subscribe` goes on until the caller goes. */
export async function serve(group: Served, asked: Asked, caller: Caller): Promise<void> {
  const say = (line: Said): void => caller.say(line);
  try {
    await act(group, asked, say, caller.gone);
  } catch (error) {
    if (error instanceof UsageError) say({ kind: 'usage', reason: error.message });
    else throw error;
  }
}

async function act(
  group: Served,
  asked: Asked,
  say: (line: Said) => void,
  gone: Promise<void>,
): Promise<void> {
  switch (asked.name) {
    case 'publish': {
      const { topic, payload, retain, at } = asked;
      const message = await group
        .tab(at)
        .evaluate(([to, what, keep]) => window.parleyPubSub.publish(to, what, keep), [
          topic,
          payload,
          retain,
        ] as const)
        .catch(plain);
      say({ kind: 'published', message });
      return;
    }
    case 'subscribe':
      await subscribe(group, asked, say, gone);
      return;
    case 'unsubscribe': {
      const { topic, order, at } = asked;
      await group
        .tab(at)
        .evaluate(([pattern, which]) => window.parleyPubSub.unsubscribe(pattern, which), [
          topic,
          order,
        ] as const)
        .catch(plain);
      say({ kind: 'done' });
      return;
    }
    case 'list': {
      const tabs = group.plan.members.map((id) => group.tab(id));
      const members = tabs.map((tab) => tab.evaluate(() => window.parleyPubSub.status()));
      say({ kind: 'members', members: await Promise.all(members) });
      return;
    }
    case 'bench':
      say({
        kind: 'result',
        result: await benchmark(group, asked.options, (text) => say({ kind: 'progress', text })),
      });
      return;
    case 'stop':
      say({ kind: 'done' });
  }
}

async function subscribe(
  group: Served,
  { topic, order, history, at }: Extract<Asked, { readonly name: 'subscribe' }>,
  say: (line: Said) => void,
  gone: Promise<void>,
): Promise<void> {
  const tab = group.tab(at);
  const reader = group.reader((message) =>
    say({ kind: 'message', message: message as DeliveredLine }),
  );
  try {
    await tab
      .evaluate(
        ([number, pattern, which, old]) =>
          window.parleyPubSub.subscribe(number, pattern, which, old),
        [reader.number, topic, order, history] as const,
      )
      .catch(plain);
    say({ kind: 'subscribed', at: at ?? group.plan.members[0]! });
    await gone;
  } finally {
    reader.close();
    await tab
      .evaluate((number) => window.parleyPubSub.stopReading(number), reader.number)
      // The browser may have ended meanwhile.
      .catch(() => undefined);
  }
}

/** What a tab said, without the words of the driver and its stack. */
function plain(error: unknown): never {
  const text = error instanceof Error ? error.message : String(error);
  const [first = text] = text.replace(/^page\.evaluate: (\w+: )?/, '').split('\n');
  throw new Error(first);
}
