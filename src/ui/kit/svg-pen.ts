/** Draws into a text of SVG that needs nothing of the page. */

import type { Look, Pen, TextLook } from './pen.ts';
import { hexOf, type ThemeValues } from './theme-values.ts';

/** Writes the elements of a picture. */
export class SvgPen implements Pen {
  readonly #colour: (css: string) => string;
  readonly #font: (css: string) => string;
  readonly #elements: string[] = [];
  #look: Look | undefined;
  #path = '';
  #clips = 0;

  /** @param theme what colours and fonts are at the moment */
  constructor(theme: ThemeValues) {
    theme.refresh();
    const hex = new Map<string, string>();
    this.#colour = (css) => {
      let value = hex.get(css);
      if (value === undefined) hex.set(css, (value = hexOf(theme.colour(css))));
      return value;
    };
    this.#font = (css) => theme.font(css);
  }

  /** The colour behind the picture. */
  get ground(): string {
    return this.#colour('var(--parley-surface)');
  }

  /** What was drawn. */
  get elements(): string {
    this.end();
    return this.#elements.join('\n') + (this.#clips > 0 ? '</g>' : '');
  }

  use(look: Look): void {
    if (look === this.#look) return;
    this.#draw();
    this.#look = look;
  }

  move(x: number, y: number): void {
    this.#path += `M${tenth(x)} ${tenth(y)}`;
  }

  line(x: number, y: number): void {
    this.#path += `L${tenth(x)} ${tenth(y)}`;
  }

  bend(aroundX: number, aroundY: number, x: number, y: number): void {
    this.#path += `Q${tenth(aroundX)} ${tenth(aroundY)} ${tenth(x)} ${tenth(y)}`;
  }

  circle(x: number, y: number, radius: number): void {
    const half = `${radius} ${radius} 0 1 1`;
    this.#path += `M${tenth(x + radius)} ${tenth(y)}A${half} ${tenth(x - radius)} ${tenth(y)}A${half} ${tenth(x + radius)} ${tenth(y)}Z`;
  }

  close(): void {
    this.#path += 'Z';
  }

  text(text: string, x: number, y: number, { fill, font, rim, alpha = 1 }: TextLook): void {
    this.end();
    const behind =
      rim === undefined
        ? ''
        : ` paint-order="stroke" stroke="${this.#colour(rim)}" stroke-width="6" stroke-linejoin="round"`;
    this.#elements.push(
      `<text x="${tenth(x)}" y="${tenth(y)}" fill="${this.#colour(fill)}"${behind}${opacity(alpha)} style="${escaped(`font: ${this.#font(font)}`)}">${escaped(text)}</text>`,
    );
  }

  within(x: number, y: number, width: number, height: number): void {
    this.end();
    const id = `within-${this.#clips++}`;
    this.#elements.push(
      `${this.#clips > 1 ? '</g>' : ''}<clipPath id="${id}"><rect x="${tenth(x)}" y="${tenth(y)}" width="${tenth(width)}" height="${tenth(height)}"/></clipPath><g clip-path="url(#${id})">`,
    );
  }

  end(): void {
    this.#draw();
    this.#look = undefined;
  }

  #draw(): void {
    if (this.#look === undefined || this.#path === '') return;
    const { fill, stroke, width = 1, dash = [], alpha = 1, cap } = this.#look;
    const parts = [
      `d="${this.#path}"`,
      `fill="${fill === undefined ? 'none' : this.#colour(fill)}"`,
    ];
    if (stroke !== undefined) {
      parts.push(
        `stroke="${this.#colour(stroke)}" stroke-width="${width}" stroke-linejoin="round"`,
      );
      if (dash.length > 0) parts.push(`stroke-dasharray="${dash.join(' ')}"`);
      if (cap !== undefined) parts.push(`stroke-linecap="${cap}"`);
    }
    this.#elements.push(`<path ${parts.join(' ')}${opacity(alpha)}/>`);
    this.#path = '';
  }
}

/** A text inside of SVG, as content or as an attribute. */
export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (one) => ESCAPES[one]!);
}

const ESCAPES: { readonly [one: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

function opacity(alpha: number): string {
  return alpha === 1 ? '' : ` opacity="${alpha}"`;
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
