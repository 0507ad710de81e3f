/** How the space-time diagram is dressed. */

import { css } from 'lit';

/** Styles of `<parley-spacetime>`. */
export const spacetimeStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    height: 100%;
    overflow: hidden;
  }

  .lanes {
    position: relative;
    flex: 1;
    min-height: 0;
  }

  .scroll {
    height: 100%;
    overflow: hidden auto;
  }

  canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    pointer-events: none;
  }

  .sheet {
    cursor: crosshair;
    touch-action: pan-y;
  }

  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
    align-items: center;
    justify-content: flex-end;
    padding: 2px 10px 5px;
    color: var(--parley-ink-2);
    font-size: var(--parley-small);
  }

  .tools span {
    padding: 2px 8px;
  }

  .key {
    margin-right: auto;
  }

  .key i {
    display: inline-block;
    width: 20px;
    margin: 0 4px 3px 6px;
    border-top: 3px solid var(--parley-accent);
    vertical-align: middle;
  }

  .key .future {
    border-top-style: dashed;
  }

  .tools input {
    width: 6.5rem;
    min-height: 1.75rem;
    padding: 0 8px;
    border: 1px solid var(--parley-edge);
    border-radius: var(--parley-radius-small);
    background: var(--parley-surface);
    color: inherit;
    font: inherit;
  }

  @media (max-width: 599px) {
    .tools {
      gap: 3px;
      padding: 2px 6px 4px;
    }

    .tools input {
      width: 4.6rem;
    }
  }

  .tools button {
    min-width: 1.75rem;
    min-height: 1.75rem;
    padding: 0 7px;
    border: 1px solid var(--parley-line-2);
    background: var(--parley-surface);
    font-size: inherit;
  }

  .tools button[aria-pressed='true'] {
    border-color: var(--parley-accent);
    background: var(--parley-accent-soft);
    color: var(--parley-accent);
  }

  @media (max-width: 339px) {
    .tools input {
      width: 3.6rem;
    }

    .tools button {
      padding: 0 4px;
    }
  }
`;
