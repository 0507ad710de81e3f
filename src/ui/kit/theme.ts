/** Which theme the page wears; remembered in this browser. */

import { MediaQuery } from './media.ts';
import type { Subscribable } from './subscription.ts';

/** auto follows the system. */
export type Theme = 'auto' | 'light' | 'dark' | 'projector';

/** Every theme, in the order of the menu, with its name there. */
export const THEMES: readonly (readonly [Theme, string])[] = [
  ['auto', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
  ['projector', 'Projector'],
];

const KEY = 'parley.theme';
const dark = new MediaQuery('(prefers-color-scheme: dark)');
const forced = new MediaQuery('(forced-colors: active)');
const listeners = new Set<() => void>();
let version = 0;
let isListening = false;

/** For what draws on a canvas, and has to draw anew in other colours. */
export const colours: Subscribable & { readonly name: string; readonly version: number } = {
  /** Changes whenever the colours do. */
  get name(): string {
    return `${document.documentElement.dataset['theme']} ${dark.matches} ${forced.matches}`;
  },
  /** Another number whenever somebody was told of a change: what one may ask with every picture. */
  get version(): number {
    return version;
  },
  subscribe(listener) {
    if (!isListening) for (const query of [dark, forced]) query.subscribe(tell);
    isListening = true;
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

function tell(): void {
  version++;
  for (const listener of listeners) listener();
}

/** The theme of the address (`?theme=dark`), or the remembered one. */
export function readTheme(): Theme {
  const wanted = new URLSearchParams(location.search).get('theme') ?? readStored();
  return THEMES.find(([theme]) => theme === wanted)?.[0] ?? 'auto';
}

/** Dresses the page. */
export function applyTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
  tell();
}

/** Dresses the page and remembers it. */
export function setTheme(theme: Theme): void {
  applyTheme(theme);
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Storage is forbidden here: the theme lasts as long as the page.
  }
}

function readStored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
