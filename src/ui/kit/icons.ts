/** The icons, drawn here: no font, no download. Decorative; the control that bears one says what it does. */

import { svg, html, type TemplateResult } from 'lit';

function icon(size: number, path: string): TemplateResult {
  return html`<svg
    width=${size}
    height=${size}
    viewBox="0 0 14 14"
    fill="currentColor"
    aria-hidden="true"
  >
    ${svg`<path d=${path} />`}
  </svg>`;
}

function lineIcon(size: number, paths: string): TemplateResult {
  return html`<svg
    width=${size}
    height=${size}
    viewBox="0 0 14 14"
    fill="none"
    stroke="currentColor"
    stroke-width="1.4"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    ${svg`<path d=${paths} />`}
  </svg>`;
}

/** The mark of Parley. */
export const mark = html`<svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
  <g fill="none" stroke="currentColor" stroke-width="1.6">
    <circle cx="10" cy="4" r="2.4" />
    <circle cx="4" cy="15" r="2.4" />
    <circle cx="16" cy="15" r="2.4" />
    <path d="M8.8 6.1 5.2 12.9M11.2 6.1l3.6 6.8M6.5 15h7" />
  </g>
</svg>`;

export const playIcon = icon(14, 'M4 2v10l7-5z');
export const pauseIcon = icon(14, 'M3 2h3v10H3zM8 2h3v10H8z');
export const stopIcon = icon(14, 'M3 3h8v8H3z');
export const startIcon = icon(14, 'M2 2h2v10H2zM12 2v10L5 7z');
export const endIcon = icon(14, 'M10 2h2v10h-2zM2 2v10l7-5z');
export const backIcon = icon(14, 'M11 2v10L6 7zM3 2h1.6v10H3z');
export const stepIcon = icon(14, 'M3 2v10l5-5zM9.4 2H11v10H9.4z');
export const liveIcon = icon(14, 'M7 4a3 3 0 1 0 0 6 3 3 0 0 0 0-6z');
export const closeIcon = lineIcon(14, 'M3 3l8 8M11 3l-8 8');
export const diceIcon = lineIcon(14, 'M2.5 2.5h9v9h-9zM5 5h.01M9 9h.01M7 7h.01M9 5h.01M5 9h.01');
export const undoIcon = lineIcon(14, 'M5 3 2.5 5.5 5 8M2.5 5.5H8a3 3 0 0 1 0 6H5');
export const copyIcon = lineIcon(14, 'M5 5h6.5v6.5H5zM9 5V2.5H2.5V9H5');
export const configIcon = lineIcon(14, 'M2 4h10M2 10h10M5 2.4v3.2M9 8.4v3.2');
export const themeIcon = lineIcon(
  14,
  'M7 2a5 5 0 1 0 0 10A5 5 0 0 0 7 2zM7 2v10M7 5l4-1.6M7 8l4.8-1',
);
export const roomIcon = lineIcon(14, 'M2 12V2h7v10M2 12h10M9 4h3v8M6.5 7h.01');
