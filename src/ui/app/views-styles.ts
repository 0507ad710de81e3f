/** How the lower part of the lab is laid out. */

import { css } from 'lit';

/** Styles of `<parley-views>`. */
export const viewsStyles = css`
  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 12px;
    align-items: center;
    padding: 6px 16px;
    border-bottom: 1px solid var(--parley-line);
  }

  parley-transport-bar {
    flex: 1 1 640px;
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

  .empty {
    margin: 0;
    padding: 22px 16px;
    color: var(--parley-ink-2);
  }

  .selected {
    height: 100%;
    padding: 12px 14px;
    outline-offset: -2px;
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
