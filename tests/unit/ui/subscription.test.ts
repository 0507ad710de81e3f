/** Who is redrawn when something changes, and who need not be. */

import type { ReactiveController } from 'lit';
import { expect, test } from 'vitest';
import { Subscription, type Subscribable } from '../../../src/ui/kit/subscription.ts';

class Source implements Subscribable {
  shown = 0;
  readonly listeners = new Set<() => void>();

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(): void {
    for (const listener of this.listeners) listener();
  }
}

/** An element that is updated when the test says so. */
class Host {
  asked = 0;
  readonly updateComplete = Promise.resolve(true);
  #controller: ReactiveController | undefined;

  addController(controller: ReactiveController): void {
    this.#controller = controller;
    controller.hostConnected?.();
  }

  removeController(): void {}

  requestUpdate(): void {
    this.asked++;
  }

  /** Updates; returns how often that was asked for since the last time. */
  update(): number {
    const { asked } = this;
    this.#controller!.hostUpdate?.();
    this.#controller!.hostUpdated?.();
    this.asked = 0;
    return asked;
  }

  leave(): void {
    this.#controller!.hostDisconnected?.();
  }
}

test('a host is redrawn with each change, or only with those that it shows', () => {
  const source = new Source();
  const [each, some] = [new Host(), new Host()];
  new Subscription(each, () => source);
  new Subscription(
    some,
    () => source,
    () => [source.shown],
  );
  for (const host of [each, some]) host.update();
  source.tell();
  expect([each.update(), some.update()]).toEqual([1, 0]);
  source.shown = 1;
  source.tell();
  expect([each.update(), some.update()]).toEqual([1, 1]);
  // What was shown is what counts, not what was told last.
  source.tell();
  expect([each.update(), some.update()]).toEqual([1, 0]);
});

test('another source takes the place of the one before, and who leaves hears nothing', () => {
  const [first, second] = [new Source(), new Source()];
  let current = first;
  const host = new Host();
  new Subscription(host, () => current);
  host.update();
  current = second;
  host.update();
  expect([first.listeners.size, second.listeners.size]).toEqual([0, 1]);
  host.leave();
  expect(second.listeners.size).toBe(0);
});
