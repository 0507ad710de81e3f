/** How the room is dressed. */

import { css } from 'lit';

/** Styles of `<parley-room>`. */
export const roomStyles = css`
  h2:not(:first-child) {
    margin-top: 14px;
  }

  .ways {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 112px;
    gap: 12px;
    align-items: start;
  }

  .code {
    margin: 0 0 8px;
    color: var(--parley-ink);
    font: 700 1.9rem/1 var(--parley-mono);
    letter-spacing: 0.06em;
    overflow-wrap: anywhere;
  }

  p {
    margin: 6px 0;
    color: var(--parley-ink-2);
    font-size: var(--parley-small);
    overflow-wrap: anywhere;
    text-wrap: pretty;
  }

  p.bad {
    color: var(--parley-bad);
  }

  .notice {
    display: flex;
    gap: 8px;
    align-items: baseline;
    justify-content: space-between;
  }

  button.small {
    min-height: 1.6rem;
    padding: 0 8px;
  }

  .back {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin: 8px 0;
  }

  .start {
    width: 100%;
    margin-top: 12px;
  }
`;
