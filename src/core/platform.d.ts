/**
 * What core may use of the platform beyond ECMAScript: present in Node, pages and workers alike, and deterministic.
 *
 * core is compiled without the DOM library so that timers, clocks and the network do not even compile there; these few
 * harmless names are declared by hand. Where the DOM library is present, its own declarations merge with these.
 */

interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: any;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

interface AbortController {
  readonly signal: AbortSignal;
  abort(reason?: any): void;
}

declare var AbortController: { prototype: AbortController; new (): AbortController };
