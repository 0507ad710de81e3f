/** How the lower part of the lab is laid out. */

import { css } from 'lit';

/** Styles of `<parley-views>`. */
export const viewsStyles = css`
  :host {
    position: relative;
  }

  .splitter {
    position: absolute;
    z-index: 3;
    inset: -6px 0 auto;
    height: 11px;
    cursor: row-resize;
    touch-action: none;
  }

  /* Its grip: a short line on the long one. */
  .splitter::after {
    content: '';
    position: absolute;
    top: 4px;
    left: 50%;
    width: 36px;
    height: 4px;
    margin-left: -18px;
    border-radius: 2px;
    background: var(--parley-line-2);
  }

  .splitter:hover::after,
  .splitter:focus-visible::after {
    background: var(--parley-accent);
  }

  .splitter:focus-visible {
    outline: none;
    box-shadow: inset 0 -5px 0 -3px var(--parley-accent);
  }

  @media (pointer: coarse) {
    .splitter {
      inset: -14px 0 auto;
      height: 24px;
    }

    .splitter::after {
      top: 12px;
    }
  }

  @media (forced-colors: active) {
    .splitter::after {
      background: ButtonText;
    }

    .splitter:focus-visible {
      outline: 2px solid Highlight;
    }
  }

  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 12px;
    align-items: center;
    padding: 6px 16px;
    border-bottom: 1px solid var(--parley-line);
  }

  parley-transport-bar {
    /* In a larger type the tabs have a line of their own, before anything within the bar is broken. */
    flex: 1 1 38rem;
  }

  .tabs {
    display: flex;
    gap: 2px;
  }

  .tabs button {
    color: var(--parley-ink-2);
  }

  .tabs button[aria-selected='true'] {
    background: var(--parley-sunken);
    color: var(--parley-ink);
    font-weight: 600;
  }

  .panel {
    height: clamp(150px, 25vh, 320px);
    overflow: hidden;
  }

  /* The panel cuts off what is beyond it. */
  .panel > :focus-visible {
    outline-offset: -2px;
  }

  .selected {
    height: 100%;
    padding: 12px 14px;
    overflow: auto;
  }

  .panel.narrow {
    height: 32vh;
    height: 32dvh;
  }

  .bar.narrow {
    padding: 6px 10px;
  }

  .narrow parley-transport-bar {
    flex-basis: 100%;
  }

  @media (max-width: 599px) {
    .tabs {
      flex: 1;
      justify-content: space-between;
      overflow-x: auto;
      scrollbar-width: none;
    }

    .tabs button {
      padding: 3px 6px;
    }
  }

  @media (max-height: 540px) {
    .panel,
    .panel.narrow {
      height: 240px;
    }
  }
`;
