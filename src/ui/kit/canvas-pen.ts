/**
 * Draws onto a canvas, sharp on the pixels of the screen, in the colours of the theme.
 *
 * What is opaque is drawn shape by shape. One path of many long shapes looks the same, and takes a browser without a graphics card four
 * times as long: it sweeps over all edges that lie beside one another. What one can look through stays one path, so that it is not
 * thicker where shapes of one look cross.
 */

import type { Look, Pen, TextLook } from './pen.ts';
import { ThemeValues } from './theme-values.ts';

const SOLID: readonly number[] = [];

/** The pen of one canvas. */
export class CanvasPen implements Pen {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #theme: ThemeValues;
  #look: Look | undefined;
  /** Each shape of the look is drawn for itself. */
  #isOpaque = false;
  /** Something of the look is still to be drawn. */
  #isBegun = false;
  #isClipped = false;

  /** @param theme where several pens share one */
  constructor(canvas: HTMLCanvasElement, theme: ThemeValues = new ThemeValues(canvas)) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d')!;
    this.#theme = theme;
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
    this.#take(look);
  }

  move(x: number, y: number): void {
    this.#begin();
    this.#context.moveTo(x, y);
  }

  line(x: number, y: number): void {
    this.#context.lineTo(x, y);
  }

  bend(aroundX: number, aroundY: number, x: number, y: number): void {
    this.#context.quadraticCurveTo(aroundX, aroundY, x, y);
  }

  circle(x: number, y: number, radius: number): void {
    this.#begin();
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

  /**
   * Puts a picture there as it is, pixel by pixel.
   *
   * @param left of the screen's pixels, whole ones
   * @param part of it alone, from left to right in its pixels, as wide as that on the screen
   */
  picture(
    picture: HTMLCanvasElement,
    left: number,
    alpha: number,
    part?: { readonly from: number; readonly to: number; readonly width: number },
  ): void {
    this.end();
    // A diagram that has no room at the moment has tiles of nothing, which a canvas refuses to draw.
    if (picture.width === 0 || picture.height === 0) return;
    const context = this.#context;
    const transform = context.getTransform();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalAlpha = alpha;
    const { width, height } = picture;
    const { from, to, width: across } = part ?? { from: 0, to: width, width };
    context.drawImage(picture, from, 0, to - from, height, left, 0, across, height);
    context.setTransform(transform);
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

  /** A shape begins: what was before it may be drawn by now. */
  #begin(): void {
    if (this.#isOpaque) this.#draw();
    this.#isBegun = true;
  }

  #draw(): void {
    if (this.#look === undefined || !this.#isBegun) return;
    const context = this.#context;
    if (this.#look.fill !== undefined) context.fill();
    if (this.#look.stroke !== undefined) context.stroke();
    context.beginPath();
    this.#isBegun = false;
  }

  #take({ fill, stroke, width = 1, dash = SOLID, alpha = 1, cap }: Look): void {
    const context = this.#context;
    this.#isOpaque = alpha === 1;
    this.#isBegun = false;
    context.beginPath();
    context.globalAlpha = alpha;
    if (fill !== undefined) context.fillStyle = this.#theme.colour(fill);
    if (stroke === undefined) return;
    context.strokeStyle = this.#theme.colour(stroke);
    context.lineWidth = width;
    context.lineCap = cap ?? 'butt';
    context.setLineDash(dash as number[]);
  }
}
