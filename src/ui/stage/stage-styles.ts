/** How the topology is dressed. */

import { css } from 'lit';

/** Styles of `<parley-stage>`. */
export const stageStyles = css`
  :host {
    position: relative;
    display: flex;
    flex-direction: column;
    min-height: 0;
    overflow: hidden;
  }

  .canvas {
    position: relative;
    container-type: size;
    flex: 1;
    min-height: 0;
  }

  svg,
  canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
  }

  .ground,
  canvas {
    pointer-events: none;
  }

  .figures.reaching {
    cursor: pointer;
  }

  svg.cuttable {
    cursor: crosshair;
    touch-action: none;
  }

  .cut path {
    fill: none;
    stroke: var(--parley-bad);
    stroke-width: 3;
    stroke-dasharray: 7 5;
    stroke-linecap: round;
    pointer-events: none;
  }

  .cut .way {
    fill: var(--parley-bad);
    stroke: none;
  }

  .seam {
    cursor: pointer;
    outline: none;
  }

  .seam .rub {
    fill: none;
    stroke: transparent;
    stroke-width: 22;
  }

  .seam .stroke {
    fill: none;
    stroke: var(--parley-bad);
    stroke-width: 2.4;
    stroke-dasharray: 7 5;
    stroke-linecap: round;
  }

  .seam .knot {
    stroke-dasharray: none;
  }

  .seam .way {
    fill: var(--parley-bad);
  }

  .seam:hover .stroke,
  .seam:focus-visible .stroke {
    stroke-width: 5;
  }

  .grabbed {
    pointer-events: none;
  }

  .grabbed circle {
    fill: var(--parley-accent-soft);
    stroke: var(--parley-accent);
  }

  text {
    fill: var(--parley-ink);
    text-anchor: middle;
  }

  .link {
    stroke: var(--parley-line-2);
    stroke-width: 1.2;
  }

  .head {
    fill: var(--parley-edge);
  }

  .node,
  .flight {
    cursor: pointer;
    outline: none;
  }

  .body {
    fill: var(--parley-surface);
  }

  .level {
    opacity: 0.28;
    pointer-events: none;
  }

  .level ~ .badge {
    fill: var(--parley-ink-2);
  }

  .ring,
  .inner,
  .halo {
    fill: none;
  }

  .node.current .body {
    fill: var(--parley-accent-soft);
  }

  .node.faded .body,
  .node.faded .ring,
  .node.faded .id {
    opacity: 0.55;
  }

  .halo {
    stroke: transparent;
    stroke-width: 2;
  }

  .node.selected .halo {
    stroke: var(--parley-accent);
  }

  .node:focus-visible .halo {
    stroke: var(--parley-accent);
    stroke-width: 4;
  }

  .node:hover .halo {
    stroke: var(--parley-line-2);
  }

  .node.selected:hover .halo {
    stroke: var(--parley-accent);
  }

  .id {
    font-weight: 650;
  }

  .badge {
    fill: var(--parley-ink-3);
    font: 0.6563rem var(--parley-mono);
  }

  /* A narrow outline gives way to what stands across it. */
  .badge:not(.words) {
    paint-order: stroke;
    stroke: var(--parley-surface);
    stroke-width: 3px;
    stroke-linejoin: round;
  }

  .node.current .badge:not(.words) {
    stroke: var(--parley-accent-soft);
  }

  .words {
    fill: var(--parley-ink-2);
    font-size: var(--parley-small);
    paint-order: stroke;
    stroke: var(--parley-paper);
    stroke-width: 4px;
    stroke-linejoin: round;
  }

  /* Where nodes stand close, a second line would lie on the next of them; the inspector has it. */
  @container (max-height: 21rem) {
    .node:not(.selected) .words.badge {
      display: none;
    }
  }

  @container (max-height: 10rem) {
    .node:not(.selected) .words {
      display: none;
    }
  }

  .sign circle {
    stroke: var(--parley-surface);
    stroke-width: 2;
  }

  .sign text {
    fill: var(--parley-surface);
    font-size: 10px;
    font-weight: 700;
  }

  .target {
    fill: none;
    stroke: transparent;
  }

  .flight {
    pointer-events: none;
  }

  .flight:focus-visible .target {
    stroke: var(--parley-accent);
    stroke-width: 3;
  }

  .now {
    align-self: start;
    /* Whoever puts something beside it says how wide that is. */
    max-width: calc(100% - 28px - var(--stage-tools, 0px));
    margin: 12px 14px -10px;
    padding: 5px 11px;
    border: 1px solid var(--parley-line);
    border-radius: 9px;
    background: var(--parley-surface);
    color: var(--parley-ink-2);
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .more {
    position: absolute;
    right: 14px;
    bottom: 10px;
    margin: 0;
    color: var(--parley-ink-2);
    font-size: var(--parley-small);
    pointer-events: none;
  }

  /* Most runs are there before anybody has read that they are awaited. */
  .anew {
    display: flex;
    gap: 10px;
    align-items: center;
    padding-right: 5px;
    animation: come 1ms 300ms both;
  }

  .anew button {
    min-height: 1.5rem;
    padding: 0 8px;
    font-size: var(--parley-small);
  }

  .anew progress {
    width: 90px;
    accent-color: var(--parley-accent);
  }

  @keyframes come {
    from {
      visibility: hidden;
    }
  }

  @media (max-width: 899px) {
    .now {
      margin: 0;
      padding: 6px 14px;
      border: 0;
      background: none;
    }
  }
`;
