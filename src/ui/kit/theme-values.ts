/** What the tokens of the theme come to at the moment: a canvas and a file know no custom properties. */

import { colours } from './theme.ts';

/** Nobody tells of another size of type: it is asked for so often, in milliseconds. */
const ASK_MS = 1000;

/** The values that an element sees; they are remembered until the theme changes. */
export class ThemeValues {
  readonly #element: HTMLElement;
  readonly #known = new Map<string, string>();
  #version = -1;
  #fontSize = '';
  #askedMs = -Infinity;

  /** @param element in whose place the tokens are asked for; it has neither a colour nor a font of its own */
  constructor(element: HTMLElement) {
    this.#element = element;
  }

  /** Forgets what another theme, or another size of type, has said. To be called once a picture. */
  refresh(): void {
    const nowMs = performance.now();
    const isOther = this.#version !== colours.version;
    // To ask for a style makes the browser work all of them out at once, in the middle of a frame.
    if (!isOther && nowMs - this.#askedMs < ASK_MS) return;
    const { fontSize } = getComputedStyle(document.documentElement);
    if (isOther || fontSize !== this.#fontSize) this.#known.clear();
    this.#version = colours.version;
    this.#fontSize = fontSize;
    this.#askedMs = nowMs;
  }

  /** A colour of CSS, which may be a token, as one that a canvas takes. */
  colour(css: string): string {
    return this.#resolve('color', css);
  }

  /** A value for `font`, likewise. */
  font(css: string): string {
    return this.#resolve('font', css);
  }

  #resolve(property: 'color' | 'font', css: string): string {
    let value = this.#known.get(css);
    if (value === undefined) {
      const { style } = this.#element;
      // Kinds keep their colours where the reader forces some: what they mean cannot be said otherwise on a canvas.
      style.setProperty('forced-color-adjust', 'none');
      style.setProperty(property, css);
      value = getComputedStyle(this.#element)[property];
      style.removeProperty(property);
      this.#known.set(css, value);
    }
    return value;
  }
}

/** A colour in the notation that every program reads: `#rrggbb`, with two digits more where it is not opaque. */
export function hexOf(colour: string): string {
  const context = new OffscreenCanvas(1, 1).getContext('2d')!;
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const { data } = context.getImageData(0, 0, 1, 1);
  const digits = [...data].map((part) => part.toString(16).padStart(2, '0'));
  return `#${digits.slice(0, data[3] === 255 ? 3 : 4).join('')}`;
}
