/** Figures of the page as a text of SVG that needs nothing of the page: what styles say of them is written at each. */

import { escaped } from './svg-pen.ts';
import { hexOf } from './theme-values.ts';

/** What says where a figure is. */
const GEOMETRY = ['d', 'r', 'cx', 'cy', 'x', 'y', 'dx', 'dy', 'width', 'height', 'transform'];
/** Figures that are copied; others are there for hands and screen readers. */
const FIGURES = new Set(['g', 'path', 'circle', 'rect', 'line', 'text']);
const STROKES = ['stroke-width', 'stroke-dasharray', 'stroke-linecap', 'stroke-linejoin'] as const;
const FONTS = ['font-family', 'font-size', 'font-weight', 'text-anchor', 'paint-order'] as const;
/** What SVG takes for granted. */
const USUAL = new Set(['none', 'normal', 'butt', 'miter']);

/** The figures within an element, as they look at the moment. */
export function copyOf(parent: Element): string {
  return Array.from(parent.children, copyFigure).filter(Boolean).join('\n');
}

function copyFigure(figure: Element): string {
  const name = figure.localName;
  if (!FIGURES.has(name)) return '';
  const style = getComputedStyle(figure);
  if (style.display === 'none' || style.visibility === 'hidden') return '';
  const attributes = GEOMETRY.flatMap((key) => {
    const value = figure.getAttribute(key);
    return value === null ? [] : [[key, value] as const];
  });
  if (style.opacity !== '1') attributes.push(['opacity', style.opacity]);
  if (name === 'g') {
    const inner = copyOf(figure);
    return inner === '' ? '' : `<g${written(attributes)}>${inner}</g>`;
  }
  const [fill, stroke] = [paintOf(style.fill), paintOf(style.stroke)];
  if (fill === 'none' && stroke === 'none') return '';
  attributes.push(['fill', fill], ...strokeOf(style, stroke));
  if (name !== 'text') return `<${name}${written(attributes)}/>`;
  const fonts = FONTS.map((key) => [key, style.getPropertyValue(key)] as const);
  const text = escaped(figure.textContent.trim());
  return text === '' ? '' : `<text${written([...attributes, ...fonts])}>${text}</text>`;
}

function strokeOf(style: CSSStyleDeclaration, stroke: string): (readonly [string, string])[] {
  if (stroke === 'none') return [];
  const looks = STROKES.map((key) => [key, style.getPropertyValue(key)] as const);
  return [['stroke', stroke], ...looks.filter(([, value]) => !USUAL.has(value))];
}

/** A colour that every program reads; `none` for what is not seen. */
function paintOf(paint: string): string {
  if (paint === '' || paint === 'none') return 'none';
  const hex = hexOf(paint);
  return hex.length === 9 && hex.endsWith('00') ? 'none' : hex;
}

function written(attributes: readonly (readonly [string, string])[]): string {
  return attributes.map(([key, value]) => ` ${key}="${escaped(value)}"`).join('');
}
