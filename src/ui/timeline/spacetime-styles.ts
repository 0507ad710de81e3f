/** How the space-time diagram is dressed. */

import { css } from 'lit';

/** Styles of `<parley-spacetime>`. */
export const spacetimeStyles = css`
  :host {
    position: relative;
    height: 100%;
    overflow: hidden;
  }

  .scroll {
    height: 100%;
    overflow: hidden auto;
  }

  svg {
    display: block;
    cursor: crosshair;
    touch-action: pan-y;
  }

  text {
    fill: var(--parley-ink-2);
    font-size: var(--parley-small);
    user-select: none;
  }

  .tick {
    stroke: var(--parley-line);
    stroke-dasharray: 1 4;
  }

  .time,
  .now {
    fill: var(--parley-ink-3);
    font: 0.6563rem var(--parley-mono);
  }

  .now {
    fill: var(--parley-accent);
    font-weight: 600;
    paint-order: stroke;
    stroke: var(--parley-surface);
    stroke-width: 6px;
  }

  .cursor {
    stroke: var(--parley-accent);
    stroke-width: 1.6;
    pointer-events: none;
  }

  .lane {
    stroke: var(--parley-line-2);
  }

  .label {
    fill: var(--parley-ink);
    font-weight: 600;
    cursor: pointer;
  }

  .label.selected {
    fill: var(--parley-accent);
  }

  .message,
  .mark {
    cursor: pointer;
  }

  .line,
  .target {
    fill: none;
    stroke-width: 1.3;
  }

  .target {
    stroke: transparent;
    stroke-width: 9;
  }

  .ghost {
    fill: none;
    stroke-width: 1.2;
    stroke-dasharray: 1 5;
    stroke-linecap: round;
    opacity: 0.6;
    pointer-events: none;
  }

  .arrival {
    fill: var(--parley-surface);
    stroke-width: 1.3;
  }

  .cross {
    fill: none;
    stroke: var(--parley-bad);
    stroke-width: 1.8;
  }

  .dim {
    opacity: 0.34;
  }

  .future {
    opacity: 0.22;
  }

  .lit .line {
    stroke-width: 1.9;
  }

  .message:hover .line {
    stroke-width: 2.4;
  }

  .message.selected {
    opacity: 1;
  }

  .message.selected .line {
    stroke-width: 3;
  }

  .mark path {
    fill: var(--parley-surface);
    stroke: var(--parley-ink-2);
    stroke-width: 1.5;
    stroke-linejoin: round;
  }

  .mark:hover path {
    fill: var(--parley-accent-soft);
  }

  .mark.violation path {
    stroke: var(--parley-bad);
    stroke-width: 2.4;
  }

  .mark.log path {
    fill: var(--parley-bad);
    stroke: none;
  }

  .tools {
    position: absolute;
    right: 10px;
    bottom: 6px;
    display: flex;
    gap: 4px;
    align-items: center;
    color: var(--parley-ink-2);
    font-size: var(--parley-small);
  }

  .tools span {
    padding: 2px 8px;
    border-radius: var(--parley-radius-small);
    background: var(--parley-surface);
  }

  .tools button {
    min-width: 1.75rem;
    min-height: 1.75rem;
    padding: 0;
    border: 1px solid var(--parley-line-2);
    background: var(--parley-surface);
  }
`;
