/** Draws onto a canvas, sharp on the pixels of the screen, in the colours of the theme. */

import type { Look, Pen, TextLook } from './pen.ts';
import { ThemeValues } from './theme-values.ts';

/** The pen of one canvas. */
export class CanvasPen implements Pen {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #theme: ThemeValues;
  #look: Look | undefined;
  #isClipped = false;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d')!;
    this.#theme = new ThemeValues(canvas);
  }

  /** A clean sheet of so many CSS pixels. */
  begin(width: number, height: number): void {
    const ratio = devicePixelRatio;
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
    const canvas = this.#canvas;
    if (canvas.width !== across || canvas.height !== down) {
      canvas.width = across;
      canvas.height = down;
    }
    this.#look = undefined;
    this.#theme.refresh();
    const context = this.#context;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, across, down);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.lineJoin = 'round';
  }

  use(look: Look): void {
    if (look === this.#look) return;
    this.#draw();
    this.#look = look;
    this.#context.beginPath();
  }

  move(x: number, y: number): void {
    this.#context.moveTo(x, y);
  }

  line(x: number, y: number): void {
    this.#context.lineTo(x, y);
  }

  bend(aroundX: number, aroundY: number, x: number, y: number): void {
    this.#context.quadraticCurveTo(aroundX, aroundY, x, y);
  }

  circle(x: number, y: number, radius: number): void {
    this.#context.moveTo(x + radius, y);
    this.#context.arc(x, y, radius, 0, 2 * Math.PI);
  }

  close(): void {
    this.#context.closePath();
  }

  text(text: string, x: number, y: number, { fill, font, rim, alpha = 1 }: TextLook): void {
    this.end();
    const context = this.#context;
    context.font = this.#theme.font(font);
    context.globalAlpha = alpha;
    if (rim !== undefined) {
      context.strokeStyle = this.#theme.colour(rim);
      context.lineWidth = 6;
      context.strokeText(text, x, y);
    }
    context.fillStyle = this.#theme.colour(fill);
    context.fillText(text, x, y);
  }

  within(x: number, y: number, width: number, height: number): void {
    this.end();
    if (this.#isClipped) this.#context.restore();
    this.#context.save();
    this.#isClipped = true;
    this.#context.beginPath();
    this.#context.rect(x, y, width, height);
    this.#context.clip();
  }

  end(): void {
    this.#draw();
    this.#look = undefined;
  }

  /** All that was drawn is on the sheet. */
  finish(): void {
    this.end();
    if (this.#isClipped) this.#context.restore();
    this.#isClipped = false;
  }

  #draw(): void {
    if (this.#look === undefined) return;
    const { fill, stroke, width = 1, dash = [], alpha = 1, cap = 'butt' } = this.#look;
    const context = this.#context;
    context.globalAlpha = alpha;
    if (fill !== undefined) {
      context.fillStyle = this.#theme.colour(fill);
      context.fill();
    }
    if (stroke === undefined) return;
    context.strokeStyle = this.#theme.colour(stroke);
    context.lineWidth = width;
    context.lineCap = cap;
    context.setLineDash(dash as number[]);
    context.stroke();
  }
}
